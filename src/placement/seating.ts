// Many requests on one fleet, one after the other: what `place` answers for each on what those before it have left, without a look at every instance for each.
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest, Reason, Seat} from '../model/placement.js'
import {needOf} from '../model/task-definition.js'
import {BucketPaths} from './bucket-paths.js'
import {type Demand, INSTANCE_QUESTIONS, isFit, type Question} from './checks.js'
import {type Constraints, constraintsOf} from './constraints.js'
import {failuresThatCount} from './failures.js'
import {type Candidate, type Fleet, withTasks} from './fleet.js'
import {FleetLedger} from './fleet-ledger.js'
import {HOLDER, place} from './place.js'
import {Race} from './race.js'
import type {Ranking} from './ranking.js'
import {Rankings} from './rankings.js'
import {type Floor, floorOf} from './room.js'
import {type Route, routeOf} from './route.js'
import {strategiesOf} from './strategies.js'

/** A group on more instances than this has an order of its own by how many of its tasks each has; those of a smaller one are looked at one by one. */
const MANY_INSTANCES = 128
/** Where a request has more tasks than this part of the fleet has instances, one look at all of them is cheaper. */
const MANY_TASKS = 1 / 16

/** A seat for each task of the request that found one; the others, which come after these, found none. */
export interface Seated {
  readonly placed: readonly Seat[]
  readonly refusedCount: number
}

/** What requests share that differ only in what they need, in their group, their seed and where they have failed. */
interface Kind {
  readonly name: string
  readonly constraints: Constraints
  readonly questions: readonly Question[]
  /** `undefined` where the best can only be found by a look at all. */
  readonly way: {readonly route: Route; readonly paths: BucketPaths} | undefined
}

/** How one request is asked and ranked. */
interface Terms {
  readonly request: PlacementRequest
  readonly kind: Kind
  readonly route: Route
  readonly paths: BucketPaths
  readonly demand: Demand
  readonly floor: Floor
  /** Has the place all that the request asks for? */
  readonly fits: (at: number) => boolean
}

export class Seating {
  private readonly ledger: FleetLedger
  private readonly rankings: Rankings
  private readonly placeOf: ReadonlyMap<InstanceId, number>
  private readonly kinds = new Map<string, Kind>()
  private readonly paths = new Map<string, BucketPaths>()

  constructor(fleet: Fleet) {
    this.ledger = new FleetLedger(fleet)
    this.rankings = new Rankings(this.ledger)
    this.placeOf = new Map(fleet.candidates.map(({instance}, at) => [instance.id, at]))
  }

  /** What is left after all that were placed. */
  get fleet(): Fleet {
    return {candidates: [...this.ledger.candidates]}
  }

  /** The seats that `place` gives on what is left now. Throws as `place`. */
  place(request: PlacementRequest): Seated {
    const terms = this.termsOf(request)
    const isMany = request.count > 1 && (terms?.route.isRace === true || request.count > this.placeOf.size * MANY_TASKS)
    return terms && !isMany ? this.placeInTurn(terms) : this.placeByLookingAtAll(request)
  }

  /** Why each instance can take no task of the request as things are now; empty where one can. Throws as `place`. */
  reasonsAgainst(request: PlacementRequest): readonly Reason[] {
    return place({...request, count: 1}, this.ledger).refused[0]?.reasons ?? []
  }

  private placeInTurn(terms: Terms): Seated {
    const {demand, request} = terms
    const {need} = demand
    const placed: Seat[] = []
    while (placed.length < request.count) {
      const at = this.best(terms)
      if (at < 0) break
      const {instance, remaining} = this.ledger.at(at)
      placed.push({index: placed.length, instanceId: instance.id, gpuIds: remaining.gpuIds.slice(0, need.gpuCount)})
      this.take(at, withTasks(this.ledger.at(at), need, request.group, HOLDER), request.group, 1)
    }
    return {placed, refusedCount: request.count - placed.length}
  }

