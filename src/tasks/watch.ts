// Waiting until something happens to containers of one engine: its stream of events, shared by all who wait, and a look now and then all the same.
// - Who waits takes a ticket before looking: what happens between the look and the wait is not missed.
// - The stream may break or begin late: the longest pause bounds what that costs, and the look itself tells whether the engine is there.
import {setMaxListeners} from 'node:events'
import type {Instant} from '../model/time.js'
import type {Clock} from '../world/clock.js'
import type {Engine} from '../world/engine.js'

/** How many events had been heard of some containers. */
export type Ticket = number

/** The first pauses are short, since the stream may begin after what it should have told. */
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 5000

export class EngineWatch {
  private readonly heard = new Map<string, number>()
  private readonly waiting = new Set<() => void>()
  private isListening = false

  constructor(
    private readonly engine: Engine,
    private readonly clock: Clock,
    /** Ends the stream. */
    private readonly signal: AbortSignal,
  ) {}

  ticket(names: readonly string[]): Ticket {
    return names.reduce((sum, name) => sum + (this.heard.get(name) ?? 0), 0)
  }

  /**
   * Returns once anything has happened to one of the containers since the ticket, at `wakeAt`, or after a pause that grows with `round`, the number of
   * times that was waited in a row. Throws the signal's reason.
   */
  async changed(names: readonly string[], ticket: Ticket, round: number, wakeAt: Instant | undefined, signal: AbortSignal): Promise<void> {
    this.listen()
    const pauseMs = Math.min(
      FIRST_PAUSE_MS * 2 ** Math.min(round, 20),
      LONGEST_PAUSE_MS,
      Math.max(0, (wakeAt ?? Infinity) - this.clock.now()),
    )
    const done = new AbortController()
    const until = AbortSignal.any([signal, done.signal])
    setMaxListeners(0, until)
    const happened = new Promise<void>((resolve) => {
      const ask = () => {
        if (this.ticket(names) === ticket) return
        this.waiting.delete(ask)
        resolve()
      }
      this.waiting.add(ask)
      until.addEventListener('abort', () => this.waiting.delete(ask), {once: true})
      ask()
    })
    try {
      await Promise.race([happened, this.clock.sleep(pauseMs, until)])
    } finally {
      done.abort()
    }
  }

  private listen(): void {
    if (this.isListening || this.signal.aborted) return
    this.isListening = true
    void this.hear().finally(() => {
      this.isListening = false
    })
  }

  private async hear(): Promise<void> {
    try {
      for await (const {attributes, type} of this.engine.events({}, this.signal)) {
        const {name} = attributes
        if (type !== 'container' || name === undefined) continue
        this.heard.set(name, (this.heard.get(name) ?? 0) + 1)
        for (const ask of [...this.waiting]) ask()
      }
    } catch {
      // The stream has ended, with the engine or with us: who waits looks after its pause, and the next wait begins a new one.
    }
  }
}

/** The watches of one command: one for each engine, all ended by `close`. */
export class Watches {
  private readonly byEngine = new Map<Engine, EngineWatch>()
  private readonly closing = new AbortController()

  constructor(private readonly clock: Clock) {}

  of(engine: Engine): EngineWatch {
    const watch = this.byEngine.get(engine) ?? new EngineWatch(engine, this.clock, this.closing.signal)
    this.byEngine.set(engine, watch)
    return watch
  }

  close(): void {
    this.closing.abort()
  }
}
