// Output that is followed, made whole. Docker before 23 (API 1.42) ends it as soon as the container does, though the log may hold more that it has
// not sent yet: seen on 20.10.24, where a task that printed 10 MB and ended was cut after 1 MB, in one run of four.
import {after, behind, type LogMark, sinceMark} from '../model/log-mark.js'
import type {Output, OutputChunk} from '../world/engine.js'

/** The API of the first engine that follows a log to its end. */
export const FOLLOWS_TO_THE_END = '1.42'

/**
 * What is followed, then what the log holds beyond it: read `again` when it has ended, from where it may go on, never before `earliest`.
 * Nothing comes twice.
 */
export async function* madeWhole(
  followed: Output,
  again: (since: string | undefined) => Output,
  earliest?: string | undefined,
): AsyncGenerator<readonly OutputChunk[]> {
  let mark: LogMark | undefined
  for await (const batch of followed) {
    mark = after(mark, batch)
    yield batch
  }
  const news = behind<OutputChunk>(mark)
  for await (const batch of again(mark ? sinceMark(mark, earliest) : earliest)) {
    const rest = news(batch)
    if (rest.length > 0) yield rest
  }
}
