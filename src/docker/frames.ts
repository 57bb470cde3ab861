// Docker's multiplexed output: frames of an 8-byte header (stream, three zeros, big-endian length) and their bytes.
// (Engine API, "Attach to a container", stream format, read 2026-11-23.) A loop, not recursion: one piece may hold thousands of frames.
import type {OutputChunk} from '../world/engine.js'
import {GarbledStream, ToldInStream} from './garbled.js'

const HEADER_BYTES = 8
/** Docker cuts output into 16 to 64 KiB; a length beyond this is a header read in the wrong place. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024
const SYSTEM_ERROR = 3

/**
 * The frames of `source`, one chunk each, empty ones left out, whatever pieces the bytes come in. The next piece is asked for only
 * when the frames before it were taken. Throws `GarbledStream` on a header that is none and on an end inside a frame.
 */
export async function* frames(source: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  const pending = new Pending()
  let header: Uint8Array | undefined
  for await (const piece of source) {
    pending.push(piece)
    for (;;) {
      header ??= pending.take(HEADER_BYTES)
      const body = header && pending.take(lengthOf(header))
      if (!header || !body) break
      const chunk = chunkOf(header, body)
      header = undefined
      if (chunk) yield chunk
    }
  }
  if (header || pending.size > 0) throw new GarbledStream('the output ended in the middle of a frame')
}

/** The output of a terminal, which comes without frames: all of it is `stdout`. */
export async function* terminalOutput(source: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  for await (const bytes of source) if (bytes.length > 0) yield {stream: 'stdout', bytes}
}

function lengthOf(header: Uint8Array): number {
  const [stream = 0, a, b, c] = header
  const length = new DataView(header.buffer, header.byteOffset).getUint32(4)
  if (stream > SYSTEM_ERROR || a !== 0 || b !== 0 || c !== 0 || length > MAX_FRAME_BYTES)
    throw new GarbledStream('the output is not in frames')
  return length
}

function chunkOf(header: Uint8Array, bytes: Uint8Array): OutputChunk | undefined {
  if (header[0] === SYSTEM_ERROR) throw new ToldInStream(new TextDecoder().decode(bytes))
  return bytes.length === 0 ? undefined : {stream: header[0] === 2 ? 'stderr' : 'stdout', bytes}
}

/** Bytes that came and are not yet taken; joined only when taken, so that a large frame in small pieces is copied once. */
class Pending {
  size = 0
  private pieces: Uint8Array[] = []

  push(piece: Uint8Array): void {
    this.pieces.push(piece)
    this.size += piece.length
  }

  /** The next `count` bytes, or `undefined` while there are fewer. */
  take(count: number): Uint8Array | undefined {
    if (this.size < count) return undefined
    const first = this.pieces[0]
    const whole = this.pieces.length === 1 && first ? first : Buffer.concat(this.pieces)
    this.pieces = whole.length === count ? [] : [whole.subarray(count)]
    this.size -= count
    return whole.subarray(0, count)
  }
}
