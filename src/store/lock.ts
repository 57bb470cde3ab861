// A lock between the processes of one machine, which dies with its holder.
//
// - The lock is a symbolic link whose target is the holder as JSON (read it with `readlink`). symlink(2) creates it whole or answers EEXIST,
//   on every POSIX file system: there is no moment at which the lock stands without its holder, and a killed waiter leaves nothing behind.
// - A holder is dead when its process is gone, its pid belongs to another, or the machine has started again since. What cannot be read as a
//   holder was left by a power cut or put there by hand: nobody alive holds it. So `pid`, `bootId` and `startedAt` keep their names for ever.
// - A dead lock is removed only by who holds the lock's own lock (`<lock>.break`, which is broken in the same way), after reading that it still
//   is the one judged dead. A dead process does not release and nobody else may break, so it cannot be a live one by then. (Moving the lock
//   aside and linking it back when it turns out alive is not enough: in between a third process finds no lock, and takes it.)
// - Waiters ask again after 1 ms at first, then ever more seldom up to a limit, at random: no queue, but soon nobody's chance is smaller
//   than another's.
import {readlinkSync, symlinkSync, unlinkSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {StateError} from '../errors.js'
import {quoted} from '../model/names.js'
import {type Timestamp, timestamp} from '../model/time.js'
import type {Clock} from '../world/clock.js'
import type {Processes, ProcessIdentity} from '../world/process.js'
import {capital, systemCode} from './faults.js'
import {shellWord} from './state-document.js'

export interface LockTerms {
  readonly clock: Pick<Clock, 'now'>
  readonly processes: Processes
  /** What the holder is doing: told to those who wait in vain. */
  readonly command: string
  /** What the lock guards, as a phrase: `the state "/x/state.json"`. */
  readonly guards: string
  /** The longest pause between two attempts. */
  readonly maxPauseMs: number
  /** How long to wait at most; absent: for ever. */
  readonly waitMs?: number
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal
}

export interface HeldLock {
  /** Gives the lock back. Throws the system's error when that cannot be done; then it ends with this process. */
  release(): void
}

interface LockHolder extends ProcessIdentity {
  readonly command: string
  readonly since: Timestamp
}

/** Waits until `path` is free, or its holder dead, then holds it. Throws `StateLocked` when `waitMs` is over, or the system's error. */
export async function takeLock(path: string, terms: LockTerms): Promise<HeldLock> {
  const began = performance.now()
  let before: string | undefined
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, terms.maxPauseMs)) {
    terms.signal?.throwIfAborted()
    const found = readLock(path)
    if (found === undefined) {
      const mine = holderText(terms)
      if (tryLink(path, mine)) return {release: () => releaseLock(path, mine)}
    } else if (found === before && !isHeld(found, terms.processes)) {
      // Only who stands there twice is looked up: where fifty take turns, asking the system after each would be most of the work.
      await breakLock(path, found, terms)
      continue
    } else if (performance.now() - began >= (terms.waitMs ?? Number.POSITIVE_INFINITY)) {
      throw stillLocked(path, found, performance.now() - began, terms)
    }
    before = found
    await pause(pauseMs, terms.signal)
  }
}

/** At random, so that those who wait do not march in step. */
async function pause(mostMs: number, signal: AbortSignal | undefined): Promise<void> {
  // Its only rejection is the signal's, whose own reason is thrown at the next turn.
  await sleep(mostMs * (0.5 + Math.random() / 2), undefined, signal && {signal}).catch(() => undefined)
}

async function breakLock(path: string, judged: string, terms: LockTerms): Promise<void> {
  const breaker = await takeLock(`${path}.break`, terms)
  try {
    if (readLock(path) === judged) unlinkSync(path)
  } finally {
    breaker.release()
  }
}

function releaseLock(path: string, mine: string): void {
  // Not ours any more only when a person removed it: then it is left to whoever holds it now.
  if (readLock(path) === mine) unlinkSync(path)
}

function tryLink(path: string, text: string): boolean {
  try {
    symlinkSync(text, path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

/** What stands in the lock; `undefined` when there is none. */
function readLock(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    // A file that is no link: put there by hand, and held by nobody.
    if (systemCode(error) === 'EINVAL') return ''
    throw error
  }
}

function isHeld(text: string, processes: Processes): boolean {
  const holder = parseHolder(text)
  return holder !== undefined && processes.isAlive(holder)
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const {pid, bootId, startedAt, command, since} = JSON.parse(text) as Partial<LockHolder>
    if (typeof pid !== 'number' || typeof bootId !== 'string' || typeof startedAt !== 'string') return undefined
    return {pid, bootId, startedAt, command: String(command), since: String(since)}
  } catch {
    // Not JSON, so not written by us: held by nobody.
    return undefined
  }
}

function holderText({clock, command, processes}: LockTerms): string {
  const {pid, bootId, startedAt} = processes.self()
  // A link's target may have 4,095 bytes.
  const holder: LockHolder = {pid, bootId, startedAt, command: command.slice(0, 200), since: timestamp(clock.now())}
  return JSON.stringify(holder)
}

function stillLocked(path: string, text: string, waitedMs: number, {guards}: LockTerms): StateError {
  const holder = parseHolder(text)
  const by = holder ? `process ${holder.pid} (${quoted(holder.command)}) since ${holder.since}` : 'nobody known'
  return new StateError(
    'StateLocked',
    `${capital(guards)} is held by ${by}, and was not released in ${(waitedMs / 1000).toFixed(1)} s of waiting.`,
    {
      suggestions: [...(holder ? [`ps -fp ${holder.pid}`] : []), `readlink ${shellWord(path)}`],
    },
  )
}
