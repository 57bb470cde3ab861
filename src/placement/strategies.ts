// Which of the instances that fit is best. Strategies are preferences in turn: each decides only where those before it found a tie, and names decide last.
// Without a strategy ECS runs standalone tasks wherever chance falls (developer guide, "Task placement strategies", read 2026-11-23).
import {InvalidInputError} from '../errors.js'
import type {PlacementRequest} from '../model/placement.js'
import type {Candidate} from './fleet.js'
import {hashText, rank} from './rank.js'

/** What a candidate scores for the `index`-th task of a request: the lowest is preferred. Candidates are given as they stand after the tasks before. */
export type Preference = (candidate: Candidate, index: number) => number

/** The preferences of a request, the weightiest first. Throws `UnsupportedFeatureException` when the request names a strategy. */
export function preferencesOf(request: Pick<PlacementRequest, 'seed' | 'strategies'>): readonly Preference[] {
  const [strategy] = request.strategies
  if (strategy)
    throw new InvalidInputError(
      'UnsupportedFeatureException',
      `Placement strategy ${strategy.type} is not supported by this version of Berth.`,
      {suggestions: ['berth task run FAMILY']},
    )
  return [byChance(request.seed)]
}

/** The preferred one of `candidates`, which stand in order of their names; the first of equals. `undefined` when there is none. */
export function preferred(candidates: readonly Candidate[], preferences: readonly Preference[], index: number): Candidate | undefined {
  let finalists = candidates
  for (const preference of preferences) {
    if (finalists.length < 2) break
    finalists = lowest(finalists, (candidate) => preference(candidate, index))
  }
  return finalists[0]
}

function byChance(seed: string): Preference {
  const hashes = new Map<string, number>()
  return ({instance: {id}}, index) => {
    const hash = hashes.get(id) ?? hashText(`${seed}/${id}`)
    hashes.set(id, hash)
    return rank(hash, index)
  }
}

function lowest(candidates: readonly Candidate[], score: (candidate: Candidate) => number): readonly Candidate[] {
  let best = Number.POSITIVE_INFINITY
  let equals: Candidate[] = []
  for (const candidate of candidates) {
    const scored = score(candidate)
    if (scored < best) {
      best = scored
      equals = [candidate]
    } else if (scored === best) equals.push(candidate)
  }
  return equals
}
