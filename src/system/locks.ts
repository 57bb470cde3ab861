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
import {readlinkSync, rmSync, symlinkSync, unlinkSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {timestamp} from '../model/time.js'
import type {Clock} from '../world/clock.js'
import type {LockAnswer, LockHolder, LockRefusal, LockSeen, Locks, LockTerms} from '../world/locks.js'
import type {Client} from '../model/client.js'
import {SystemProcesses} from './process-identity.js'

/** What a lock says. */
interface LockText extends Client, LockHolder {}

export class SystemLocks implements Locks {
  readonly #processes = new SystemProcesses()

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  async take(path: string, terms: LockTerms): Promise<LockAnswer> {
    const began = performance.now()
    let before: string | undefined
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, terms.maxPauseMs)) {
      terms.signal?.throwIfAborted()
      const waitedMs = performance.now() - began
      const isLate = waitedMs >= (terms.waitMs ?? Number.POSITIVE_INFINITY)
      const found = readLock(path)
      if (found === undefined) {
        const mine = this.#textOf(terms)
        if (tryLink(path, mine)) return {lock: {release: () => releaseLock(path, mine)}}
      } else if (found === before || isLate) {
        // Only who stands there twice is looked up: where fifty take turns, asking the system after each would be most of the work.
        const holder = this.#livingHolder(found)
        if (holder === undefined) {
          const refusal = await this.#breakLock(path, found, terms)
          if (refusal) return refusal
          continue
        }
        if (isLate) return {holder, lock: undefined, path, waitedMs}
      }
      before = found
      await pause(pauseMs, terms.signal)
    }
  }

  /** After it the lock judged dead is out of the way, unless another breaks it for longer than we wait. */
  async #breakLock(path: string, judged: string, terms: LockTerms): Promise<LockRefusal | undefined> {
    const answer = await this.take(`${path}.break`, terms)
    if (answer.lock === undefined) return answer
    try {
      if (readLock(path) === judged) unlinkSync(path)
      return undefined
    } finally {
      answer.lock.release()
    }
  }

  look(path: string): LockSeen | undefined {
    const text = readLock(path)
    if (text === undefined) return undefined
    const read = parseLock(text)
    if (!read) return {isAlive: false}
    const {bootId, startedAt, ...holder} = read
    return {holder, isAlive: this.#processes.isAlive({pid: holder.pid, bootId, startedAt})}
  }

  remove(path: string): void {
    rmSync(path, {force: true})
  }

  #textOf({command, name}: LockTerms): string {
    const {pid, bootId, startedAt} = this.#processes.self()
    const since = timestamp(this.clock.now())
    // A link's target may have 4,095 bytes.
    const text: LockText = {
      pid,
      bootId,
      startedAt,
      command: command.slice(0, 200),
      since,
      ...(name === undefined ? {} : {name: name.slice(0, 500)}),
    }
    return JSON.stringify(text)
  }

  /** `undefined` when nobody alive holds the lock that says this. */
  #livingHolder(text: string): LockHolder | undefined {
    const holder = parseLock(text)
    return holder !== undefined && this.#processes.isAlive(holder) ? holder : undefined
  }
}

/** At random, so that those who wait do not march in step. */
async function pause(mostMs: number, signal: AbortSignal | undefined): Promise<void> {
  // Its only rejection is the signal's, whose own reason is thrown at the next turn.
  await sleep(mostMs * (0.5 + Math.random() / 2), undefined, signal && {signal}).catch(() => undefined)
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
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** What stands in the lock; `undefined` when there is none. */
function readLock(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    // A file that is no link: put there by hand, and held by nobody.
    if (isCode(error, 'EINVAL')) return ''
    throw error
  }
}

function parseLock(text: string): LockText | undefined {
  try {
    const {pid, bootId, startedAt, command, name, since} = JSON.parse(text) as Partial<LockText>
    if (typeof pid !== 'number' || typeof bootId !== 'string' || typeof startedAt !== 'string') return undefined
    return {pid, bootId, startedAt, command: String(command), since: String(since), ...(name === undefined ? {} : {name: String(name)})}
  } catch {
    // Not JSON, so not written by us: held by nobody.
    return undefined
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}
