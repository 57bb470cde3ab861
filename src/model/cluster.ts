// A cluster: a named set of instances.
import type {ControllerRecord} from './controller.js'
import type {Timestamp} from './time.js'

/** 32 hex digits. */
export type ClusterId = string

export interface Cluster {
  readonly id: ClusterId
  /** Unique in the state. */
  readonly name: string
  readonly createdAt: Timestamp
  /** Rises by one at each change, as ECS's counters do. */
  readonly version: number
  /** Epochs that were given out before the state counted its revisions as it does now; absent: none. */
  readonly epochsBefore?: number
  /** Who kept its services and daemons last; whether it still does the locks of the state tell. */
  readonly controller?: ControllerRecord
}

/**
 * What a client of this revision of the state stamps on all that it makes: it grows with every commit, so a host that bears a higher one was worked on by
 * somebody with a newer state.
 */
export function epochOf({epochsBefore = 0}: Cluster, revision: number): number {
  return epochsBefore + revision
}

/** The cluster, whose epochs from this revision on are not below this one. */
export function withEpochsFrom(cluster: Cluster, revision: number, epoch: number): Cluster {
  return epochOf(cluster, revision) >= epoch ? cluster : {...cluster, epochsBefore: epoch - revision}
}
