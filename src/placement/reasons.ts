// Why an instance cannot take a task.
import type {Reason} from '../model/placement.js'
import {checksOf, type Demand, type Question} from './checks.js'
import type {Candidate} from './fleet.js'

/** A reason for each kind of thing that lacks, not the first only, in the order of the questions; empty when it fits. */
export function reasonsAgainst(questions: readonly Question[], demand: Demand, candidate: Candidate): readonly Reason[] {
  const {id, name} = candidate.instance
  const said = new Map<string, string[]>()
  for (const check of checksOf(questions, demand, candidate))
    if (!check.isMet) said.set(check.code, [...(said.get(check.code) ?? []), check.said])
  return [...said].map(([code, phrases]) => ({instanceId: id, instance: name, code, said: phrases.join(', ')}))
}