  private placeByLookingAtAll(request: PlacementRequest): Seated {
    const {fleet, placed, refused} = place(request, this.ledger)
    const counts = new Map<number, number>()
    for (const {instanceId} of placed) {
      const at = this.placeOf.get(instanceId) as number
      counts.set(at, (counts.get(at) ?? 0) + 1)
    }
    for (const [at, count] of counts) this.take(at, fleet.candidates[at] as Candidate, request.group, count)
    return {placed, refusedCount: refused.length}
  }

  private take(at: number, candidate: Candidate, group: string, count: number): void {
    this.ledger.take(at, candidate, group, count)
    for (const paths of this.paths.values()) paths.hasTaken(at, group, count)
  }

  private termsOf(request: PlacementRequest): Terms | undefined {
    const kind = this.kindOf(request)
    if (!kind.way) return undefined
    const {paths, route} = kind.way
    const need = needOf(request.document)
    const demand: Demand = {group: request.group, requiredAttributes: request.requiredAttributes, need}
    const fits = (at: number): boolean => isFit(kind.questions, demand, this.ledger.at(at))
    return {request, kind, route, paths, demand, floor: floorOf(need), fits}
  }

  private kindOf(request: PlacementRequest): Kind {
    const name = JSON.stringify([request.strategies, request.constraints, request.requiredAttributes])
    return kept(this.kinds, name, () => {
      const constraints = constraintsOf(request.constraints)
      const route = routeOf(strategiesOf(request))
      const paths = route && kept(this.paths, JSON.stringify(route.buckets), () => new BucketPaths(this.ledger, route.buckets))
      const questions = [...INSTANCE_QUESTIONS, ...constraints.questions]
      return {name, constraints, questions, way: route && paths && {route, paths}}
    })
  }

  /** The place of the best instance for one more task; -1 where none fits. Those where the revision has just failed again and again come last. */
  private best(terms: Terms): number {
    const {fits, request} = terms
    if (request.recentFailures === undefined) return this.bestOf(terms, fits)
    const elsewhere = this.bestOf(terms, (at) => failuresThatCount(request, this.ledger.at(at)) === 0 && fits(at))
    return elsewhere >= 0 ? elsewhere : this.bestOf(terms, fits)
  }

  private bestOf(terms: Terms, test: (at: number) => boolean): number {
    const {paths, request, route} = terms
    for (const buckets of paths.inTurn(request.group)) {
      const best = route.isRace ? this.bestByChance(terms, buckets, test) : this.bestByRank(terms, buckets, test)
      if (best >= 0) return best
    }
    return -1
  }

  private bestByChance({floor, paths, request}: Terms, buckets: readonly number[], test: (at: number) => boolean): number {
    return new Race(request.seed, this.placeOf.size).first(
      (middle) => this.ledger.isClosed(middle, floor),
      (at) => buckets.includes(paths.pathOf[at] as number) && test(at),
    )
  }

  /** Of a group on few instances all others are alike, and these few are looked at after them; of a group on many there is an order by its counts. */
  private bestByRank(terms: Terms, buckets: readonly number[], test: (at: number) => boolean): number {
    const {floor, paths, request, route} = terms
    const counts = this.ledger.tasksOf(request.group)
    if (!route.isCounted || counts.size === 0) return this.rankingOf(terms).best(buckets, floor, test)
    if (counts.size > MANY_INSTANCES) return this.rankingOf(terms, counts).best(buckets, floor, test)
    const ranking = this.rankingOf(terms)
    const without = ranking.best(buckets, floor, (at) => !counts.has(at) && test(at))
    if (without >= 0) return without
    const [first] = [...counts]
      .filter(([at]) => buckets.includes(paths.pathOf[at] as number) && test(at))
      .sort(([one, few], [other, many]) => few - many || (ranking.isBefore(one, other) ? -1 : 1))
    return first?.[0] ?? -1
  }

  private rankingOf({demand, kind, paths, request, route}: Terms, counts?: ReadonlyMap<number, number>): Ranking {
    const wanted = {demand, constraints: kind.constraints, paths, packed: route.packed}
    return counts ? this.rankings.of(`${kind.name} ${request.group}`, {...wanted, counts}) : this.rankings.of(kind.name, wanted)
  }
}

function kept<T>(known: Map<string, T>, name: string, make: () => T): T {
  const one = known.get(name) ?? make()
  known.set(name, one)
  return one
}
