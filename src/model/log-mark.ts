// How far a log was read: what is read anew from there repeats nothing and leaves nothing out. An engine takes what a container prints and what it says of
// errors by two hands, each of which notes the moment before it writes: the moments of one stream rise, those of the log need not (seen on 20.10.24).
import {instant, timestamp} from './time.js'

/** Something that was told at a moment; texts of moments compare as moments do. */
export interface ToldAt {
  readonly at?: string
}

type Stream = 'stdout' | 'stderr'

interface Told extends ToldAt {
  readonly stream: Stream
}

/** The moment of the last message of a stream that was handed on, and how many of that very moment were. */
interface StreamMark {
  readonly at: string
  readonly count: number
}

export interface LogMark {
  /** The moment of the first message that was handed on. */
  readonly first: string
  readonly streams: Readonly<Partial<Record<Stream, StreamMark>>>
}

/** Two streams are written by the order of their moments but for so much at most. */
const DISORDER_MS = 1000

/** The mark once these are handed on too; messages without a moment leave it where it is. */
export function after(mark: LogMark | undefined, messages: readonly Told[]): LogMark | undefined {
  const streams = {...mark?.streams}
  let first = mark?.first
  for (const {at, stream} of messages) {
    if (at === undefined) continue
    first ??= at
    streams[stream] = {at, count: at === streams[stream]?.at ? streams[stream].count + 1 : 1}
  }
  return first === undefined ? undefined : {first, streams}
}

/** From when on a log must be read anew for nothing behind the mark to be missed: to be read through `behind`. Never before `earliest`. */
export function sinceMark({streams}: LogMark, earliest?: string): string {
  const moments = Object.values(streams).map(({at}) => instant(at))
  const since = Math.max(...moments) - DISORDER_MS
  return earliest !== undefined && instant(earliest) >= since ? earliest : timestamp(since)
}

/**
 * What is left of each batch of a log that is read from `sinceMark` on: without what was handed on already. Of a stream that had told nothing, what is older
 * than the first message of the others was not wanted. To be called with one batch after the other.
 */
export function behind<T extends Told>(mark: LogMark | undefined): (messages: readonly T[]) => readonly T[] {
  if (mark === undefined) return (messages) => messages
  const open: Record<Stream, (at: string) => boolean> = {
    stdout: opening(mark.streams.stdout ?? {at: mark.first, count: 0}),
    stderr: opening(mark.streams.stderr ?? {at: mark.first, count: 0}),
  }
  return (messages) => messages.filter(({at, stream}) => at === undefined || open[stream](at))
}

/** Is a message new? Once one is, all that follow are: a clock may be set back. */
function opening({at: last, count}: StreamMark): (at: string) => boolean {
  let known = count
  let isOpen = false
  return (at) => {
    if (isOpen || at < last) return isOpen
    if (at === last && known > 0) {
      known -= 1
      return false
    }
    isOpen = true
    return true
  }
}
