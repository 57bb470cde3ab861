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

/** Seconds of `90`, `30s`, `5m`, `2h` or `1d`. Throws `InvalidDuration`. */
export function parseDurationSeconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text.trim())
  const unit = SECONDS_PER_UNIT[match?.[2] ?? '?']
  if (!match?.[1] || unit === undefined)
    throw new InvalidInputError(
      'InvalidDuration',
      `${quoted(text)} is not a duration; give seconds, or a number with s, m, h or d, such as 90, 30s, 5m or 2h.`,
    )
  return Number(match[1]) * unit
}
