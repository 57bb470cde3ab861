// Several logs as one, in the order of time. A watermark decides: what is older than the newest word of every log that may still tell something is printed.
import type {Clock} from '../world/clock.js'

/** Something that was told at a moment; without one it is told as it comes. Moments are texts that compare as moments do. */
export interface Told {
  readonly at?: string
}

export interface MergeTerms {
  readonly clock: Clock
  /**
   * How long an item waits for logs that tell nothing, which may tell something older: absent, until they tell or end, which gives the exact order of logs
   * that are whole.
   */
  readonly patienceMs?: number
  readonly signal: AbortSignal
}

/** So many items of one log are held at most; then it is read no further until some are taken. */
const MOST_HELD = 2048

/**
 * The items of all sources, in the order of their moments and, of equal ones, of the sources; ends when all have ended. Nothing is lost or told twice, and
 * the order within a source never changes. One that fails ends them all with its error, once what came before it is told.
 */
export async function* mergeByTime<T extends Told>(sources: readonly AsyncIterable<T>[], terms: MergeTerms): AsyncGenerator<T> {
  const bell = new Bell()
  const lanes = sources.map((source) => new Lane(source, bell, terms.clock))
  try {
    for (;;) {
      const rung = bell.next()
      const next = earliest(lanes)
      if (!next) {
        const failed = lanes.find(({failure}) => failure)
        if (failed?.failure) throw failed.failure.error
        if (lanes.every(({ended}) => ended)) return
        await rung
        continue
      }
      const waitMs = next.isUrgent || lanes.every((lane) => lane.ended || !lane.isEmpty) ? 0 : patience(next, terms)
      if (waitMs <= 0) yield next.take()
      else await soonerOf(rung, waitMs, terms)
    }
  } finally {
    for (const lane of lanes) lane.close()
  }
}

function patience(lane: Lane<Told>, {clock, patienceMs}: MergeTerms): number {
  return patienceMs === undefined ? Number.POSITIVE_INFINITY : lane.arrivedAt + patienceMs - clock.now()
}

/** The lane whose first item is the oldest; one whose item has no moment goes first. */
function earliest<T extends Told>(lanes: readonly Lane<T>[]): Lane<T> | undefined {
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

async function soonerOf(rung: Promise<void>, waitMs: number, {clock, signal}: MergeTerms): Promise<void> {
  if (!Number.isFinite(waitMs)) return rung
  const done = new AbortController()
  try {
    await Promise.race([rung, clock.sleep(waitMs, AbortSignal.any([signal, done.signal]))])
  } finally {
    done.abort()
  }
}

/** Rings when any lane has news. */
class Bell {
  private ring: () => void = () => {}
  private rung: Promise<void> | undefined

  next(): Promise<void> {
    this.rung ??= new Promise((resolve) => {
      this.ring = resolve
    })
    return this.rung
  }

  now(): void {
    this.rung = undefined
    this.ring()
  }
}

/** One source, read ahead as far as is allowed. */
class Lane<T extends Told> {
  ended = false
  failure: {readonly error: unknown} | undefined
  /** When the first item that is held came. */
  arrivedAt = 0
  private held: {readonly item: T; readonly came: number}[] = []
  private place = 0
  private drained: () => void = () => {}
  private readonly iterator: AsyncIterator<T>

  constructor(
    source: AsyncIterable<T>,
    private readonly bell: Bell,
    private readonly clock: Clock,
  ) {
    this.iterator = source[Symbol.asyncIterator]()
    void this.read()
  }

  get isEmpty(): boolean {
    return this.place >= this.held.length
  }

  /** Only of a lane that is not empty. */
  get first(): T {
    return (this.held[this.place] as {readonly item: T}).item
  }

  get isUrgent(): boolean {
    return this.first.at === undefined
  }

  take(): T {
    const item = this.first
    this.place += 1
    if (this.place >= MOST_HELD || this.isEmpty) {
      this.held = this.held.slice(this.place)
      this.place = 0
      this.drained()
    }
    this.arrivedAt = this.held[this.place]?.came ?? 0
    return item
  }

  close(): void {
    // It may be waiting for what never comes: it ends by its own signal, nobody waits for it here.
    void this.iterator.return?.()
    this.drained()
  }

  private async read(): Promise<void> {
    try {
      for (let next = await this.iterator.next(); !next.done; next = await this.iterator.next()) {
        const came = this.clock.now()
        const wasEmpty = this.isEmpty
        this.held.push({item: next.value, came})
        if (wasEmpty) {
          this.arrivedAt = came
          this.bell.now()
        }
        if (this.held.length - this.place >= MOST_HELD) await new Promise<void>((resolve) => (this.drained = resolve))
      }
    } catch (error) {
      this.failure = {error}
    } finally {
      this.ended = true
      this.bell.now()
    }
  }
}
