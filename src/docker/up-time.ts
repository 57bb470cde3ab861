// How long a container has been up at most, as a listing tells it in words (docker/go-units, HumanDuration, read 2026-11-27).

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The longest that a number of the unit stands for, beyond the number itself; hours are rounded, the others cut. */
const UNITS: Readonly<Record<string, {readonly ms: number; readonly more: number}>> = {
  second: {ms: SECOND, more: 1},
  minute: {ms: MINUTE, more: 1},
  hour: {ms: HOUR, more: 0.5},
  day: {ms: DAY, more: 1},
  week: {ms: 7 * DAY, more: 1},
  month: {ms: 30 * DAY, more: 1},
  year: {ms: 365 * DAY, more: 1},
}

const UP = /^Up (?:(less than a second)|(about an?|\d+) (second|minute|hour|day|week|month|year)s?)\b/i

/** Nothing where the words tell none: it is not up, or they are of another Docker. */
export function upAtMost(words = ''): {readonly upAtMostMs?: number} {
  const [, moment, count = '', name = ''] = UP.exec(words) ?? []
  if (moment !== undefined) return {upAtMostMs: SECOND}
  const unit = UNITS[name.toLowerCase()]
  if (!unit) return {}
  const number = /^\d+$/.test(count) ? Number(count) : 1
  return {upAtMostMs: (number + unit.more) * unit.ms}
}
