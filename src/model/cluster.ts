// A cluster: a named set of instances.
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
}
