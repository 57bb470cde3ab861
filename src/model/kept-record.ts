// What a host keeps of its cluster so that the state can be made anew from the hosts: what labels on containers cannot tell.
import type {ClusterId} from './cluster.js'

export const KEPT_KINDS = ['cluster', 'instance', 'family', 'definition', 'service', 'daemon', 'deployment'] as const
export type KeptKind = (typeof KEPT_KINDS)[number]

/** One record of the state as a host keeps it, without what only the state needs: counters, and what a look finds again. */
export interface WantedRecord {
  readonly kind: KeptKind
  readonly clusterId: ClusterId
  /** Unique in its kind: the id of a record, the name of a family. */
  readonly name: string
  /** JSON. */
  readonly record: object
}

export interface KeptRecord extends WantedRecord {
  /** The epoch of the cluster when it was written: of several of one name the newest is true. */
  readonly generation: number
  /** The version of the state whose shape it has. */
  readonly version: number
}
