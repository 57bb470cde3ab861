// Lines of logs as a program reads them: a JSON document each (ndjson).
import type {Output, OutputChunk} from '../world/engine.js'
import {prefixed} from './prefix.js'

/** Whose lines they are. */
export interface LogOrigin {
  readonly taskId: string
  readonly container: string
  readonly instance?: string
  readonly service?: string
  readonly daemon?: string
}

/** The same lines, each a document with its moment, its stream, where it is from and what it says, and all on one stream. */
export async function* asDocuments(output: Output, origin: LogOrigin): Output {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  const documentOf =
    ({at, stream}: OutputChunk) =>
    (message: string) =>
      `${JSON.stringify({...(at === undefined ? {} : {timestamp: at}), stream, ...origin, message})}\n`
  for await (const batch of prefixed(output, () => ''))
    yield batch.map((chunk): OutputChunk => {
      const lines = decoder.decode(chunk.bytes).replace(/\n$/, '').split('\n')
      return {...chunk, stream: 'stdout', bytes: encoder.encode(lines.map(documentOf(chunk)).join(''))}
    })
}
