// Seats for the tasks of one request, in one pass: questions say where a task may go, strategies say which of these is best. Tasks of a request are alike, so
// one more can only take away: who does not fit once is out, and how many more an instance takes is known from its resources.
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest, Refusal, Seat} from '../model/placement.js'
import type {Need} from '../model/resources.js'
import {needOf} from '../model/task-definition.js'
import {type Demand, INSTANCE_QUESTIONS, isFit, type Question} from './checks.js'
import {type Constraints, constraintsOf} from './constraints.js'
import {failuresThatCount} from './failures.js'
import {type Candidate, type Fleet, withTasks} from './fleet.js'
import {type Contender, type Pool, poolOf, type Step, stepsOf} from './pools.js'
import {reasonsAgainst} from './reasons.js'
import {scoreOf, strategiesOf} from './strategies.js'

export interface Placement {
  /** In the order of their indexes. */
  readonly placed: readonly Seat[]
  /** In the order of their indexes, after all that were placed: tasks of one request are alike, so where one finds no seat none after it does. */
  readonly refused: readonly Refusal[]
  /** What is left after the placed ones. */
  readonly fleet: Fleet
}

/** Who holds the ports of a task that the same request placed. */
export const HOLDER = 'held by another task of this request'

/**
 * A seat or a refusal for each task of the request; every seat is subtracted before the next one is sought. Best effort: what fits is placed, whatever else
 * is refused. Of equals the first by name is taken. Throws ECS's `InvalidParameterException` for constraints and strategies that are none.
 */
export function place(request: PlacementRequest, fleet: Fleet): Placement {
  const demand: Demand = {...request, need: needOf(request.document)}
  const constraints = constraintsOf(request.constraints)
  const questions = [...INSTANCE_QUESTIONS, ...constraints.questions]
  const steps = stepsOf(strategiesOf(request), (strategy) => scoreOf(strategy, demand.need, request, fleet.candidates.length))
  const {placed, taken} = seat(request, {constraints, demand, questions, steps}, fleet)
  const candidates =
    taken.size === 0 ? fleet.candidates : fleet.candidates.map((one) => afterTaking(one, taken.get(one.instance.id), demand))
  return {placed, refused: refuse(request.count, placed.length, questions, demand, candidates), fleet: {candidates}}
}

/** How a request is asked and ranked. */
interface Terms {
  readonly constraints: Constraints
  readonly demand: Demand
  readonly questions: readonly Question[]
  readonly steps: readonly Step[]
}

interface Seating {
  readonly placed: readonly Seat[]
  /** How many tasks each candidate took that took any. */
  readonly taken: ReadonlyMap<InstanceId, number>
}

function seat(request: PlacementRequest, terms: Terms, {candidates}: Fleet): Seating {
  const {demand, steps} = terms
  const taken = new Map<InstanceId, number>()
  const placed: Seat[] = []
  if (request.count === 0) return {placed, taken}
  const pools = poolsInTurn(candidates, request, terms, taken)
  let pool = pools.next().value
  for (let index = 0; index < request.count; index += 1) {
    while (pool && !pool.best) pool = pools.next().value
    const best = pool?.best
    if (!pool || !best) break
    const {id} = best.candidate.instance
    const begin = best.taken * demand.need.gpuCount
    placed.push({index, instanceId: id, gpuIds: best.candidate.remaining.gpuIds.slice(begin, begin + demand.need.gpuCount)})
    best.taken += 1
    best.isFull = isFull(best, terms)
    for (const [at, {score}] of steps.entries()) if (score) best.scores[at] = score.next(best.scores[at] ?? 0, best.taken, best.place)
    pool.bestHasTaken()
    taken.set(id, best.taken)
  }
  return {placed, taken}
}

/**
 * Those where the revision has just failed again and again are a pool of their own, which is made when the first is empty: its buckets count what the first
 * has `taken`.
 */
function* poolsInTurn(
  candidates: readonly Candidate[],
  request: PlacementRequest,
  {demand, questions, steps}: Terms,
  taken: ReadonlyMap<InstanceId, number>,
): Generator<Pool, undefined> {
  const contenders = candidates.flatMap((candidate, place): Contender | readonly [] =>
    isFit(questions, demand, candidate)
      ? {candidate, place, scores: steps.map(({score}) => score?.first(candidate, place) ?? 0), taken: 0, isFull: false}
      : [],
  )
  const everywhere = () =>
    candidates.map((candidate) => ({
      candidate,
      count: (candidate.tasksInGroup.get(request.group) ?? 0) + (taken.get(candidate.instance.id) ?? 0),
    }))
  const last = new Set(contenders.filter(({candidate}) => failuresThatCount(request, candidate) > 0))
  yield poolOf(last.size === 0 ? contenders : contenders.filter((contender) => !last.has(contender)), everywhere(), steps)
  if (last.size > 0) yield poolOf([...last], everywhere(), steps)
}

/** Can it take no more task of the request? */
function isFull(contender: Contender, {constraints, demand, questions}: Terms): boolean {
  const {candidate, taken} = contender
  const {need} = demand
  if (constraints.isDistinct || need.tcpPorts.length > 0 || need.udpPorts.length > 0) return true
  if (constraints.readsGroups) return !isFit(questions, demand, afterTaking(candidate, taken, demand))
  return !hasRoom(need, candidate, taken + 1)
}

function hasRoom({cpuUnits, gpuCount, memoryMiB}: Need, {remaining}: Candidate, count: number): boolean {
  return (
    (cpuUnits === 0 || cpuUnits * count <= remaining.cpuUnits) &&
    (memoryMiB === 0 || memoryMiB * count <= remaining.memoryMiB) &&
    gpuCount * count <= remaining.gpuIds.length
  )
}

function afterTaking(candidate: Candidate, count: number | undefined, {group, need}: Demand): Candidate {
  return count === undefined || count === 0 ? candidate : withTasks(candidate, need, group, HOLDER, count)
}

/** All the refusals of a request are of one fleet, so they share one list of reasons. */
function refuse(
  count: number,
  placedCount: number,
  questions: readonly Question[],
  demand: Demand,
  candidates: readonly Candidate[],
): readonly Refusal[] {
  if (placedCount >= count) return []
  const reasons = candidates.flatMap((candidate) => reasonsAgainst(questions, demand, candidate))
  return Array.from({length: count - placedCount}, (_, after) => ({index: placedCount + after, reasons}))
}
