// A clock for worlds in memory: as soon as nobody has anything to do but wait, it leaps to the moment for which the first of them waits. Hours take no time, and nobody wakes too
// early or out of turn.
import {type Instant, instant} from '../../src/model/time.js'
import type {Clock} from '../../src/world/clock.js'

interface Sleeper {
  readonly at: Instant
  readonly wake: () => void
}

export class LeapingClock implements Clock {
  #now: Instant
  #isLeaping = false
  readonly #sleepers = new Set<Sleeper>()

  /** Engines in memory know no other time than the true one: it begins with that. */
  constructor(begin: Instant = instant(new Date().toISOString())) {
    this.#now = begin
  }

  now(): Instant {
    return this.#now
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const end = () => {
        signal.removeEventListener('abort', onAbort)
        this.#sleepers.delete(sleeper)
      }
      const onAbort = () => {
        end()
        reject(signal.reason)
      }
      const wake = () => {
        end()
        resolve()
      }
      const sleeper = {at: this.#now + Math.max(0, ms), wake}
      signal.addEventListener('abort', onAbort, {once: true})
      this.#sleepers.add(sleeper)
      this.#leapWhenIdle()
    })
  }

  /** All that can be done in memory is done before an immediate; what it wakes may do more. */
  #leapWhenIdle(): void {
    if (this.#isLeaping) return
    this.#isLeaping = true
    setImmediate(() => {
      this.#isLeaping = false
      const [first] = [...this.#sleepers].sort((a, b) => a.at - b.at)
      if (!first) return
      this.#now = Math.max(this.#now, first.at)
      first.wake()
      if (this.#sleepers.size > 0) this.#leapWhenIdle()
    })
  }
}
