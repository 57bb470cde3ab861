// Output of a program in a container, written to our own as it comes and no faster than it is read.
import {once} from 'node:events'
import type {Output, OutputChunk} from '../world/engine.js'

/** Where output goes: `process`, or what a test gives. */
export interface Outlets {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
}

/** Returns when `output` has ended and all of it is handed over; without `outlets` it is only waited for. */
export async function passOn(output: Output, outlets: Outlets | undefined): Promise<void> {
  for await (const batch of output) {
    if (!outlets) continue
    for (const {bytes, stream} of runsOf(batch)) if (!outlets[stream].write(bytes)) await once(outlets[stream], 'drain')
  }
}

/** Neighbours of one stream as one: each write is a call to the system, and the two streams keep their order. */
function* runsOf(batch: readonly OutputChunk[]): Generator<OutputChunk> {
  for (let begin = 0; begin < batch.length; ) {
    const {stream} = batch[begin] as OutputChunk
    let end = begin + 1
    while (batch[end]?.stream === stream) end += 1
    const parts = batch.slice(begin, end).map(({bytes}) => bytes)
    yield {stream, bytes: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)}
    begin = end
  }
}
