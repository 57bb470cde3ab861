// Docker's multiplexed output: frames of an 8-byte header (stream, three zeros, big-endian length) and their bytes.
// (Engine API, "Attach to a container", stream format, read 2026-11-23.)
import type {Output, OutputChunk} from '../world/engine.js'
import {GarbledStream, ToldInStream} from './garbled.js'

const HEADER_BYTES = 8
/** Docker cuts output into 16 to 64 KiB; a length beyond this is a header read in the wrong place. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024
const SYSTEM_ERROR = 3

/**
 * The frames of `source`, one chunk each, empty ones left out, whatever pieces the bytes come in; those that one piece ends are one batch. The next piece
 * is asked for only when the frames before it were taken. Throws `GarbledStream` on a header that is none and on an end inside a frame.
 */
export async function* frames(source: AsyncIterable<Uint8Array>): AsyncGenerator<readonly OutputChunk[]> {
  // Joined only when there is enough for a frame, so that a large one in small pieces is copied once.
  let pending: Uint8Array[] = []
  let size = 0
  let needed = HEADER_BYTES
  for await (const piece of source) {
    pending.push(piece)
    size += piece.length
    if (size < needed) continue
    const {chunks, failure, missing, rest} = whole(joined(pending))
    if (chunks.length > 0) yield chunks
    if (failure) throw failure
    pending = rest.length > 0 ? [rest] : []
    size = rest.length
    needed = rest.length + missing
  }
  if (size > 0) throw new GarbledStream('the output ended in the middle of a frame')
}

/** The output of a terminal, which comes without frames: all of it is `stdout`. */
export async function* terminalOutput(source: AsyncIterable<Uint8Array>): Output {
  for await (const bytes of source) if (bytes.length > 0) yield [{stream: 'stdout', bytes}]
}

interface Taken {
  readonly chunks: readonly OutputChunk[]
  /** What follows the chunks, where it is no frame of output. */
  readonly failure?: GarbledStream | ToldInStream
  /** The beginning of a frame, and how many bytes it lacks. */
  readonly rest: Buffer
  readonly missing: number
}

/** The whole frames at the beginning of the bytes. */
function whole(bytes: Buffer): Taken {
  const chunks: OutputChunk[] = []
  let place = 0
  while (bytes.length - place >= HEADER_BYTES) {
    const length = bytes.readUInt32BE(place + 4)
    if (!isHeader(bytes, place, length)) return ended(chunks, new GarbledStream('the output is not in frames'))
    const begin = place + HEADER_BYTES
    const missing = begin + length - bytes.length
    if (missing > 0) return {chunks, missing, rest: bytes.subarray(place)}
    const stream = bytes[place]
    const body = bytes.subarray(begin, begin + length)
    if (stream === SYSTEM_ERROR) return ended(chunks, new ToldInStream(new TextDecoder().decode(body)))
    if (length > 0) chunks.push({stream: stream === 2 ? 'stderr' : 'stdout', bytes: body})
    place = begin + length
  }
  const rest = bytes.subarray(place)
  return {chunks, missing: HEADER_BYTES - rest.length, rest}
}

function ended(chunks: readonly OutputChunk[], failure: GarbledStream | ToldInStream): Taken {
  return {chunks, failure, missing: 0, rest: Buffer.alloc(0)}
}

function isHeader(bytes: Buffer, place: number, length: number): boolean {
  const isQuiet = bytes[place + 1] === 0 && bytes[place + 2] === 0 && bytes[place + 3] === 0
  return (bytes[place] ?? 0) <= SYSTEM_ERROR && isQuiet && length <= MAX_FRAME_BYTES
}

function joined(pieces: readonly Uint8Array[]): Buffer {
  const [only] = pieces
  if (only && pieces.length === 1) return Buffer.from(only.buffer, only.byteOffset, only.byteLength)
  return Buffer.concat(pieces)
}
