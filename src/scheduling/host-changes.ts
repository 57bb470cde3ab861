// What of a host is another than it was recorded, and how far its clock is off: as `doctor` and `cluster drift` both tell it.
import type {EngineFacts} from '../model/instance.js'

/** Docker's and Berth's times are compared to the second: more than this makes one wonder about which came first. */
export const MOST_CLOCK_MS = 2000

/** What a person does about a clock; Berth does not touch it. */
export const MEND_CLOCK = 'timedatectl set-ntp true (on the host)'

/** Of the memory of a host, which is of no weight. */
const SMALL_SHARE = 0.02

/** What placement goes by, and what a person would want to know. */
const FIELDS = [
  'architecture',
  'cpuCount',
  'memoryMiB',
  'storageDriver',
  'imageStore',
  'engineVersion',
  'gpuIds',
  'loggingDrivers',
  'securityOptions',
] as const

export interface EngineChange {
  readonly field: (typeof FIELDS)[number]
  readonly was: string
  readonly is: string
  /** Placement goes by it; not a newer engine, and not the little of the memory that one kernel takes more than another. */
  readonly isGrave: boolean
}

/** What was recorded and is another now, in a fixed order; lists count as sets. */
export function engineChanges(was: EngineFacts, now: EngineFacts): readonly EngineChange[] {
  const isSmall = Math.abs(was.memoryMiB - now.memoryMiB) <= was.memoryMiB * SMALL_SHARE
  return FIELDS.filter((field) => textOf(was[field]) !== textOf(now[field])).map((field) => ({
    field,
    was: textOf(was[field]),
    is: textOf(now[field]),
    isGrave: field !== 'engineVersion' && !(field === 'memoryMiB' && isSmall),
  }))
}

/** `3.2 s ahead of` or `3.2 s behind`; `undefined` where it is right enough. */
export function clockOff(clockAheadMs: number): string | undefined {
  if (Math.abs(clockAheadMs) <= MOST_CLOCK_MS) return undefined
  return `${(Math.abs(clockAheadMs) / 1000).toFixed(1)} s ${clockAheadMs > 0 ? 'ahead of' : 'behind'}`
}

function textOf(value: EngineFacts[keyof EngineFacts]): string {
  return Array.isArray(value) ? [...value].sort().join(' ') || 'none' : String(value)
}
