// Output that is followed, made whole. Docker before 23 (API 1.42) ends it as soon as the container does, though the log may hold more that it has
// not sent yet: seen on 20.10.24, where a task that printed 10 MB and ended was cut after 1 MB, in one run of four.
import type {OutputChunk} from '../world/engine.js'

/** The API of the first engine that follows a log to its end. */
export const FOLLOWS_TO_THE_END = '1.42'

/**
 * What is followed, then what `again` holds beyond it: the same log from the same place, read once more when it has ended. Nothing comes twice; where
 * the log was rotated meanwhile, nothing is added.
 */
export async function* madeWhole(
  followed: AsyncIterable<OutputChunk>,
  again: () => AsyncIterable<OutputChunk>,
): AsyncGenerator<OutputChunk> {
  const passed = {stdout: 0, stderr: 0}
  for await (const chunk of followed) {
    passed[chunk.stream] += chunk.bytes.length
    yield chunk
  }
  for await (const chunk of again()) {
    const known = Math.min(passed[chunk.stream], chunk.bytes.length)
    passed[chunk.stream] -= known
    if (known < chunk.bytes.length) yield {...chunk, bytes: chunk.bytes.subarray(known)}
  }
}
