// What containers and the engine say as it happens: logs and events.
import {type Instant, instant, timestamp} from '../model/time.js'
import type {EngineEvent, LogOptions, Output} from '../world/engine.js'
import type {Call} from './wire.js'
import {frames, terminalOutput} from './frames.js'
import {asObject, type JsonObject} from './ndjson.js'
import {timed, timedLines} from './timed.js'

const EVENT_TYPES: readonly EngineEvent['type'][] = ['container', 'daemon', 'image', 'network', 'volume']

/** The query of `GET /containers/ID/logs`. */
export function logQuery(options: LogOptions): NonNullable<Call['query']> {
  return {
    stdout: true,
    stderr: true,
    follow: options.follow ?? false,
    timestamps: true,
    ...(options.since === undefined ? {} : {since: unixTime(options.since)}),
    ...(options.tail === undefined ? {} : {tail: options.tail}),
  }
}

/** How a container's log is taken apart into messages with their moments: a terminal's comes without frames. */
export function logReader(isTerminal: boolean): (bytes: AsyncIterable<Uint8Array>) => Output {
  return isTerminal ? (bytes) => timedLines(terminalOutput(bytes)) : (bytes) => timed(frames(bytes))
}

/** The query of `GET /events`. */
export function eventQuery(since: string | undefined): NonNullable<Call['query']> {
  return {filters: {type: EVENT_TYPES}, ...(since === undefined ? {} : {since: unixTime(since)})}
}

/** The event in our words; `undefined` for a kind of thing that we do not know. */
export function engineEvent(json: JsonObject): EngineEvent | undefined {
  const type = EVENT_TYPES.find((one) => one === json['Type'])
  if (!type) return undefined
  const actor = asObject(json['Actor'])
  const attributes = Object.entries(asObject(actor['Attributes'])).map(([name, value]) => [name, String(value)])
  return {
    at: timestamp(eventInstant(json)),
    type,
    action: String(json['Action'] ?? ''),
    subject: String(actor['ID'] ?? ''),
    attributes: Object.fromEntries(attributes),
  }
}

function eventInstant(json: JsonObject): Instant {
  return Math.floor(Number(json['timeNano'] ?? 0) / 1e6) || Number(json['time'] ?? 0) * 1000
}

/** Seconds since the epoch with nine decimals, as Docker's `since` takes them; a timestamp with nanoseconds keeps them. */
export function unixTime(text: string): string {
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? ''
  return `${Math.floor(instant(text) / 1000)}.${fraction.padEnd(9, '0')}`
}
