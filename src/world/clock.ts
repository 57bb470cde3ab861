// Time, identity and the machine we run on.
import type {Instant} from '../model/time.js'

export interface Clock {
  now(): Instant
  /** Returns after `ms`; throws the signal's reason when it fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export interface Ids {
  /** 32 hex digits, drawn at random. */
  next(): string
}
