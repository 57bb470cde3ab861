// What a process that runs for long says of itself and of what it sees, an entry an event.
import type {Timestamp} from './time.js'

export interface LogEntry {
  readonly time: Timestamp
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly cluster?: string
  readonly service?: string
  readonly task?: string
  readonly instance?: string
  /** Of an error. */
  readonly code?: string
}

/** Takes entries as they come. */
export type Log = (entry: LogEntry) => void
