// What tells that a thing on a host is ours, and whose: carried by every container and record volume that Berth makes.
import type {ClusterId} from './cluster.js'
import type {InstanceId} from './instance.js'
import type {TaskId} from './task.js'
import type {DefinitionId} from './task-definition.js'

/** Whose container it is. */
export interface TaskOwnership {
  readonly cluster: string
  readonly clusterId: ClusterId
  readonly instanceId: InstanceId
  readonly taskId: TaskId
  readonly taskArn: string
  /** The container's name in its definition. */
  readonly containerName: string
  readonly definitionId: DefinitionId
  readonly definitionHash: string
  readonly group: string
  readonly startedBy?: string
  readonly slot?: string
  readonly deployment?: string
  readonly epoch?: number
  readonly service?: string
  readonly daemon?: string
  /** What of the task's record no other label tells, as JSON. */
  readonly record?: string
}

/** What may be left out of it, and says something all the same. */
const OPTIONAL = ['startedBy', 'slot', 'deployment', 'service', 'daemon'] as const

/** The fields that one says otherwise than the other wants; epoch and record are of the moment when it was made, and no matter. */
export function otherOwnership(wanted: TaskOwnership, found: TaskOwnership): readonly (keyof TaskOwnership)[] {
  const names = new Set([...(Object.keys(wanted) as (keyof TaskOwnership)[]), ...OPTIONAL])
  return [...names].filter((name) => name !== 'epoch' && name !== 'record' && wanted[name] !== found[name])
}

/** Whose volume it is: it comes and goes with a task. */
export type VolumeOwnership = Pick<TaskOwnership, 'cluster' | 'clusterId' | 'instanceId' | 'taskId'>

/** The mark that a join leaves on the host: which instance of which cluster it is. What else a host keeps is `KeptRecord`. */
export interface InstanceMark {
  /** One engine is in one cluster once. */
  readonly kind: 'instance'
  readonly cluster: string
  readonly clusterId: ClusterId
  readonly instanceId: InstanceId
}

/** Whose controller a container is: it keeps the cluster, and no task accounts of it. */
export interface ControllerOwnership {
  readonly cluster: string
  readonly clusterId: ClusterId
  /** Of all that it was made with: another fingerprint is another wish. */
  readonly fingerprint: string
}
