// What a service asks of placement for its next tasks: the same for those that are started, explained and simulated.
import type {PlacementRequest} from '../../model/placement.js'
import {groupOf, type Service} from '../../model/service.js'
import type {TaskDefinition} from '../../model/task-definition.js'
import {recentFailures} from '../../placement/failures.js'
import {SERVICE_STRATEGIES} from '../../placement/strategies.js'
import {ownConstraints} from '../run.js'
import type {Scene} from './scene.js'
import type {Replicas} from './sorted-replicas.js'

/** The request for tasks in these slots, the lowest first: chance falls by that one. */
export function replicaRequest(
  {now, requiredAttributes, state}: Pick<Scene, 'now' | 'requiredAttributes' | 'state'>,
  service: Pick<Service, 'clusterId' | 'name' | 'placementConstraints' | 'placementStrategies'>,
  definition: TaskDefinition,
  slots: readonly number[],
): PlacementRequest {
  const {document} = definition
  const {clusterId, name, placementConstraints, placementStrategies} = service
  return {
    document,
    count: slots.length,
    group: groupOf('service', name),
    constraints: [...ownConstraints(document), ...placementConstraints],
    strategies: placementStrategies.length === 0 ? SERVICE_STRATEGIES : placementStrategies,
    requiredAttributes: requiredAttributes(document),
    recentFailures: recentFailures(state, definition.id, now),
    seed: `${clusterId}/${name}/${slots[0]}`,
  }
}

/** The lowest seats that no task of the deployment holds. */
export function freeSlots({bad, good}: Pick<Replicas, 'bad' | 'good'>, count: number): readonly number[] {
  const taken = new Set([...good, ...bad].map(({task}) => task.workload?.slot))
  const slots: number[] = []
  for (let slot = 1; slots.length < count; slot += 1) if (!taken.has(slot)) slots.push(slot)
  return slots
}
