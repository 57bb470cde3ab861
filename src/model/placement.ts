// What a person asks of placement, and the answer that placement gives.
import type {InstanceId} from './instance.js'
import type {TaskDefinitionDocument} from './task-definition.js'

export type PlacementConstraint = {readonly type: 'distinctInstance'} | {readonly type: 'memberOf'; readonly expression: string}

export type PlacementStrategy =
  | {readonly type: 'random'}
  | {readonly type: 'binpack'; readonly field: 'cpu' | 'memory'}
  /** `instanceId`, or `attribute:NAME`. */
  | {readonly type: 'spread'; readonly field: string}

export interface PlacementRequest {
  /** With the overrides of the run already applied. */
  readonly document: TaskDefinitionDocument
  readonly count: number
  readonly group: string
  readonly constraints: readonly PlacementConstraint[]
  readonly strategies: readonly PlacementStrategy[]
  /** Attributes an instance must have, by name. */
  readonly requiredAttributes: readonly string[]
  /** Ranks where chance would: the same seed over the same fleet gives the same seats. */
  readonly seed: string
}

/** A place for the `index`-th task of the request, counted from 0. */
export interface Seat {
  readonly index: number
  readonly instanceId: InstanceId
  /** As many GPUs of the instance as the task needs. */
  readonly gpuIds: readonly string[]
}

/** Why one instance cannot take one task. */
export interface Reason {
  readonly instanceId: InstanceId
  /** The instance's name. */
  readonly instance: string
  /** ECS's failure reason, such as `RESOURCE:MEMORY`, `AGENT`, `ATTRIBUTE`. */
  readonly code: string
  /** A phrase with have and need: `needs 512 MiB, 130 MiB remain`. */
  readonly said: string
}

/** The `index`-th task of the request found no seat: at least one reason for every instance, in order of their names. */
export interface Refusal {
  readonly index: number
  readonly reasons: readonly Reason[]
}
