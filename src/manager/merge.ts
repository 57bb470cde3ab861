// Several streams of output as one.

/** What the sources give, as it comes; ends when all have ended. One that fails ends them all with its error. */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncIterable<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]())
  const pending = new Map(iterators.map((iterator) => [iterator, take(iterator)]))
  try {
    while (pending.size > 0) {
      const {iterator, result} = await Promise.race(pending.values())
      if (result.done) pending.delete(iterator)
      else {
        pending.set(iterator, take(iterator))
        yield result.value
      }
    }
  } finally {
    // The others may be waiting for output that never comes: they end by their own signal, nobody waits for them here.
    for (const iterator of pending.keys()) void iterator.return?.()
  }
}

async function take<T>(iterator: AsyncIterator<T>): Promise<{readonly iterator: AsyncIterator<T>; readonly result: IteratorResult<T>}> {
  return {iterator, result: await iterator.next()}
}
