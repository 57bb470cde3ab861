// A cluster: a named set of instances.
import type {Client} from './client.js'
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
  /** Who is in charge of its services and daemons; whether that lives is another question. */
  readonly controller?: ControllerRecord
}

/** A controller that has taken the charge of a cluster and not given it up. */
export interface ControllerRecord {
  readonly client: Client
  /** `user@host`. */
  readonly by: string
  readonly since: Timestamp
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
