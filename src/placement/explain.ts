// A request explained: every instance by every check, and how those that fit are ranked. It answers for the next task of the request; place() answers for all.
import type {Explanation, InstanceExplanation, Key} from '../model/explanation.js'
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest, PlacementStrategy} from '../model/placement.js'
import {needOf} from '../model/task-definition.js'
import {changesFor} from './changes.js'
import {checksOf, type Demand, INSTANCE_QUESTIONS} from './checks.js'
import {constraintsOf} from './constraints.js'
import type {Candidate, Fleet} from './fleet.js'
import {failuresThatCount} from './failures.js'
import {isBefore} from './pools.js'
import {bucketAttribute, bucketOf, scoreOf, strategiesOf} from './strategies.js'

/** How many tasks of the request each instance has taken already: the fleet counts them, chance must be told. */
export type Taken = ReadonlyMap<InstanceId, number>

/** Throws as `place`. */
export function explain(request: PlacementRequest, fleet: Fleet, taken: Taken = new Map()): Explanation {
  const demand: Demand = {...request, need: needOf(request.document)}
  const questions = [...INSTANCE_QUESTIONS, ...constraintsOf(request.constraints).questions]
  const strategies = strategiesOf(request)
  const asked = fleet.candidates.map((candidate, place) => {
    const checks = checksOf(questions, demand, candidate)
    return {candidate, place, checks, fits: checks.every(({isMet}) => isMet)}
  })
  const keysOf = keyReader(strategies, request, demand, fleet, taken)
  const ranked = asked
    .filter(({fits}) => fits)
    .map(({candidate, place}) => ({candidate, keys: keysOf(candidate, place)}))
    .sort((a, b) => (isBefore(values(a.keys), values(b.keys)) ? -1 : isBefore(values(b.keys), values(a.keys)) ? 1 : 0))
  const placeOf = new Map(ranked.map(({candidate, keys}, index) => [candidate, {rank: index + 1, keys}]))
  const instances = asked.map(
    ({candidate, checks, fits}): InstanceExplanation => ({
      instanceId: candidate.instance.id,
      instance: candidate.instance.name,
      fits,
      checks,
      ...placeOf.get(candidate),
    }),
  )
  const [first, second] = ranked
  return {
    strategies: [
      ...(fleet.candidates.some((one) => failuresThatCount(request, one) > 0) ? [RECENT_FAILURES] : []),
      ...strategies.map(strategyText),
    ],
    instances,
    ...(first ? {chosen: {instance: first.candidate.instance.name, because: decided(first.keys, second?.keys)}} : {}),
    changes: first ? [] : changesFor(request.document, instances),
  }
}

/** What comes before the strategies of a request whose revision has just failed somewhere. */
const RECENT_FAILURES = 'recent failures'

/** A strategy as a person writes it. */
export function strategyText(strategy: PlacementStrategy): string {
  return strategy.type === 'random' ? 'random' : `${strategy.type}:${strategy.field}`
}

function values(keys: readonly Key[]): readonly number[] {
  return keys.map(({value}) => value)
}

/** The first strategy by which the best differs from the next one. */
function decided(best: readonly Key[], next: readonly Key[] | undefined): string {
  if (!next) return 'no other instance fits'
  const at = best.findIndex(({value}, index) => value !== next[index]?.value)
  const [mine, theirs] = [best[at], next[at]]
  return mine && theirs
    ? `${mine.strategy}: ${mine.said}, and of the next ${theirs.said}`
    : 'all strategies find it equal to the next, and its name comes first'
}

/** What each strategy counts of a candidate; spreads that come first count within the buckets of those before them, as `pools.ts` does. */
function keyReader(
  strategies: readonly PlacementStrategy[],
  request: PlacementRequest,
  demand: Demand,
  {candidates}: Fleet,
  taken: Taken,
): (candidate: Candidate, place: number) => readonly Key[] {
  const {group} = request
  const readers = strategies.map((strategy, at) => {
    const attribute = bucketAttribute(strategy)
    if (attribute === undefined) {
      const score = scoreOf(strategy, demand.need, request, candidates.length)
      return (candidate: Candidate, place: number): Key => {
        const drawn = strategy.type === 'random' ? (taken.get(candidate.instance.id) ?? 0) : 0
        let value = score.first(candidate, place)
        for (let number = 1; number <= drawn; number += 1) value = score.next(value, number, place)
        return {strategy: strategyText(strategy), value, said: saidOf(strategy, value, group)}
      }
    }
    const before = strategies.slice(0, at)
    const nested = before.slice(0, firstScore(before)).flatMap((one) => bucketAttribute(one) ?? [])
    const path = (candidate: Candidate) => JSON.stringify([...nested, attribute].map((name) => bucketOf(candidate, name) ?? null))
    const counts = new Map<string, number>()
    for (const one of candidates) counts.set(path(one), (counts.get(path(one)) ?? 0) + (one.tasksInGroup.get(group) ?? 0))
    return (candidate: Candidate): Key => {
      const value = counts.get(path(candidate)) ?? 0
      const bucket = bucketOf(candidate, attribute)
      const where = bucket === undefined ? `instances without ${attribute} hold` : `${attribute} ${bucket} holds`
      return {strategy: strategyText(strategy), value, said: `${where} ${tasks(value)} of ${group}`}
    }
  })
  const isAny = candidates.some((one) => failuresThatCount(request, one) > 0)
  return (candidate, place) => [...(isAny ? [failureKey(request, candidate)] : []), ...readers.map((read) => read(candidate, place))]
}

/** Where the revision has failed anywhere again and again, that comes before every strategy. */
function failureKey(request: PlacementRequest, candidate: Candidate): Key {
  const value = failuresThatCount(request, candidate) > 0 ? 1 : 0
  const count = request.recentFailures?.[candidate.instance.id] ?? 0
  return {strategy: RECENT_FAILURES, value, said: `${tasks(count)} of the revision failed to start there in the last 5 minutes`}
}

function firstScore(strategies: readonly PlacementStrategy[]): number {
  const at = strategies.findIndex((one) => bucketAttribute(one) === undefined)
  return at < 0 ? strategies.length : at
}

function saidOf(strategy: PlacementStrategy, value: number, group: string): string {
  switch (strategy.type) {
    case 'random':
      return `it drew ${value.toFixed(3)}`
    case 'binpack':
      return `${value} ${strategy.field === 'cpu' ? 'CPU units' : 'MiB'} remain`
    case 'spread':
      return `it holds ${tasks(value)} of ${group}`
  }
}

function tasks(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`
}
