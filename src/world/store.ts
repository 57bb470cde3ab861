// The keeper of the state. Whole behind one interface, so that a file and a distributed store answer alike.
import type {State} from '../model/state.js'
import type {RecordChange} from '../model/state-changes.js'
import type {Timestamp} from '../model/time.js'

export interface Stored {
  readonly state: State
  readonly revision: number
}

/** Who changes the state, with what, and for what reason: kept in its history. */
export interface Why {
  /** The command as typed, without values that may be secret: `task run`. */
  readonly command: string
  /** `user@host`. */
  readonly by: string
  readonly because: string
}

export interface Changed<T> {
  readonly state: State
  readonly result: T
}

/** One commit: the records that it put or removed (`null`). */
export interface Change extends Why {
  readonly revision: number
  readonly at: Timestamp
  readonly records: readonly RecordChange[]
}

/** A right held on a named object until it is released, its holder dies, or `signal` fires. */
export interface Lease {
  readonly name: string
  /** Aborts when the lease is lost. */
  readonly signal: AbortSignal
  release(): Promise<void>
}

/** A lock of the state, or a lease, that stands now. */
export interface StateLock {
  /** `state`, or the name of the lease. */
  readonly name: string
  /** What its holder is doing; absent where nobody can tell. */
  readonly command?: string
  readonly pid?: number
  /** `user@host`, where others than this machine may hold it. */
  readonly by?: string
  readonly since?: Timestamp
  readonly isAlive: boolean
}

export interface StateStore {
  /** What a person would name it by: a path or an address. */
  readonly location: string
  /** `host:port` where any machine reaches it; none where it lies on this one alone. */
  readonly endpoints: readonly string[]
  /** The newest state. A store nobody wrote to holds the empty state. */
  read(): Promise<Stored>
  /**
   * Commits what `change` makes of the newest state and returns its result. `change` is pure, shares the records it does not
   * change, and may run again after a conflict; returning the very state it was given commits nothing.
   * Throws `StateError`; then the state is as before.
   */
  update<T>(why: Why, change: (state: State) => Changed<T>): Promise<T>
  /** The commits that are kept, in the order of their revisions. */
  history(): Promise<readonly Change[]>
  /** The state as it was at the revision. Throws `RevisionNotKept`. */
  at(revision: number): Promise<State>
  /**
   * Makes the state anew where it cannot be read any more: as it was at the revision, or at the newest that can be told of what is whole of it, or empty. Returns
   * the revision that it has then, newer than any that can be told. Throws `StateLost` where nothing can.
   */
  recover(why: Why, wanted: number | 'newest' | 'nothing'): Promise<number>
  /**
   * After it the newest state is the very one given, its lineage and revision too; it may go where nothing was written yet, or in place of an earlier revision of itself.
   * Throws `ForeignState` and `StateNewer`.
   */
  adopt(why: Why, state: State): Promise<void>
  /** Every commit after revision `since`, oldest first, then those to come, until `signal` fires. */
  changes(since: number, signal: AbortSignal): AsyncIterable<Change>
  /** Waits until `name` is free, then holds it. */
  lease(name: string, holder: Why, signal: AbortSignal): Promise<Lease>
  /** The locks and leases that stand, the state's own first, then by name. */
  locks(): Promise<readonly StateLock[]>
  /** After it the lock or lease of that name stands no more, whoever holds it; returns whether it stood. */
  unlock(name: string): Promise<boolean>
  /** Gives back what the store holds open. */
  close(): Promise<void>
}
