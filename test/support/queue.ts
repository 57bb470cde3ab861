// A list that is read while it is still being written.

export class Queue<T> {
  private readonly items: T[] = []
  private ended = false
  private wake: () => void = () => {}
  private changed = this.next()

  push(item: T): void {
    this.items.push(item)
    this.tell()
  }

  end(): void {
    this.ended = true
    this.tell()
  }

  /** Everything from place `from` on, then what comes, until the end; throws the signal's reason when it fires. */
  async *read(from: number, signal: AbortSignal): AsyncGenerator<T> {
    for (let place = from; ; ) {
      signal.throwIfAborted()
      const item = this.items[place]
      if (item !== undefined) {
        place += 1
        yield item
      } else if (this.ended) return
      else await orAborted(this.changed, signal)
    }
  }

  get length(): number {
    return this.items.length
  }

  private tell(): void {
    const {wake} = this
    this.changed = this.next()
    wake()
  }

  private next(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }
}

/** What `promise` comes to, or the signal's reason thrown when it fires first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, {once: true})
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
