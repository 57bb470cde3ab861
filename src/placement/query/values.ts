// Values that compare otherwise than as texts: versions and times.
import type {Instant} from '../../model/time.js'

const VERSION = /^v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:[-+][\w.+-]*)?$/

/** The numbers of `1.14.5`; what follows them, such as `-rc1`, counts nothing. `undefined` where it is no version. */
export function parseVersion(text: string): readonly number[] | undefined {
  return VERSION.exec(text)?.[1]?.split('.').map(Number)
}

/** Below zero where `a` is older; numbers that are not there are 0. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place += 1) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

// The four forms of ECS's guide; a time without a zone is UTC.
const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?)?$/

/** `2018-06-18T22:28:28+00:00`, with `Z`, without a zone, or the day alone, which is its midnight. `undefined` where it is none. */
export function parseMoment(text: string): Instant | undefined {
  if (!MOMENT.test(text)) return undefined
  const isZoned = text.length === 10 || /(?:Z|[+-]\d\d:\d\d)$/.test(text)
  const parsed = Date.parse(isZoned ? text : `${text}Z`)
  return Number.isNaN(parsed) ? undefined : parsed
}
