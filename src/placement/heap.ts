// A binary heap whose first item alone is ever changed or taken: what is best next costs the logarithm of how many there are.

export class Heap<T> {
  /** `isBefore` is a strict order without ties. The items become the heap's own. */
  constructor(
    private readonly isBefore: (a: T, b: T) => boolean,
    private readonly items: T[],
  ) {
    for (let place = (items.length >> 1) - 1; place >= 0; place -= 1) this.sink(place)
  }

  get first(): T | undefined {
    return this.items[0]
  }

  /** To be called once the first item has changed. */
  firstChanged(): void {
    this.sink(0)
  }

  dropFirst(): void {
    const last = this.items.pop()
    if (last === undefined || this.items.length === 0) return
    this.items[0] = last
    this.sink(0)
  }

  private sink(from: number): void {
    const {items} = this
    const item = items[from] as T
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= items.length) break
      if (child + 1 < items.length && this.isBefore(items[child + 1] as T, items[child] as T)) child += 1
      if (!this.isBefore(items[child] as T, item)) break
      items[place] = items[child] as T
      place = child
    }
    items[place] = item
  }
}
