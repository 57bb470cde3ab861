// A look at hosts container by container, as drift is found in it: dearer than an observation, and nothing of it is recorded by itself.
import type {EngineFacts, InstanceId} from './instance.js'
import type {ContainerLimits, ForeignHolding, FoundContainer} from './observation.js'
import type {TaskOwnership} from './ownership.js'
import type {Instant, Timestamp} from './time.js'

export type HostInspected =
  | {
      readonly answered: true
      readonly facts: EngineFacts
      /** How far the host's clock is ahead of ours. */
      readonly clockAheadMs: number
      /** Those that bear the labels of this cluster, and those that stand under a recorded name, whoever made them. */
      readonly containers: readonly FoundContainer[]
      /** What others hold, as placement counts it. */
      readonly foreign: readonly ForeignHolding[]
      /** By reference, of the tasks that run there; no entry where the host has no image of that name. */
      readonly imageIds: Readonly<Record<string, string>>
    }
  | {readonly answered: false; readonly since: Timestamp; readonly why: string}

/** Instances that were not looked at have no entry. */
export interface Inspection {
  readonly at: Instant
  readonly hosts: Readonly<Record<InstanceId, HostInspected>>
}

/** How the state would have a container: what of it can be held against what an engine tells. */
export interface ContainerWish {
  /** 0 where none is wanted; absent where the engine may choose. */
  readonly limits: Omit<ContainerLimits, 'memoryAndSwapBytes'> & Partial<ContainerLimits>
  readonly owner: TaskOwnership
}

/** The wish's limits that an engine does not hold a container to. */
export function unmetLimits({limits}: ContainerWish, seen: ContainerLimits): readonly (keyof ContainerLimits)[] {
  return (Object.keys(limits) as (keyof ContainerLimits)[]).filter((name) => limits[name] !== seen[name])
}
