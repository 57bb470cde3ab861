// The placement engine alone, on fleets that no test host could be: identical tasks by each strategy, and how cost grows with the number of instances.
import {unobserved} from '../../src/model/observation.js'
import type {PlacementRequest, PlacementStrategy} from '../../src/model/placement.js'
import {buildFleet, type Fleet} from '../../src/placement/fleet.js'
import {place} from '../../src/placement/place.js'
import {aDocument, aState, anId, anInstance} from '../support/build.js'
import type {RateFigure} from './figure.js'
import {median} from './pairs.js'

const ROUNDS = 5
const ZONES = 3

/** As the largest cluster that ECS allows, twice over; and one to compare with other schedulers. */
const SIZES = [
  {instances: 1000, tasks: 10_000},
  {instances: 10_000, tasks: 100_000},
] as const
const CURVE = [100, 1000, 10_000, 100_000] as const
const TASKS_AN_INSTANCE = 10

const BY_ZONE: PlacementStrategy = {type: 'spread', field: 'attribute:ecs.availability-zone'}
const STRATEGIES: Readonly<Record<string, readonly PlacementStrategy[]>> = {
  random: [{type: 'random'}],
  'binpack:memory': [{type: 'binpack', field: 'memory'}],
  'spread:instanceId': [{type: 'spread', field: 'instanceId'}],
  'spread:zone': [BY_ZONE],
  'spread:zone, binpack:memory': [BY_ZONE, {type: 'binpack', field: 'memory'}],
}

export async function* measurePlacing(): AsyncGenerator<RateFigure> {
  for (const {instances, tasks} of SIZES)
    for (const [name, strategies] of Object.entries(STRATEGIES))
      yield rate(`${tasks} tasks on ${instances} instances, ${name}`, fleetOf(instances), tasks, strategies)
  for (const instances of CURVE)
    yield rate(
      `${instances * TASKS_AN_INSTANCE} tasks on ${instances} instances, the chain`,
      fleetOf(instances),
      instances * TASKS_AN_INSTANCE,
      [BY_ZONE, {type: 'binpack', field: 'memory'}],
    )
}

/** Empty instances of three sizes in three zones, in which ten such tasks fit on the average. */
function fleetOf(count: number): Fleet {
  const instances = Array.from({length: count}, (_, number) =>
    anInstance({
      id: anId(number, 'a'),
      name: `i${String(number).padStart(6, '0')}`,
      memoryMiB: 64 * (TASKS_AN_INSTANCE + 4 * (number % 3)),
      cpuUnits: 1 << 20,
      builtInAttributes: {'ecs.availability-zone': `z${number % ZONES}`},
    }),
  )
  return buildFleet(aState({instances}), instances[0]?.clusterId ?? '', unobserved(0))
}

function rate(name: string, fleet: Fleet, count: number, strategies: readonly PlacementStrategy[]): RateFigure {
  const request: PlacementRequest = {
    document: aDocument({memory: 64}),
    count,
    group: 'family:web',
    constraints: [],
    strategies,
    requiredAttributes: [],
    seed: 'bench',
  }
  // The first round is not counted: it compiles.
  place(request, fleet)
  const times = Array.from({length: ROUNDS}, () => {
    const began = performance.now()
    const {placed} = place(request, fleet)
    const took = performance.now() - began
    if (placed.length !== count) throw new Error(`${placed.length} of ${count} were placed.`)
    return took
  })
  const medianMs = median(times)
  return {
    kind: 'rate',
    name,
    what: 'place() of one request, in this process',
    perSecond: Math.round((count / medianMs) * 1000),
    medianMs,
    rounds: ROUNDS,
  }
}
