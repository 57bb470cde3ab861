// The logs of a merge, each read ahead as far as is allowed.
import type {ToldAt} from '../model/log-mark.js'
import type {Clock} from '../world/clock.js'

/** So many items of one log are held, and then it is read no further until all of them are taken. */
const MOST_HELD = 2048

/** Rings when any lane has news. */
export class Bell {
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
export class Lane<T extends ToldAt> {
  ended = false
  failure: {readonly error: unknown} | undefined
  /** In the order in which they came, from `place` on. */
  private held: T[] = []
  private place = 0
  /** The batches that the held items came in: where each ends among them, and when it came. */
  private batches: {readonly end: number; readonly came: number}[] = []
  private drained: () => void = () => {}
  private readonly iterator: AsyncIterator<readonly T[]>

  constructor(
    source: AsyncIterable<readonly T[]>,
    private readonly bell: Bell,
    private readonly clock: Clock,
  ) {
    this.iterator = source[Symbol.asyncIterator]()
    void this.read()
  }

  /** Nothing of it is left to tell, and it did not fail. */
  get isOver(): boolean {
    return this.ended && this.isEmpty && this.failure === undefined
  }

  get isEmpty(): boolean {
    return this.place >= this.held.length
  }

  /** Only of a lane that is not empty. */
  get first(): T {
    return this.held[this.place] as T
  }

  get isUrgent(): boolean {
    return this.first.at === undefined
  }

  /** When the first item that is held came. */
  get arrivedAt(): number {
    while ((this.batches[0]?.end ?? Number.POSITIVE_INFINITY) <= this.place) this.batches.shift()
    return this.batches[0]?.came ?? 0
  }

  take(): T {
    const item = this.first
    this.place += 1
    if (this.isEmpty) {
      this.held = []
      this.batches = []
      this.place = 0
      this.drained()
    }
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
        const wasEmpty = this.isEmpty
        for (const item of next.value) this.held.push(item)
        this.batches.push({end: this.held.length, came: this.clock.now()})
        if (wasEmpty) this.bell.now()
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
