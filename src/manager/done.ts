// What every change answers: the plan alone after a dry run, else what came of it.
import type {KnownError} from '../errors.js'
import type {Plan} from '../model/plan.js'
import type {Settled} from './settle.js'

export type Done<T> = {readonly dryRun: true; readonly plan: Plan} | {readonly dryRun: false; readonly plan: Plan; readonly value: T}

/** The change as a command shows it. `value` is asked for only when something was meant to be done. Throws the first failure among the outcomes. */
export function done<T>(settled: Settled, dryRun: boolean, value: () => T): Done<T> {
  if (dryRun) return {dryRun, plan: settled.plan}
  const failure = firstFailure(settled)
  if (failure) throw failure
  return {dryRun, plan: settled.plan, value: value()}
}

/** The error of the first action, in the order of the plan, that was not done. */
function firstFailure(settled: Settled): KnownError | undefined {
  return settled.outcomes.find((outcome) => outcome.error)?.error
}
