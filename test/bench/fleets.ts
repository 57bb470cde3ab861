// Fleets that no test host could be, for the placement engine alone.
import type {Instance} from '../../src/model/instance.js'
import {unobserved} from '../../src/model/observation.js'
import type {PlacementStrategy} from '../../src/model/placement.js'
import {buildFleet, type Fleet} from '../../src/placement/fleet.js'
import {aState, anId, anInstance} from '../support/build.js'

export const TASKS_AN_INSTANCE = 10
const ZONES = 3
const ZONE = 'ecs.availability-zone'
const BY_ZONE: PlacementStrategy = {type: 'spread', field: `attribute:${ZONE}`}

/** The strategies that are measured, by the name of their figure. */
export const STRATEGIES: Readonly<Record<string, readonly PlacementStrategy[]>> = {
  random: [{type: 'random'}],
  'binpack:memory': [{type: 'binpack', field: 'memory'}],
  'spread:instanceId': [{type: 'spread', field: 'instanceId'}],
  'spread:zone': [BY_ZONE],
  'spread:zone, binpack:memory': [BY_ZONE, {type: 'binpack', field: 'memory'}],
}

/** One to compare with other schedulers; and as the largest cluster that ECS allows, twice over. */
export const SIZES: readonly number[] = [1000, 10_000]
export const CURVE: readonly number[] = [100, 1000, 10_000, 100_000]
export const CHAIN = 'spread:zone, binpack:memory'

/** Instances of three sizes in three zones, with so much CPU each. */
export function benchInstances(count: number, cpuUnits = 1 << 20): readonly Instance[] {
  return Array.from({length: count}, (_, number) =>
    anInstance({
      id: anId(number, 'a'),
      name: `i${String(number).padStart(6, '0')}`,
      memoryMiB: 64 * (TASKS_AN_INSTANCE + 4 * (number % 3)),
      cpuUnits,
      builtInAttributes: {[ZONE]: `z${number % ZONES}`},
    }),
  )
}

/** Empty instances in which ten tasks of 64 MiB fit at least. */
export function benchFleet(count: number, cpuUnits?: number): Fleet {
  const instances = benchInstances(count, cpuUnits)
  return buildFleet(aState({instances}), instances[0]?.clusterId ?? '', unobserved(0))
}

/** The instances' zone, by instance id. */
export function zonesOf({candidates}: Fleet): ReadonlyMap<string, string> {
  return new Map(candidates.map(({attributes, instance}) => [instance.id, attributes[ZONE] ?? '']))
}
