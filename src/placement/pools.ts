// The candidates of one request by its strategies, so that the best one is found, and found again after it has taken a task, without looking at all.
// - Strategies that look at each instance by itself are scores: a heap by all of them in turn, then by name.
// - A spread over an attribute parts the candidates into buckets, each a pool by the strategies that follow: a heap by how many tasks of the group each bucket
//   has, then by the best of each. Tasks are counted on all instances of the bucket, also those that can take no more; of a spread after a spread within the
//   bucket of the first.
// - A spread over an attribute after a score counts a bucket's tasks across all candidates, whatever their scores: there all are looked at.
import type {PlacementStrategy} from '../model/placement.js'
import type {Candidate} from './fleet.js'
import {Heap} from './heap.js'
import {bucketAttribute, bucketOf, type Score} from './strategies.js'

/** A candidate that can take at least one more task of the request. */
export interface Contender {
  readonly candidate: Candidate
  /** Its place by name. */
  readonly place: number
  /** By strategy; of one that counts a bucket nothing. */
  readonly scores: number[]
  taken: number
  isFull: boolean
}

/** One strategy of a request: a score, or the attribute of its buckets. */
export type Step = {readonly score: Score; readonly attribute?: undefined} | {readonly attribute: string; readonly score?: undefined}

export interface Pool {
  readonly best: Contender | undefined
  /** Every strategy's number of the best one, then its place. */
  readonly key: readonly number[]
  /** To be called once the best one has taken a task, and its own scores say so. */
  bestHasTaken(): void
}

/** The steps of the strategies; `scoreOf` makes the score of one that looks at each instance by itself. */
export function stepsOf(strategies: readonly PlacementStrategy[], scoreOf: (strategy: PlacementStrategy) => Score): readonly Step[] {
  return strategies.map((strategy) => {
    const attribute = bucketAttribute(strategy)
    return attribute === undefined ? {score: scoreOf(strategy)} : {attribute}
  })
}

/** `everywhere`: all candidates of the fleet with the number of tasks of the group on each, for the counts of buckets. */
export function poolOf(contenders: readonly Contender[], everywhere: readonly Counted[], steps: readonly Step[], from = 0): Pool {
  const [step, ...after] = steps.slice(from)
  if (step?.attribute !== undefined) return new Buckets(contenders, everywhere, steps, from, step.attribute)
  if (after.some(({attribute}) => attribute !== undefined)) return new Scan(contenders, everywhere, steps, from)
  return new Ranked(contenders, steps.length, from)
}

/** A candidate, and how many tasks of the group it has. */
export interface Counted {
  readonly candidate: Candidate
  readonly count: number
}

export function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (let at = 0; at < a.length; at += 1) {
    const difference = (a[at] as number) - (b[at] as number)
    if (difference !== 0) return difference < 0
  }
  return false
}

class Ranked implements Pool {
  private readonly heap: Heap<Contender>

  constructor(
    contenders: readonly Contender[],
    to: number,
    private readonly from: number,
  ) {
    const isFirst = (a: Contender, b: Contender): boolean => {
      for (let at = from; at < to; at += 1) {
        const difference = (a.scores[at] as number) - (b.scores[at] as number)
        if (difference !== 0) return difference < 0
      }
      return a.place < b.place
    }
    this.heap = new Heap(isFirst, [...contenders])
  }

  get best(): Contender | undefined {
    return this.heap.first
  }

  get key(): readonly number[] {
    const {best} = this
    return best ? [...best.scores.slice(this.from), best.place] : []
  }

  bestHasTaken(): void {
    if (this.heap.first?.isFull) this.heap.dropFirst()
    else this.heap.firstChanged()
  }
}

interface Bucket {
  count: number
  readonly pool: Pool
  key: readonly number[]
}

class Buckets implements Pool {
  private readonly heap: Heap<Bucket>

  constructor(contenders: readonly Contender[], everywhere: readonly Counted[], steps: readonly Step[], from: number, attribute: string) {
    const members = byBucket(contenders, attribute)
    const counted = byBucket(everywhere, attribute)
    const buckets = [...members].map(([value, inside]): Bucket => {
      const around = counted.get(value) ?? []
      const pool = poolOf(inside, around, steps, from + 1)
      return {count: around.reduce((sum, {count}) => sum + count, 0), pool, key: pool.key}
    })
    this.heap = new Heap((a, b) => (a.count === b.count ? isBefore(a.key, b.key) : a.count < b.count), buckets)
  }

  get best(): Contender | undefined {
    return this.heap.first?.pool.best
  }

  get key(): readonly number[] {
    const {first} = this.heap
    return first ? [first.count, ...first.key] : []
  }

  bestHasTaken(): void {
    const {first} = this.heap
    if (!first) return
    first.count += 1
    first.pool.bestHasTaken()
    first.key = first.pool.key
    if (first.pool.best) this.heap.firstChanged()
    else this.heap.dropFirst()
  }
}

class Scan implements Pool {
  private readonly open: Set<Contender>
  private readonly counts: readonly ReadonlyMap<string | undefined, {count: number}>[]
  private found: {readonly best: Contender; readonly key: readonly number[]} | undefined

  constructor(
    contenders: readonly Contender[],
    everywhere: readonly Counted[],
    private readonly steps: readonly Step[],
    private readonly from: number,
  ) {
    this.open = new Set(contenders)
    this.counts = steps.map(({attribute}) => (attribute === undefined ? new Map() : countsOf(everywhere, attribute)))
    this.look()
  }

  get best(): Contender | undefined {
    return this.found?.best
  }

  get key(): readonly number[] {
    return this.found?.key ?? []
  }

  bestHasTaken(): void {
    const {best} = this
    if (!best) return
    for (const [at, {attribute}] of this.steps.entries()) {
      const bucket = attribute === undefined ? undefined : this.counts[at]?.get(bucketOf(best.candidate, attribute))
      if (bucket) bucket.count += 1
    }
    if (best.isFull) this.open.delete(best)
    this.look()
  }

  private look(): void {
    this.found = undefined
    for (const contender of this.open) {
      const key = [...this.steps.slice(this.from).map((_, index) => this.number(contender, this.from + index)), contender.place]
      if (!this.found || isBefore(key, this.found.key)) this.found = {best: contender, key}
    }
  }

  private number({candidate, scores}: Contender, at: number): number {
    const attribute = this.steps[at]?.attribute
    return attribute === undefined ? (scores[at] ?? 0) : (this.counts[at]?.get(bucketOf(candidate, attribute))?.count ?? 0)
  }
}

function byBucket<T extends {readonly candidate: Candidate}>(
  all: readonly T[],
  attribute: string,
): ReadonlyMap<string | undefined, readonly T[]> {
  const buckets = new Map<string | undefined, T[]>()
  for (const one of all) {
    const value = bucketOf(one.candidate, attribute)
    const bucket = buckets.get(value)
    if (bucket) bucket.push(one)
    else buckets.set(value, [one])
  }
  return buckets
}

function countsOf(everywhere: readonly Counted[], attribute: string): ReadonlyMap<string | undefined, {count: number}> {
  const counts = [...byBucket(everywhere, attribute)].map(([value, inside]) => {
    const count = inside.reduce((sum, one) => sum + one.count, 0)
    return [value, {count}] as const
  })
  return new Map(counts)
}
