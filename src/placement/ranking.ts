// One order of the instances that some requests share, kept while others are placed: it lags behind what was placed meanwhile until it is asked again.
import type {BucketPaths} from './bucket-paths.js'
import {RankedForest} from './ranked-forest.js'
import type {Floor, Room} from './room.js'

export interface RankingTerms {
  readonly room: Room
  readonly paths: BucketPaths
  /** The places that the requests may take at all, in order. */
  readonly eligible: readonly number[]
  /** Of each place, in turn; the lowest is preferred. */
  readonly keys: readonly ((place: number) => number)[]
}

export class Ranking {
  private readonly forest: RankedForest
  private readonly isIn: Uint8Array
  /** How many of the changes it has taken notice of. */
  private noticed: number

  /** `changes`: places whose room or keys have changed, in turn; others add to them. */
  constructor(
    {eligible, keys, paths, room}: RankingTerms,
    private readonly changes: readonly number[],
  ) {
    this.forest = new RankedForest(room, paths.pathOf, paths.count, keys)
    this.isIn = new Uint8Array(paths.pathOf.length)
    this.noticed = changes.length
    for (const place of eligible) {
      this.isIn[place] = 1
      this.forest.add(place)
    }
  }

  /** The most preferred place of these buckets that has room and passes the test; -1 when none does. */
  best(buckets: readonly number[], floor: Floor, test: (place: number) => boolean): number {
    this.catchUp()
    let best = -1
    for (const bucket of buckets) {
      const place = this.forest.first(bucket, floor, test)
      if (place >= 0 && (best < 0 || this.forest.isBefore(place, best))) best = place
    }
    return best
  }

  /** Is the one preferred to the other? Of two eligible ones, after `best`. */
  isBefore(one: number, other: number): boolean {
    return this.forest.isBefore(one, other)
  }

  private catchUp(): void {
    const {changes} = this
    const isOne = changes.length - this.noticed === 1
    const changed = isOne ? changes.slice(-1) : new Set(changes.slice(this.noticed))
    this.noticed = changes.length
    for (const place of changed) {
      if (this.isIn[place] === 0) continue
      this.forest.remove(place)
      this.forest.add(place)
    }
  }
}
