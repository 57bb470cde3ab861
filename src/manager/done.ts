// What every change answers: the plan alone after a dry run, else what came of it.
import type {ErrorDetails, KnownError} from '../errors.js'
import type {Explanation} from '../model/explanation.js'
import type {Plan} from '../model/plan.js'
import type {Outcome} from './work.js'
import type {Settled} from './settled.js'

export type Done<T> =
  | {readonly dryRun: true; readonly plan: Plan; readonly explanation?: Explanation}
  | {readonly dryRun: false; readonly plan: Plan; readonly value: T}

/** The change as a command shows it. `value` is asked for only when something was meant to be done. Throws what was not done, of all the actions. */
export function done<T>(settled: Settled, dryRun: boolean, value: () => T): Done<T> {
  if (dryRun) return {dryRun, plan: settled.plan}
  const failure = failureOf(settled.outcomes)
  if (failure) throw failure
  return {dryRun, plan: settled.plan, value: value()}
}

/**
 * What was not done: one failure as it is; several as the first one's code and family, with a line for each of the others and the number of
 * actions that were done all the same. An action that was not begun because of another's failure counts once, with that failure.
 */
export function failureOf(outcomes: readonly Outcome[]): KnownError | undefined {
  const [first, ...others] = [...new Set(outcomes.flatMap(({error}) => error ?? []))]
  if (!first || others.length === 0) return first
  const doneCount = outcomes.filter(({error}) => !error).length
  const message = [first.message, ...others.map((error) => error.message), `${doneCount} of ${outcomes.length} actions were done.`].join(
    '\n',
  )
  const Family = first.constructor as new (code: string, message: string, details: ErrorDetails) => KnownError
  return new Family(first.code, message, {
    cause: first,
    suggestions: [...new Set([first, ...others].flatMap((error) => error.suggestions))],
    ...(first.result === undefined ? {} : {result: first.result}),
  })
}
