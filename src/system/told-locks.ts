// Locks that a person waits for: they are told whom they wait for, and may say for how long.
import {quoted} from '../model/names.js'
import type {LockAnswer, LockRefusal, LockSeen, Locks, LockTerms} from '../world/locks.js'

/** Who waits for less has not noticed. */
const NOTE_MS = 2000

export interface Patience {
  /** How long to wait at most, in place of what the terms say; absent: as they say. */
  readonly waitMs?: number
  /** Tells the person why nothing happens. */
  note(text: string): void
}

export class ToldLocks implements Locks {
  constructor(
    private readonly locks: Locks,
    private readonly patience: Patience,
  ) {}

  async take(path: string, terms: LockTerms): Promise<LockAnswer> {
    const mostMs = this.patience.waitMs ?? terms.waitMs ?? Number.POSITIVE_INFINITY
    const first = await this.locks.take(path, {...terms, waitMs: Math.min(mostMs, NOTE_MS)})
    if (first.lock !== undefined || mostMs <= NOTE_MS) return first
    this.patience.note(waitingFor(first, terms))
    const then = await this.locks.take(path, {...terms, waitMs: mostMs - NOTE_MS})
    return then.lock === undefined ? {...then, waitedMs: first.waitedMs + then.waitedMs} : then
  }

  look(path: string): LockSeen | undefined {
    return this.locks.look(path)
  }

  remove(path: string): void {
    this.locks.remove(path)
  }
}

function waitingFor({holder}: LockRefusal, {name}: LockTerms): string {
  const guarded = name === undefined ? 'the state' : `the lease ${quoted(name)}`
  return `waiting for ${guarded}, held by process ${holder.pid} of this machine (${quoted(holder.command)}) since ${holder.since}`
}
