// What a person asks of placement, and the answer that placement gives.
import type {RequiredAttribute} from './attributes.js'
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
  readonly requiredAttributes: readonly RequiredAttribute[]
  /** How often tasks of the same revision have just failed to start, by instance: where that was often, others go first. */
  readonly recentFailures?: Readonly<Record<InstanceId, number>>
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

/** One thing that was asked of an instance, and what is there. */
export interface Check {
  /** `status`, `connection`, `cpu`, `memory`, `gpu`, `port 8080/tcp`, `attribute NAME`, `distinctInstance`, `memberOf`. */
  readonly what: string
  readonly need: string
  readonly have: string
  readonly isMet: boolean
  /** ECS's failure reason when it is not met. */
  readonly code: string
  /** A phrase that says what lacks, where it is not met; else it may be empty. */
  readonly said: string
  /** By how much an amount falls short, in its own unit; 0 where it does not. */
  readonly lacking?: number
  /** Of `memberOf`: each clause of the expression. */
  readonly clauses?: readonly ClauseCheck[]
  /** Of `memberOf`: the parts that must all hold, of which each may be dropped by itself. */
  readonly parts?: readonly {readonly text: string; readonly holds: boolean}[]
}

/** One clause of an expression, asked by itself; whether the whole holds follows from all of them. */
export interface ClauseCheck {
  readonly text: string
  readonly holds: boolean
  /** `disk is hdd`, `there is no attribute disk`. */
  readonly have: string
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
