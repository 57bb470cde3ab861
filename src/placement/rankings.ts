// The orders of the instances of a fleet that its requests share: by what they prefer, among those that they may take at all.
import type {BucketPaths} from './bucket-paths.js'
import {type Demand, LASTING_QUESTIONS, isFit} from './checks.js'
import type {Constraints} from './constraints.js'
import type {FleetLedger} from './fleet-ledger.js'
import {Ranking} from './ranking.js'

/** So many are kept; the one that was not asked for longest goes first. */
const MAX_RANKINGS = 32

export interface RankingWanted {
  readonly demand: Demand
  readonly constraints: Constraints
  readonly paths: BucketPaths
  /** What should remain least, in turn. */
  readonly packed: readonly ('cpu' | 'memory')[]
  /** Where the fewest tasks of the group come first: how many each place has. */
  readonly counts?: ReadonlyMap<number, number>
}

export class Rankings {
  private readonly kept = new Map<string, Ranking>()

  constructor(private readonly ledger: FleetLedger) {}

  /** The order of this name, which says all that is wanted. */
  of(name: string, wanted: RankingWanted): Ranking {
    const ranking = this.kept.get(name) ?? this.make(wanted)
    // A map gives its keys in the order in which they were set: the first was not asked for longest.
    this.kept.delete(name)
    this.kept.set(name, ranking)
    const [oldest] = this.kept.keys()
    if (this.kept.size > MAX_RANKINGS && oldest !== undefined) this.kept.delete(oldest)
    return ranking
  }

  private make({constraints, counts, demand, packed, paths}: RankingWanted): Ranking {
    const {candidates, changes, room} = this.ledger
    const questions = [...LASTING_QUESTIONS, ...constraints.lasting]
    const amounts = packed.map((what) => (what === 'cpu' ? room.cpuUnits : room.memoryMiB))
    return new Ranking(
      {
        room,
        paths,
        eligible: candidates.flatMap((candidate, place) => (isFit(questions, demand, candidate) ? [place] : [])),
        keys: [
          ...(counts ? [(place: number) => counts.get(place) ?? 0] : []),
          ...amounts.map((amount) => (place: number) => amount[place] as number),
        ],
      },
      changes,
    )
  }
}
