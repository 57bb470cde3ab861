// Why a task goes where it goes, or nowhere.
import type {InstanceId} from './instance.js'
import type {Check} from './placement.js'

export interface Explanation {
  /** The strategies in turn, as they are written: `spread:attribute:zone`; `random` where none was named. */
  readonly strategies: readonly string[]
  /** Every instance of the cluster, in order of their names. */
  readonly instances: readonly InstanceExplanation[]
  /** The instance that the next task gets. */
  readonly chosen?: Choice
  /** Where no instance fits: changes that would let one take the task, the smallest first. */
  readonly changes: readonly Change[]
}

export interface InstanceExplanation {
  readonly instanceId: InstanceId
  readonly instance: string
  readonly fits: boolean
  /** All that was asked of it, in the order in which it was asked. */
  readonly checks: readonly Check[]
  /** Of one that fits: its place among all that do, from 1, and what each strategy counts of it; the lowest goes first. */
  readonly rank?: number
  readonly keys?: readonly Key[]
}

/** What one strategy counts of one instance. */
export interface Key {
  readonly strategy: string
  readonly value: number
  /** `zone b holds 2 tasks of family:web`, `130 MiB remain`. */
  readonly said: string
}

export interface Choice {
  readonly instance: string
  /** What decided: the first strategy by which it differs from the next one, or that it alone fits. */
  readonly because: string
}

/** Something that would let instances take the task, alone or together with nothing else. */
export interface Change {
  /** An order: `lower memoryReservation by 130 MiB`. */
  readonly text: string
  /** The names of the instances that it opens. */
  readonly instances: readonly string[]
}

/** The next task of a service, whether one is due or not. */
export interface NextReplica {
  readonly service: string
  readonly definitionId: string
  readonly slot: number
  readonly desiredCount: number
  /** Of the newest deployment, on active instances, and not UNHEALTHY. */
  readonly presentCount: number
  /** Would one be started now? */
  readonly isDue: boolean
  /** Why it is, or is not. */
  readonly said: string
  /** What was told of the service last, where that is why it does not go on. */
  readonly lastEvent?: string
}

/** Where a daemon's tasks are, and where they are not. */
export interface DaemonReach {
  readonly daemon: string
  readonly definitionId: string
  /** Instances that it belongs on. */
  readonly desiredCount: number
  /** The names of the instances that have a task of it. */
  readonly presentOn: readonly string[]
  readonly said: string
  /** What was told of the daemon last, where that is why it does not go on. */
  readonly lastEvent?: string
}
