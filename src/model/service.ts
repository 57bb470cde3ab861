// A service: a number of tasks of one definition that is kept running.
import type {ClusterId} from './cluster.js'
import type {DeploymentConfiguration, DeploymentId} from './deployment.js'
import type {PlacementConstraint, PlacementStrategy} from './placement.js'
import type {PullPolicy} from './pull-policy.js'
import type {Timestamp} from './time.js'

/** What services and daemons have in common. */
export interface Workload {
  /** 32 hex digits. */
  readonly id: string
  readonly clusterId: ClusterId
  /** Unique in its kind and cluster. */
  readonly name: string
  /** DRAINING: it was deleted, and tasks of it are still there. */
  readonly status: 'ACTIVE' | 'DRAINING'
  /** Its PRIMARY deployment, which says what it runs. */
  readonly deploymentId: DeploymentId
  readonly deploymentConfiguration: DeploymentConfiguration
  readonly placementConstraints: readonly PlacementConstraint[]
  /** So long after its start what a health check says of a task does not count against it. */
  readonly healthCheckGracePeriodSeconds: number
  /** A task without a health check is healthy after it has run for so long. */
  readonly healthyAfterSeconds: number
  /** A host may be silent for so long before its tasks are replaced elsewhere. */
  readonly silenceGraceSeconds: number
  /** Default: `missing`. */
  readonly pull?: PullPolicy
  readonly tags: Readonly<Record<string, string>>
  readonly propagateTags: 'NONE' | 'SERVICE' | 'TASK_DEFINITION'
  readonly createdAt: Timestamp
  readonly createdBy: string
  readonly version: number
}

export interface Service extends Workload {
  readonly desiredCount: number
  readonly placementStrategies: readonly PlacementStrategy[]
}

/** Exactly one task on each active instance that meets the constraints. */
export type Daemon = Workload

/** The place of a task in what keeps it running. */
export interface WorkloadSeat {
  readonly kind: 'service' | 'daemon'
  readonly id: string
  readonly name: string
  readonly deploymentId: DeploymentId
  /** Of a service: which of its replicas, counted from 1. It outlives its tasks. */
  readonly slot?: number
}

/** ECS's seconds after which a task without a health check counts as healthy. */
export const HEALTHY_AFTER_SECONDS = 40

/** ECS names none; an engine that restarts with its host is back by then. */
export const SILENCE_GRACE_SECONDS = 60

/** What happened to a service or daemon, in ECS's words. */
export interface ServiceEvent {
  /** The workload's id, a hyphen, and `number` in six digits at least. */
  readonly id: string
  readonly workloadId: string
  /** Counts from 1; the newest 100 are kept. */
  readonly number: number
  readonly at: Timestamp
  readonly message: string
}

/** The task group of all its tasks, by which placement spreads them. */
export function groupOf(kind: WorkloadSeat['kind'], name: string): string {
  return `${kind}:${name}`
}
