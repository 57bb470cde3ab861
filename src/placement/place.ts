// Seats for the tasks of one request, in one pass: filters say where a task may go, strategies say which of these is best.
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest, Reason, Refusal, Seat} from '../model/placement.js'
import {needOf} from '../model/task-definition.js'
import {constraintFilters} from './constraints.js'
import {type Demand, INSTANCE_FILTERS, reasonsAgainst} from './filters.js'
import {type Candidate, type Fleet, withTask} from './fleet.js'
import {preferencesOf, preferred} from './strategies.js'

export interface Placement {
  /** In the order of their indexes. */
  readonly placed: readonly Seat[]
  /** In the order of their indexes, after all that were placed: tasks of one request are alike, so where one finds no seat none after it does. */
  readonly refused: readonly Refusal[]
  /** What is left after the placed ones. */
  readonly fleet: Fleet
}

/**
 * A seat or a refusal for each task of the request; every seat is subtracted before the next one is sought. Best effort: what fits is placed, whatever else
 * is refused. Throws `UnsupportedFeatureException` for a strategy or a memberOf constraint.
 */
export function place(request: PlacementRequest, fleet: Fleet): Placement {
  const demand: Demand = {...request, need: needOf(request.document)}
  const filters = [...INSTANCE_FILTERS, ...constraintFilters(request.constraints)]
  const judge: Judge = (candidate) => reasonsAgainst(filters, demand, candidate)
  const {changed, placed} = seat(request, demand, judge, fleet)
  const candidates = fleet.candidates.map((candidate) => changed.get(candidate.instance.id) ?? candidate)
  return {placed, refused: refuse(request.count, placed.length, judge, candidates), fleet: {candidates}}
}

/** Every reason against one more task of the request on a candidate. */
type Judge = (candidate: Candidate) => readonly Reason[]

interface Seating {
  readonly placed: readonly Seat[]
  /** The candidates that took a task, as they stand now. */
  readonly changed: ReadonlyMap<InstanceId, Candidate>
}

function seat(request: PlacementRequest, demand: Demand, judge: Judge, fleet: Fleet): Seating {
  const preferences = preferencesOf(request)
  // One task more can only take away, so who does not fit once is out for the rest of the request, and only the last taker is judged again.
  const open = fleet.candidates.filter((candidate) => judge(candidate).length === 0)
  const changed = new Map<InstanceId, Candidate>()
  const placed: Seat[] = []
  for (let index = 0; index < request.count; index += 1) {
    const best = preferred(open, preferences, index)
    if (!best) break
    const after = withTask(best, demand.need, request.group, 'held by another task of this request')
    placed.push({index, instanceId: best.instance.id, gpuIds: best.remaining.gpuIds.slice(0, demand.need.gpuCount)})
    changed.set(best.instance.id, after)
    open.splice(open.indexOf(best), 1, ...(judge(after).length === 0 ? [after] : []))
  }
  return {placed, changed}
}

/** All the refusals of a request are of one fleet, so they share one list of reasons. */
function refuse(count: number, placedCount: number, judge: Judge, candidates: readonly Candidate[]): readonly Refusal[] {
  if (placedCount >= count) return []
  const reasons = candidates.flatMap(judge)
  return Array.from({length: count - placedCount}, (_, after) => ({index: placedCount + after, reasons}))
}
