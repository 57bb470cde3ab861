// Entries of a log as lines: for a person and the journal of systemd, or a JSON document each for whatever gathers logs.
import type {Log, LogEntry} from '../model/log-entry.js'
import {visible} from './table.js'

export type LogFormat = 'json' | 'text'

/** One line, without its end: whatever stands in the message stays in it. */
export function logLine(entry: LogEntry, format: LogFormat): string {
  if (format === 'json') return JSON.stringify(entry)
  const {code, level, message, time} = entry
  return visible(`${time} ${level.padEnd(5)} ${message}${code === undefined ? '' : ` [${code}]`}`)
}

/** Writes each entry as soon as it comes. */
export function logTo(stream: NodeJS.WritableStream, format: LogFormat): Log {
  return (entry) => void stream.write(`${logLine(entry, format)}\n`)
}
