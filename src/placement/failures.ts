// Instances where tasks of one revision have just failed to start again and again: the next one goes elsewhere while it can. ECS says nothing of
// it.
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest} from '../model/placement.js'
import type {State} from '../model/state.js'
import type {TaskDefinition} from '../model/task-definition.js'
import {type Instant, instant} from '../model/time.js'
import type {Candidate} from './fleet.js'

/** A failure is recent for so long. */
const RECENT_MS = 5 * 60 * 1000
/** So many are no accident. */
const MANY = 3

/** How many tasks of the revision failed to start on each instance within the last five minutes. */
export function recentFailures(state: State, definitionId: TaskDefinition['id'], now: Instant): Readonly<Record<InstanceId, number>> {
  const counts: {[id: InstanceId]: number} = {}
  for (const {definitionId: of, instanceId, stopCode, stoppedAt} of Object.values(state.tasks))
    if (of === definitionId && stopCode === 'TaskFailedToStart' && stoppedAt !== undefined && now - instant(stoppedAt) <= RECENT_MS)
      counts[instanceId] = (counts[instanceId] ?? 0) + 1
  return counts
}

/** How many, where they are many; else 0. */
export function failuresThatCount({recentFailures: counts = {}}: Pick<PlacementRequest, 'recentFailures'>, {instance}: Candidate): number {
  const count = counts[instance.id] ?? 0
  return count >= MANY ? count : 0
}
