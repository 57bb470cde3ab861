// Locks on the hosts themselves, for those who share hosts but no state; each dies with the connection of its holder.
import type {HostAddress} from '../model/host-address.js'
import type {Timestamp} from '../model/time.js'

/** Who holds it: told to those who come second, so it bears no secret. */
export interface HostLockHolder {
  /** `user@host`. */
  readonly by: string
  readonly command: string
  readonly since: Timestamp
}

export interface HeldHostLock {
  /** Grows with each taking on this host; no epoch of the state. */
  readonly epoch: number
  /** Fires when the lock is lost, before the host gives it to another, with `UnreachableError` `HostLockLost`: who acts under it stops. */
  readonly signal: AbortSignal
  /** After it the lock is free. */
  release(): Promise<void>
}

/**
 * `held`: somebody else has it; the holder is absent where what stands there cannot be read. `unable`: this host has no shell that we reach, or lacks
 * flock or a folder that all users share: the lease of the state still guards. `unsafe`: what lies in the lock's place is none of ours.
 */
export type HostLockRefusal =
  | {readonly kind: 'held'; readonly holder?: HostLockHolder; readonly epoch: number}
  | {readonly kind: 'unable'}
  | {readonly kind: 'unsafe'}

export interface HostLocks {
  /**
   * The lock of this name, 32 hex digits, on the host, or at once why not. Throws `UnreachableError`s, among them `HostLockSilent`, and the signal's
   * reason when it fires first; fired later it does nothing.
   */
  hold(
    address: HostAddress,
    name: string,
    holder: HostLockHolder,
    signal: AbortSignal,
  ): Promise<{readonly kind: 'mine'; readonly lock: HeldHostLock} | HostLockRefusal>
  /** Who holds it now. Throws as `hold`. */
  look(address: HostAddress, name: string, signal: AbortSignal): Promise<{readonly kind: 'free'} | HostLockRefusal>
}
