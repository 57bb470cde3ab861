// Pieces of logs: where each was read to, and the last of many.
import {NotFoundError} from '../errors.js'
import {after, type LogMark} from '../model/log-mark.js'
import type {Output, OutputChunk} from '../world/engine.js'

/** The same output; how far it was read stands in `marks` under the key. What is not there has no past, and is no failure of a look at the others. */
export async function* remembering(marks: Map<string, LogMark>, key: string, output: Output): Output {
  try {
    for await (const batch of output) {
      const mark = after(marks.get(key), batch)
      if (mark) marks.set(key, mark)
      yield batch
    }
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error
  }
}

/** The last of them: each log was asked for as many, so the last of all are among them. */
export async function* newest(output: Output, count: number | undefined): Output {
  if (count === undefined) {
    yield* output
    return
  }
  let kept: readonly OutputChunk[] = []
  for await (const batch of output) if (count > 0) kept = [...kept, ...batch].slice(-count)
  if (kept.length > 0) yield kept
}
