// Lines of several tasks told apart.
import type {OutputChunk} from '../world/engine.js'

const NEWLINE = 10

/** The same output in whole lines, each with `prefix` before it; a last line without an end gets one. The streams are kept apart. */
export async function* prefixed(output: AsyncIterable<OutputChunk>, prefix: string): AsyncIterable<OutputChunk> {
  const mark = new TextEncoder().encode(prefix)
  const rest: {[K in OutputChunk['stream']]: Uint8Array} = {stdout: new Uint8Array(), stderr: new Uint8Array()}
  for await (const {bytes, stream} of output) {
    const joined = concat([rest[stream], bytes])
    const end = joined.lastIndexOf(NEWLINE) + 1
    rest[stream] = joined.slice(end)
    if (end > 0) yield {stream, bytes: markLines(joined.slice(0, end), mark)}
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    if (rest[stream].length > 0) yield {stream, bytes: markLines(concat([rest[stream], Uint8Array.of(NEWLINE)]), mark)}
  }
}

/** `lines` ends with a newline. */
function markLines(lines: Uint8Array, mark: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf(NEWLINE, start) + 1
    parts.push(mark, lines.subarray(start, end))
    start = end
  }
  return concat(parts)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
