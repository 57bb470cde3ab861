// Who may dial a host now: sshd opens only so many sessions on one connection, which all commands of this machine share.
// Brief uses may take any place, lasting ones not the last few: however much is followed, a command can still ask and stop.
import {UnreachableError} from '../errors.js'
import type {HeldLock} from '../world/locks.js'
import type {DialUse} from '../world/connections.js'
import type {ConnectionTools} from './connection-tools.js'

/** Places that lasting uses leave to brief ones. */
const BRIEF_PLACES = 3

/** A brief use that waits longer waits for others that are stuck. */
export const PATIENCE_MS = 10_000
/** After this time a person is told why nothing happens. */
const NOTE_MS = 2000
const POLL_MS = 20

/** Whose place it is to be. */
export interface PlaceRequest {
  readonly use: DialUse
  /** Called, maybe more than once, when a lasting use has waited for long. */
  onWait(): void
}

/**
 * Waits for one of the places and holds it. A lasting use waits for as long as it takes; a brief one throws `UnreachableError`
 * `HostBusy` after ten seconds.
 */
export async function takePlace(
  tools: ConnectionTools,
  host: string,
  places: readonly string[],
  {onWait, use}: PlaceRequest,
  signal: AbortSignal,
): Promise<HeldLock> {
  const open = use === 'brief' ? places.toReversed() : places.slice(0, places.length - BRIEF_PLACES)
  const begun = tools.clock.now()
  for (;;) {
    for (const path of open) {
      const {lock} = await tools.locks.take(path, {command: `${use} use of the host`, maxPauseMs: POLL_MS, signal, waitMs: 0})
      if (lock !== undefined) return lock
    }
    const waitedMs = tools.clock.now() - begun
    if (use === 'brief' && waitedMs > PATIENCE_MS) throw hostBusy(host)
    if (use === 'lasting' && waitedMs > NOTE_MS) onWait()
    await tools.clock.sleep(POLL_MS + Math.random() * 2 * POLL_MS, signal)
  }
}

/** Every place stayed taken. */
export function hostBusy(host: string): UnreachableError {
  const message = `The host "${host}" opens no further session: other commands use all that its sshd allows at once, for it forbids to forward sockets (AllowStreamLocalForwarding).`
  return new UnreachableError('HostBusy', message, {suggestions: ['berth connection list', `berth connection close ${host}`]})
}
