// Lines told apart: each with a mark before it, and whole.
import type {Output, OutputChunk} from '../world/engine.js'

const NEWLINE = 10

/** What stands before a line, by the moment at which its first part was taken, where that is known. */
export type MarkOf = (at: string | undefined) => string

/** The same output in whole lines, each with its mark before it; a last line without an end gets one. The streams are kept apart. */
export async function* prefixed(output: Output, markOf: MarkOf): AsyncGenerator<readonly OutputChunk[]> {
  const mark = markBytes(markOf)
  const begun: {[K in OutputChunk['stream']]: readonly OutputChunk[]} = {stdout: [], stderr: []}
  for await (const batch of output) {
    const told: OutputChunk[] = []
    for (const chunk of batch) {
      const parts = begun[chunk.stream]
      const end = chunk.bytes.lastIndexOf(NEWLINE) + 1
      if (end === 0) begun[chunk.stream] = [...parts, chunk]
      else {
        const [first = chunk] = parts
        const last = end === chunk.bytes.length ? chunk.bytes : chunk.bytes.subarray(0, end)
        told.push(marked(first, parts.length === 0 ? [last] : [...parts.map(({bytes}) => bytes), last], mark(first.at)))
        if (parts.length > 0 || end < chunk.bytes.length)
          begun[chunk.stream] = end < chunk.bytes.length ? [{...chunk, bytes: chunk.bytes.subarray(end)}] : []
      }
    }
    if (told.length > 0) yield told
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const [first, ...others] = begun[stream]
    if (first) yield [marked(first, [first, ...others].map(({bytes}) => bytes).concat(Uint8Array.of(NEWLINE)), mark(first.at))]
  }
}

/** `parts` joined end with a newline. */
function marked({at, stream}: OutputChunk, parts: readonly Uint8Array[], mark: Uint8Array): OutputChunk {
  const lines = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  const pieces: Uint8Array[] = []
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf(NEWLINE, start) + 1
    pieces.push(mark, start === 0 && end === lines.length ? lines : lines.subarray(start, end))
    start = end
  }
  const bytes = Buffer.concat(pieces)
  return at === undefined ? {stream, bytes} : {stream, at, bytes}
}

/** The bytes of marks; those of one log are the same line after line, unless they hold its moment. */
function markBytes(markOf: MarkOf): (at: string | undefined) => Uint8Array {
  let last = {text: '', bytes: Buffer.alloc(0)}
  return (at) => {
    const text = markOf(at)
    if (text !== last.text) last = {text, bytes: Buffer.from(text)}
    return last.bytes
  }
}
