// A task: one run of a task definition on one instance.
import type {ClusterId} from './cluster.js'
import type {InstanceId} from './instance.js'
import type {Need} from './resources.js'
import type {WorkloadSeat} from './service.js'
import type {DefinitionId, TaskOverride} from './task-definition.js'
import type {Timestamp} from './time.js'

/** 32 hex digits. */
export type TaskId = string

/** ECS's life of a task, in order; the last status seen only ever moves to the right. */
export const TASK_STATUSES = [
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
  'RUNNING',
  'DEACTIVATING',
  'STOPPING',
  'DEPROVISIONING',
  'STOPPED',
] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

export type DesiredStatus = 'RUNNING' | 'STOPPED'

/** Why a task stopped, as ECS names it. */
export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'InfrastructureHealth'

export type ContainerStatus = 'PENDING' | 'RUNNING' | 'STOPPED'

/** As ECS counts health: UNKNOWN while nothing is known, which is no failure. */
export type HealthStatus = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN'

export interface NetworkBinding {
  readonly bindIP: string
  readonly containerPort: number
  readonly hostPort: number
  readonly protocol: 'tcp' | 'udp'
}

export interface TaskContainer {
  /** As in the definition. */
  readonly name: string
  /** What Docker knows it by: chosen before it is created, so that it can be found again whatever happens. */
  readonly containerName: string
  readonly image: string
  readonly lastStatus: ContainerStatus
  /** Berth added it; no person is shown it. */
  readonly internal?: true
  /** Absent where its definition has no health check. */
  readonly healthStatus?: HealthStatus
  /** When it was first seen HEALTHY. */
  readonly healthyAt?: Timestamp
  /** When it was last started. */
  readonly startedAt?: Timestamp
  readonly finishedAt?: Timestamp
  /** How often its restart policy started it again; absent: never. */
  readonly restartCount?: number
  readonly runtimeId?: string
  readonly imageDigest?: string
  /** `repository@sha256:...` of that image, where a registry gave one. */
  readonly repoDigest?: string
  readonly exitCode?: number
  /** ECS's `ErrorName: message`, at most 1024 characters. */
  readonly reason?: string
  readonly outOfMemory?: boolean
  readonly networkBindings?: readonly NetworkBinding[]
}

export interface Task {
  readonly id: TaskId
  readonly clusterId: ClusterId
  readonly instanceId: InstanceId
  readonly definitionId: DefinitionId
  readonly group: string
  readonly startedBy?: string
  /** Absent: none. */
  readonly tags?: Readonly<Record<string, string>>
  /** Of a task that a service or a daemon keeps running. */
  readonly workload?: WorkloadSeat
  /** Its engine starts its container again: nobody else is there to put another in its place. */
  readonly engineRestarts?: true
  /** Another is to take its place elsewhere. */
  readonly moves?: true
  /** The scheduler does not choose it to be stopped until then. */
  readonly protectedUntil?: Timestamp
  readonly override?: TaskOverride
  /** What it holds of its instance until it has stopped. */
  readonly need: Need
  /** The GPUs that are its own, as many as it needs. */
  readonly gpuIds?: readonly string[]
  readonly desiredStatus: DesiredStatus
  readonly lastStatus: TaskStatus
  readonly containers: readonly TaskContainer[]
  /** Its containers go as soon as their end is recorded (`--rm`). */
  readonly removeWhenStopped?: true
  readonly createdAt: Timestamp
  readonly pullStartedAt?: Timestamp
  readonly pullStoppedAt?: Timestamp
  readonly startedAt?: Timestamp
  readonly executionStoppedAt?: Timestamp
  readonly stoppingAt?: Timestamp
  readonly stoppedAt?: Timestamp
  readonly stopCode?: StopCode
  readonly stoppedReason?: string
  /** The container whose exit code is the task's: the essential one that ended first or, of a task that was stopped, its main one. Known once it ends. */
  readonly endedBy?: string
  readonly version: number
}

/** `stoppedReason` of a task whose start was taken back, or left by a client that is gone: that says nothing of what it runs. */
export const START_INTERRUPTED = 'TaskFailedToStart: interrupted'
export const START_ABANDONED = 'TaskFailedToStart: the client that started it is gone'

/** Does it still hold its part of the instance? */
export function holdsResources(task: Task): boolean {
  return task.lastStatus !== 'STOPPED'
}

/** The later of two statuses in ECS's order: what was seen never moves back. */
export function laterStatus(a: TaskStatus, b: TaskStatus): TaskStatus {
  return TASK_STATUSES.indexOf(a) >= TASK_STATUSES.indexOf(b) ? a : b
}

/** The exit code of the container that ended the task; `undefined` while it runs, and where it never started. */
export function taskExitCode({containers, endedBy}: Task): number | undefined {
  return (containers.find(({name}) => name === endedBy) ?? containers[0])?.exitCode
}

/** The first exit code of these tasks that is not 0, in their order; else 0, also while none is known. */
export function exitCodeOf(tasks: readonly Task[]): number {
  return tasks.map(taskExitCode).find((code) => code !== undefined && code !== 0) ?? 0
}
