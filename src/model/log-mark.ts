// How far a log was read: what is read anew from there repeats nothing and leaves nothing out.

/** Something that was told at a moment; texts of moments compare as moments do. */
export interface ToldAt {
  readonly at?: string
}

/** The moment of the last message that was handed on, and how many of that very moment were. */
export interface LogMark {
  readonly at: string
  readonly count: number
}

/** The mark once these are handed on too; messages without a moment leave it where it is. */
export function after(mark: LogMark | undefined, messages: readonly ToldAt[]): LogMark | undefined {
  let last = mark?.at
  let count = mark?.count ?? 0
  for (const {at} of messages) {
    if (at === undefined) continue
    count = at === last ? count + 1 : 1
    last = at
  }
  return last === undefined ? undefined : {at: last, count}
}

/**
 * What is left of each batch of a log that is read from the mark's moment on, that moment included: without the first ones of that moment, which were handed
 * on already. To be called with one batch after the other.
 */
export function behind<T extends ToldAt>(mark: LogMark | undefined): (messages: readonly T[]) => readonly T[] {
  let known = mark?.count ?? 0
  return (messages) => (known === 0 ? messages : messages.filter(({at}) => known === 0 || at !== mark?.at || known-- === 0))
}
