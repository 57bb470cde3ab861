// The lock of one host: whoever holds it may log in to it or end its connection.
import {StateError, UnreachableError} from '../errors.js'
import type {HeldLock} from '../world/locks.js'
import type {ConnectionTools} from './connection-tools.js'
import type {ConnectionFiles} from './kept-connection.js'
import {LOGIN_SECONDS} from './begun-login.js'

/** Longer than any login takes: who waits longer waits for a person who is being asked. */
const PATIENCE_MS = (LOGIN_SECONDS + 10) * 1000
const POLL_MS = 10

/**
 * Waits for the lock; `undefined` when `enough` came true first and it is no longer needed. Throws `UnreachableError` `LoginBusy`
 * when another command keeps it for longer than a login takes,
 * `StateError` `RuntimeFolderUnwritable`, and the signal's reason when it fires.
 */
export async function hostLock(
  tools: ConnectionTools,
  files: ConnectionFiles,
  enough: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<HeldLock | undefined> {
  const until = tools.clock.now() + PATIENCE_MS
  for (;;) {
    const lock = await tryHostLock(tools, files).catch((cause: unknown) => {
      throw new StateError('RuntimeFolderUnwritable', `Nothing can be written to "${tools.runtimeFolder}", where connections are kept.`, {
        cause,
        suggestions: [`df -h ${tools.runtimeFolder}`],
      })
    })
    if (lock !== undefined) return lock
    // Those who wait are spread, so that they do not all look at once.
    await tools.clock.sleep(POLL_MS + Math.random() * POLL_MS, signal)
    if (await enough()) return undefined
    if (tools.clock.now() > until)
      throw new UnreachableError(
        'LoginBusy',
        `Another berth command has been logging in for ${PATIENCE_MS / 1000} s; it may be asking somebody at its terminal.`,
        {
          suggestions: ['berth connection list'],
        },
      )
  }
}

/** The lock, unless somebody alive holds it: then `undefined`, at once. Throws the system's error. */
export async function tryHostLock({locks}: ConnectionTools, files: ConnectionFiles): Promise<HeldLock | undefined> {
  const {lock} = await locks.take(files.lock, {command: 'a connection to the host', maxPauseMs: POLL_MS, waitMs: 0})
  return lock
}
