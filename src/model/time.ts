// Instants inside, ISO 8601 in documents; durations as a person types them.
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'

/** Milliseconds since the epoch. */
export type Instant = number

/** An instant as documents hold it: ISO 8601, UTC, milliseconds, such as `2026-11-23T20:56:00.000Z`. */
export type Timestamp = string

export function timestamp(instant: Instant): Timestamp {
  return new Date(instant).toISOString()
}

/** The instant a timestamp names; also reads Docker's nanoseconds, which are cut. */
export function instant(text: Timestamp): Instant {
  return Date.parse(text)
}

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = {'': 1, d: 86_400, h: 3600, m: 60, s: 1}

/** Timers of Node end at 2^31 milliseconds, a little later; whoever needs more forgot a unit. */
const MAX_DURATION_SECONDS = 24 * 86_400

/** Whole seconds of `90`, `30s`, `1.5m`, `2h` or `1d`, at most 24 days: engines count no parts of one. Throws `InvalidDuration`. */
export function parseDurationSeconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text.trim())
  const unit = SECONDS_PER_UNIT[match?.[2] ?? '?']
  if (!match?.[1] || unit === undefined)
    throw invalid(`${quoted(text)} is not a duration; give seconds, or a number with s, m, h or d, such as 90, 30s, 5m or 2h.`)
  // Rounded to millionths: 1.15 h are 4140 s, whatever a binary fraction makes of it.
  const seconds = Math.round(Number(match[1]) * unit * 1e6) / 1e6
  if (!Number.isSafeInteger(seconds)) throw invalid(`${quoted(text)} is not a duration of whole seconds.`)
  if (seconds > MAX_DURATION_SECONDS) throw invalid(`${quoted(text)} is too long a duration; the longest is 24d.`)
  return seconds
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('InvalidDuration', message, {
    suggestions: ['berth task stop TASK --timeout 30s', 'berth task wait TASK --timeout 5m'],
  })
}
