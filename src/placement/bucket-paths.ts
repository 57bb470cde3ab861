// Buckets within buckets: where the spreads over attributes that lead a request put each instance, and how many tasks of a group each bucket has.
import type {Candidate} from './fleet.js'
import type {FleetLedger} from './fleet-ledger.js'
import {bucketOf} from './strategies.js'

export class BucketPaths {
  /** The innermost bucket of each place, numbered in the order of the places. */
  readonly pathOf: Int32Array
  /** Of each innermost bucket the numbers of the buckets around it, outermost first, and its own last. */
  private readonly lineages: (readonly number[])[] = []
  private readonly numbers = new Map<string, number>()
  private readonly countsByGroup = new Map<string, number[]>()

  /** `attributes`: outermost first; without any, all are in one bucket. */
  constructor(
    private readonly ledger: FleetLedger,
    attributes: readonly string[],
  ) {
    const paths = new Map<number, number>()
    this.pathOf = Int32Array.from(ledger.candidates, (candidate) => {
      const lineage = this.lineageOf(candidate, attributes)
      const innermost = lineage.at(-1) ?? -1
      const path = paths.get(innermost) ?? this.lineages.length
      if (path === this.lineages.length) {
        paths.set(innermost, path)
        this.lineages.push(lineage)
      }
      return path
    })
  }

  get count(): number {
    return this.lineages.length
  }

  /** The innermost buckets, those with the fewest tasks of the group first; those that have equally many, at every level, are together. */
  inTurn(group: string): readonly (readonly number[])[] {
    const counts = this.countsOf(group)
    const compare = (a: number, b: number): number => {
      const [one = [], other = []] = [this.lineages[a], this.lineages[b]]
      for (const [level, bucket] of one.entries()) {
        const difference = (counts[bucket] ?? 0) - (counts[other[level] ?? 0] ?? 0)
        if (difference !== 0) return difference
      }
      return 0
    }
    const turns: number[][] = []
    for (const path of this.lineages.map((_, number) => number).sort(compare)) {
      const turn = turns.at(-1)
      if (turn && compare(turn[0] ?? 0, path) === 0) turn.push(path)
      else turns.push([path])
    }
    return turns
  }

  /** To be called once the place has so many more tasks of the group. */
  hasTaken(place: number, group: string, count: number): void {
    const counts = this.countsByGroup.get(group)
    if (counts) this.countIn(counts, place, count)
  }

  private countsOf(group: string): readonly number[] {
    const known = this.countsByGroup.get(group)
    if (known) return known
    const counts: number[] = []
    for (const [place, count] of this.ledger.tasksOf(group)) this.countIn(counts, place, count)
    this.countsByGroup.set(group, counts)
    return counts
  }

  private countIn(counts: number[], place: number, more: number): void {
    for (const bucket of this.lineages[this.pathOf[place] ?? 0] ?? []) counts[bucket] = (counts[bucket] ?? 0) + more
  }

  private lineageOf(candidate: Candidate, attributes: readonly string[]): readonly number[] {
    const values = attributes.map((attribute) => bucketOf(candidate, attribute) ?? null)
    return values.map((_, level) => {
      const name = JSON.stringify(values.slice(0, level + 1))
      const number = this.numbers.get(name) ?? this.numbers.size
      this.numbers.set(name, number)
      return number
    })
  }
}
