// Messages of a log with the moment at which the engine took each: Docker writes it before each message when it is asked to, and here it is taken off.
// (Engine API, "Get container logs", timestamps; RFC 3339 with nine decimals; read 2026-11-26.)
import type {Output, OutputChunk} from '../world/engine.js'

const SPACE = 32
const NEWLINE = 10

/** `2026-11-26T16:35:10.123456789Z`, or with an offset in place of the Z. */
const LONGEST_MOMENT = 35
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d)$/

/** A message is as long at most: Docker cuts longer lines, and writes a moment before each part. */
const LONGEST_MESSAGE = 16 * 1024

/** Each chunk is one message, as the frames of a log are; one without a moment before it stays as it is. */
export async function* timed(frames: Output): AsyncGenerator<readonly OutputChunk[]> {
  for await (const batch of frames) {
    // One of nothing but its moment tells nothing.
    const messages = batch.map(({bytes, stream}) => messageOf(bytes, stream)).filter(({bytes}) => bytes.length > 0)
    if (messages.length > 0) yield messages
  }
}

/** As `timed`, of a terminal's output, which comes without frames: a message ends with its line, or where Docker cut it. */
export async function* timedLines(output: Output): AsyncGenerator<readonly OutputChunk[]> {
  let rest: Uint8Array = new Uint8Array()
  for await (const batch of output) {
    const bytes = Buffer.concat([rest, ...batch.map((chunk) => chunk.bytes)])
    const messages: OutputChunk[] = []
    let place = 0
    for (let end = messageEnd(bytes); end > 0; end = messageEnd(bytes.subarray(place))) {
      messages.push(messageOf(bytes.subarray(place, place + end), 'stdout'))
      place += end
    }
    rest = bytes.subarray(place)
    if (messages.length > 0) yield messages
  }
  if (rest.length > 0) yield [messageOf(rest, 'stdout')]
}

function messageOf(bytes: Uint8Array, stream: OutputChunk['stream']): OutputChunk {
  const length = momentLength(bytes)
  return length === 0 ? {stream, bytes} : {stream, at: momentOf(bytes, length), bytes: bytes.subarray(length + 1)}
}

/** Where the first whole message of the bytes ends; 0 while there is none. */
function messageEnd(bytes: Uint8Array): number {
  const length = momentLength(bytes)
  const longest = length === 0 ? bytes.length : length + 1 + LONGEST_MESSAGE
  const newline = bytes.indexOf(NEWLINE)
  if (newline >= 0 && newline < longest) return newline + 1
  return length > 0 && bytes.length >= longest ? longest : 0
}

/** How many bytes the moment at the beginning takes; 0 where there is none. */
function momentLength(bytes: Uint8Array): number {
  const space = bytes.subarray(0, LONGEST_MOMENT + 1).indexOf(SPACE)
  return space > 0 && MOMENT.test(momentOf(bytes, space)) ? space : 0
}

function momentOf(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1')
}
