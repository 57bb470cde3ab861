// A deployment: one move of a service or a daemon to what it is to run from then on. The newest of a workload is its PRIMARY.
import type {ClusterId} from './cluster.js'
import type {DefinitionId} from './task-definition.js'
import type {Timestamp} from './time.js'

/** 32 hex digits. */
export type DeploymentId = string

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'

export type BreakerThreshold = {readonly type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT'; readonly value: number}

export interface CircuitBreaker {
  readonly enable: boolean
  /** Go back to the last completed deployment when it trips. */
  readonly rollback: boolean
  /** A task that gets healthy sets the count of failures back to 0. */
  readonly resetOnHealthyTask: boolean
  readonly threshold: BreakerThreshold
}

export interface DeploymentConfiguration {
  /** Of the desired count, rounded up: so many are kept healthy. */
  readonly minimumHealthyPercent: number
  /** Of the desired count, rounded down: so many may be there at once, those that stop included. */
  readonly maximumPercent: number
  /** Nobody said the percentages: where a new task can have no place but that of an old one, old ones make way one at a time. */
  readonly isInferred?: true
  readonly circuitBreaker: CircuitBreaker
}

/** An image that a deployment is held to. */
export interface PinnedImage {
  /** `sha256:...` of its configuration: what a host knows it by that has it. */
  readonly id: string
  /** `repository@sha256:...`: what a host that has it not asks a registry for. */
  readonly repoDigest?: string
}

export interface Deployment {
  readonly id: DeploymentId
  readonly clusterId: ClusterId
  /** The service or daemon. */
  readonly workloadId: string
  readonly definitionId: DefinitionId
  /** Why it is PRIMARY: first of all, another definition, the same again, or the way back to it from one that failed. */
  readonly cause: 'CREATED' | 'UPDATED' | 'FORCED' | 'ROLLBACK'
  readonly rolloutState: RolloutState
  readonly rolloutStateReason: string
  /** The deployment that was PRIMARY before. */
  readonly sourceId?: DeploymentId
  /** What its tasks run whatever becomes of the tags, by the container's name: the images of the first of its tasks that ran. */
  readonly images?: Readonly<Record<string, PinnedImage>>
  readonly createdAt: Timestamp
  /** When it last became PRIMARY: failures from before do not count. */
  readonly begunAt: Timestamp
  readonly updatedAt: Timestamp
  /** When it was COMPLETED or FAILED. */
  readonly finishedAt?: Timestamp
  readonly version: number
}

/** ECS: on by default nowhere; ours is off too, and rolls back when it is on unless told otherwise. */
export const NO_BREAKER: CircuitBreaker = {
  enable: false,
  rollback: false,
  resetOnHealthyTask: true,
  threshold: {type: 'BOUNDED_PERCENT', value: 50},
}

/** As ECS names a deployment everywhere a person sees one: `ecs-svc/` and up to 19 digits. The same for the same id. */
export function deploymentName(id: DeploymentId): string {
  return `ecs-svc/${BigInt(`0x${id.slice(0, 15)}`)
    .toString()
    .padStart(19, '0')}`
}

/** So many tasks of this desired count are kept healthy. */
export function minimumHealthy(desiredCount: number, {minimumHealthyPercent}: DeploymentConfiguration): number {
  return Math.ceil((desiredCount * minimumHealthyPercent) / 100)
}

/** So many tasks may be there at once. */
export function maximumTotal(desiredCount: number, {maximumPercent}: DeploymentConfiguration): number {
  return Math.floor((desiredCount * maximumPercent) / 100)
}
