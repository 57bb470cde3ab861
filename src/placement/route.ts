// How the best instance for one task is found by an index, where the strategies allow it.
import type {PlacementStrategy} from '../model/placement.js'
import {bucketAttribute} from './strategies.js'

export interface Route {
  /** Attributes of the spreads that come first, the outermost first. */
  readonly buckets: readonly string[]
  /** Chance decides within the buckets. */
  readonly isRace: boolean
  /** Within the buckets those with the fewest tasks of the group come first. */
  readonly isCounted: boolean
  /** What should remain least, in turn. */
  readonly packed: readonly ('cpu' | 'memory')[]
}

/** `undefined` where the strategies count buckets or tasks, or leave to chance, what others have ranked before: there all instances are looked at. */
export function routeOf(strategies: readonly PlacementStrategy[]): Route | undefined {
  const firstScore = strategies.findIndex((one) => bucketAttribute(one) === undefined)
  const spreads = strategies.slice(0, firstScore < 0 ? strategies.length : firstScore)
  const [lead, ...rest] = strategies.slice(spreads.length)
  const isRace = lead?.type === 'random'
  const isCounted = lead?.type === 'spread'
  // After a race nothing is equal any more.
  const deciding = isRace ? [] : isCounted ? rest : lead ? [lead, ...rest] : []
  const packed = deciding.flatMap((one) => (one.type === 'binpack' ? [one.field] : []))
  if (packed.length < deciding.length) return undefined
  return {buckets: spreads.flatMap((one) => bucketAttribute(one) ?? []), isRace, isCounted, packed}
}
