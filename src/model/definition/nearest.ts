// Which known word a misspelt one may mean.

/** The first of the words nearest to `word`, when no more than a third of its letters (two at least) must change; else `undefined`. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const allowed = Math.max(2, Math.floor(word.length / 3))
  // A longer word cannot be near, and must not cost the square of its length.
  const distances = words.map((other) =>
    Math.abs(other.length - word.length) > allowed ? Number.POSITIVE_INFINITY : distance(word, other),
  )
  const least = Math.min(...distances)
  return least <= allowed ? words[distances.indexOf(least)] : undefined
}

/** Letters to insert, leave out or replace (Levenshtein), letters of another case being the same. */
function distance(one: string, other: string): number {
  const [from, to] = [one.toLowerCase(), other.toLowerCase()]
  let row = Array.from({length: to.length + 1}, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
