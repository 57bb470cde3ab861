// Placement as one would write it down in an afternoon: every task looks at every instance. What the indexed engine must answer, seat for seat.
import type {PlacementRequest, PlacementStrategy} from '../../src/model/placement.js'
import {needOf} from '../../src/model/task-definition.js'
import {type Demand, INSTANCE_QUESTIONS, isFit} from '../../src/placement/checks.js'
import {constraintsOf} from '../../src/placement/constraints.js'
import {failuresThatCount} from '../../src/placement/failures.js'
import {type Candidate, type Fleet, withTasks} from '../../src/placement/fleet.js'
import {Race} from '../../src/placement/race.js'
import {bucketAttribute, bucketOf, strategiesOf} from '../../src/placement/strategies.js'

/** The names of the instances that take the tasks of the request, in turn. */
export function naiveSeats(request: PlacementRequest, fleet: Fleet): readonly string[] {
  const demand: Demand = {...request, need: needOf(request.document)}
  const questions = [...INSTANCE_QUESTIONS, ...constraintsOf(request.constraints).questions]
  const seats: string[] = []
  let candidates: readonly Candidate[] = fleet.candidates
  while (seats.length < request.count) {
    let finalists = candidates.filter((candidate) => isFit(questions, demand, candidate))
    const failures = finalists.map((candidate) => Math.sign(failuresThatCount(request, candidate)))
    finalists = finalists.filter((_, index) => failures[index] === Math.min(...failures))
    const before: PlacementStrategy[] = []
    for (const strategy of strategiesOf(request)) {
      const scores = finalists.map((candidate) => scoreOf(strategy, before, candidate, candidates, request, seats))
      finalists = finalists.filter((_, index) => scores[index] === Math.min(...scores))
      before.push(strategy)
    }
    const [best] = finalists
    if (!best) break
    seats.push(best.instance.name)
    candidates = candidates.map((one) =>
      one === best ? withTasks(one, demand.need, request.group, 'held by another task of this request') : one,
    )
  }
  return seats
}

function scoreOf(
  strategy: PlacementStrategy,
  before: readonly PlacementStrategy[],
  candidate: Candidate,
  candidates: readonly Candidate[],
  {group, seed}: PlacementRequest,
  seats: readonly string[],
): number {
  const attribute = bucketAttribute(strategy)
  if (attribute !== undefined) {
    // Spreads that come first are nested: each counts within the buckets of those before it.
    const firstScore = before.findIndex((one) => bucketAttribute(one) === undefined)
    const nested = before.slice(0, firstScore < 0 ? before.length : firstScore).flatMap((one) => bucketAttribute(one) ?? [])
    const isBeside = (one: Candidate) => [...nested, attribute].every((name) => bucketOf(one, name) === bucketOf(candidate, name))
    return candidates.filter(isBeside).reduce((sum, {tasksInGroup}) => sum + (tasksInGroup.get(group) ?? 0), 0)
  }
  if (strategy.type === 'binpack') return strategy.field === 'cpu' ? candidate.remaining.cpuUnits : candidate.remaining.memoryMiB
  if (strategy.type === 'spread') return candidate.tasksInGroup.get(group) ?? 0
  const race = new Race(seed, candidates.length)
  const place = candidates.indexOf(candidate)
  const taken = seats.filter((name) => name === candidate.instance.name).length
  return Array.from({length: taken}).reduce<number>((at, _, strike) => at + race.pause(place, strike + 1), race.firstStrike(place))
}
