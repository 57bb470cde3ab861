// Output of a program in a container, written to our own as it comes and no faster than it is read.
import {once} from 'node:events'
import type {OutputChunk} from '../world/engine.js'

/** Where output goes: `process`, or what a test gives. */
export interface Outlets {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
}

/** Returns when `output` has ended and all of it is handed over; without `outlets` it is only waited for. */
export async function passOn(output: AsyncIterable<OutputChunk>, outlets: Outlets | undefined): Promise<void> {
  for await (const {bytes, stream} of output) {
    const outlet = outlets?.[stream]
    if (outlet && !outlet.write(bytes)) await once(outlet, 'drain')
  }
}
