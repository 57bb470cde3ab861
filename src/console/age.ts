// Spans of time as a person says them.
import {type Instant, instant, type Timestamp} from '../model/time.js'

const UNITS = [
  {name: 'day', seconds: 86_400},
  {name: 'hour', seconds: 3600},
  {name: 'minute', seconds: 60},
] as const

/** `3 minutes ago`, in the largest whole unit; `just now` under a second and for what a clock that runs ahead puts in the future. */
export function ago(then: Timestamp, now: Instant): string {
  const seconds = Math.floor((now - instant(then)) / 1000)
  return seconds < 1 ? 'just now' : `${span(seconds)} ago`
}

/** `1 second`, `3 minutes`, `2 days`. */
export function span(seconds: number): string {
  const unit = UNITS.find((one) => seconds >= one.seconds) ?? {name: 'second', seconds: 1}
  const count = Math.floor(seconds / unit.seconds)
  return `${count} ${unit.name}${count === 1 ? '' : 's'}`
}
