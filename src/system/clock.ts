// The machine's clock.
import {setTimeout as delay} from 'node:timers/promises'
import type {Instant} from '../model/time.js'
import type {Clock} from '../world/clock.js'

export class SystemClock implements Clock {
  now(): Instant {
    return Date.now()
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await delay(ms, undefined, {signal})
    } catch (error) {
      // Node throws an AbortError of its own; callers are promised the signal's reason.
      signal.throwIfAborted()
      throw error
    }
  }
}
