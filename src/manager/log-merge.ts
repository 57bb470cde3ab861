// Several logs as one, in the order of time. A watermark decides: what is older than the newest word of every log that may still tell something is printed.
import type {ToldAt} from '../model/log-mark.js'
import type {Clock} from '../world/clock.js'
import {Bell, Lane} from './log-lanes.js'

export interface MergeTerms {
  readonly clock: Clock
  /**
   * How long an item waits for logs that tell nothing, which may tell something older: absent, until they tell or end, which gives the exact order of logs
   * that are whole.
   */
  readonly patienceMs?: number
  readonly signal: AbortSignal
}

/** Logs that begin only later: the merge does not end before they are all told. */
export type Joining<T> = AsyncIterable<AsyncIterable<readonly T[]>>

/** One batch has no more, so that whoever writes begins soon. */
const LARGEST_BATCH = 4096

/**
 * The items of all sources, in the order of their moments and, of equal ones, of the sources, in batches of what can be told at once; ends when all have
 * ended. Nothing is lost or told twice, and the order within a source never changes. One that fails ends them all with its error, once what came before it
 * is told.
 */
export async function* mergeByTime<T extends ToldAt>(
  sources: readonly AsyncIterable<readonly T[]>[],
  terms: MergeTerms,
  joining?: Joining<T>,
): AsyncGenerator<readonly T[]> {
  const bell = new Bell()
  const alarm = new Alarm(terms.clock, terms.signal)
  const lanes = sources.map((source) => new Lane(source, bell, terms.clock))
  const gate = new Gate(
    joining,
    (source) => {
      // Those that have ended are no more to be asked: a service has new ones for as long as it is followed.
      for (let place = lanes.length - 1; place >= 0; place -= 1) if (lanes[place]?.isOver) lanes.splice(place, 1)
      lanes.push(new Lane(source, bell, terms.clock))
    },
    bell,
  )
  try {
    for (;;) {
      const rung = bell.next()
      const {batch, waitMs} = tellable(lanes, terms)
      if (batch.length > 0) yield batch
      else if (waitMs !== undefined) await Promise.race([rung, alarm.in(waitMs)])
      else {
        const failed = lanes.find(({failure}) => failure)
        if (failed?.failure) throw failed.failure.error
        if (gate.failure) throw gate.failure.error
        if (gate.isShut && lanes.every(({ended}) => ended)) return
        await rung
      }
    }
  } finally {
    alarm.stop()
    gate.close()
    for (const lane of lanes) lane.close()
  }
}

/** What can be told now; where nothing can, how long the oldest item has still to wait for the others: `undefined` where there is no item. */
function tellable<T extends ToldAt>(
  lanes: readonly Lane<T>[],
  {clock, patienceMs = Number.POSITIVE_INFINITY}: MergeTerms,
): {readonly batch: readonly T[]; readonly waitMs?: number} {
  const batch: T[] = []
  const now = clock.now()
  const isAwaited = (lane: Lane<T>) => lane.isEmpty && !lane.ended
  let someAreAwaited = lanes.some(isAwaited)
  while (batch.length < LARGEST_BATCH) {
    const next = earliest(lanes)
    if (!next) break
    const waitMs = next.isUrgent || !someAreAwaited ? 0 : next.arrivedAt + patienceMs - now
    if (waitMs > 0) return {batch, waitMs}
    batch.push(next.take())
    someAreAwaited ||= isAwaited(next)
  }
  return {batch}
}

/** The lane whose first item is the oldest; one whose item has no moment goes first. */
function earliest<T extends ToldAt>(lanes: readonly Lane<T>[]): Lane<T> | undefined {
  let best: Lane<T> | undefined
  let oldest: string | undefined
  for (const lane of lanes) {
    if (lane.isEmpty) continue
    const {at} = lane.first
    if (at === undefined) return lane
    if (best === undefined || (oldest !== undefined && at < oldest)) {
      best = lane
      oldest = at
    }
  }
  return best
}

/** Goes off at a moment or somewhat before it: one that was set and has not gone off serves for all that is later, since a busy log waits very often. */
class Alarm {
  private set: {readonly at: number; readonly gone: Promise<void>} | undefined
  private readonly off = new AbortController()
  private readonly signal: AbortSignal

  constructor(
    private readonly clock: Clock,
    signal: AbortSignal,
  ) {
    this.signal = AbortSignal.any([signal, this.off.signal])
  }

  in(waitMs: number): Promise<void> {
    const at = this.clock.now() + waitMs
    if (!Number.isFinite(at)) return new Promise(() => {})
    if (!this.set || this.set.at > at) {
      const gone = this.clock.sleep(waitMs, this.signal).finally(() => {
        this.set = undefined
      })
      // Whoever waits learns of its failure; nobody may be waiting any more.
      gone.catch(() => {})
      this.set = {at, gone}
    }
    return this.set.gone
  }

  stop(): void {
    this.off.abort()
  }
}

/** Lets logs in that begin later, until there are no more. */
class Gate<T> {
  isShut = false
  failure: {readonly error: unknown} | undefined
  private readonly iterator: AsyncIterator<AsyncIterable<readonly T[]>> | undefined

  constructor(
    joining: Joining<T> | undefined,
    private readonly admit: (source: AsyncIterable<readonly T[]>) => void,
    private readonly bell: Bell,
  ) {
    this.iterator = joining?.[Symbol.asyncIterator]()
    if (this.iterator) void this.read(this.iterator)
    else this.isShut = true
  }

  close(): void {
    // It may be waiting for what never comes: it ends by its own signal.
    void this.iterator?.return?.()
  }

  private async read(iterator: AsyncIterator<AsyncIterable<readonly T[]>>): Promise<void> {
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        this.admit(next.value)
        this.bell.now()
      }
    } catch (error) {
      this.failure = {error}
    } finally {
      this.isShut = true
      this.bell.now()
    }
  }
}
