// Seats on instances that a person named, as ECS's StartTask: no strategy chooses and no constraint is asked, but each must have room (API reference of
// StartTask, read 2026-11-26).
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest, Refusal, Seat} from '../model/placement.js'
import {needOf} from '../model/task-definition.js'
import {type Demand, INSTANCE_QUESTIONS} from './checks.js'
import {type Fleet, withTasks} from './fleet.js'
import {reasonsAgainst} from './reasons.js'

/** A seat or a refusal for each instance, in the order in which they were named; the same instance twice is asked twice. */
export function placeOn(
  request: Pick<PlacementRequest, 'document' | 'group' | 'requiredAttributes'>,
  fleet: Fleet,
  instanceIds: readonly InstanceId[],
): {readonly placed: readonly Seat[]; readonly refused: readonly Refusal[]} {
  const demand: Demand = {...request, need: needOf(request.document)}
  const candidates = new Map(fleet.candidates.map((candidate) => [candidate.instance.id, candidate]))
  const placed: Seat[] = []
  const refused: Refusal[] = []
  for (const [index, instanceId] of instanceIds.entries()) {
    const candidate = candidates.get(instanceId)
    if (!candidate) continue
    const reasons = reasonsAgainst(INSTANCE_QUESTIONS, demand, candidate)
    if (reasons.length > 0) refused.push({index, reasons})
    else {
      placed.push({index, instanceId, gpuIds: candidate.remaining.gpuIds.slice(0, demand.need.gpuCount)})
      candidates.set(instanceId, withTasks(candidate, demand.need, request.group, 'held by another task of this request'))
    }
  }
  return {placed, refused}
}
