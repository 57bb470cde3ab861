// Locks between the processes of one machine, which die with their holder.
import type {Timestamp} from '../model/time.js'

export interface Locks {
  /**
   * Waits until the lock of that path is free, or its holder dead, then holds it; when the time is over first, answers who stands in the
   * way. The folder must be there. Throws the system's error, or the signal's reason.
   */
  take(path: string, terms: LockTerms): Promise<LockAnswer>
  /** Who stands in the lock of that path now; `undefined` where nobody does. Throws the system's error. */
  look(path: string): LockSeen | undefined
  /** Removes the lock of that path, whoever holds it. Throws the system's error. */
  remove(path: string): void
}

export interface LockSeen {
  /** Absent where what stands there is nothing that we wrote. */
  readonly holder?: LockHolder
  /** A dead holder's lock is in nobody's way: the next who wants it takes it. */
  readonly isAlive: boolean
}

export interface LockTerms {
  /** What the holder is doing: told to those who wait in vain. */
  readonly command: string
  /** What is locked, where the path does not tell. */
  readonly name?: string
  /** The longest pause between two attempts. */
  readonly maxPauseMs: number
  /** How long to wait at most, 0 being not at all for a holder that lives; absent: for ever. */
  readonly waitMs?: number
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal
}

export type LockAnswer = {readonly lock: HeldLock} | LockRefusal

export interface HeldLock {
  /** Gives the lock back. Throws the system's error when that cannot be done; then it ends with this process. */
  release(): void
}

export interface LockRefusal {
  readonly lock: undefined
  /** Alive when it was last looked at. */
  readonly holder: LockHolder
  /** The lock that it holds: the one asked for, or the one under which a dead holder's is removed. */
  readonly path: string
  readonly waitedMs: number
}

export interface LockHolder {
  readonly pid: number
  readonly command: string
  readonly since: Timestamp
  /** What is locked, where the path does not tell. */
  readonly name?: string
}
