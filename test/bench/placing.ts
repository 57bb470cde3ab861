// The placement engine alone, on fleets that no test host could be: identical tasks by each strategy, and how cost grows with the number of instances.
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Instance} from '../../src/model/instance.js'
import {unobserved} from '../../src/model/observation.js'
import type {PlacementRequest, PlacementStrategy} from '../../src/model/placement.js'
import {timestamp} from '../../src/model/time.js'
import {buildFleet, type Fleet} from '../../src/placement/fleet.js'
import {place} from '../../src/placement/place.js'
import {StateEncoder} from '../../src/store/state-document.js'
import {aCluster, aDocument, aState, anId, anInstance} from '../support/build.js'
import {BenchHome} from './bench-home.js'
import type {CountFigure, RateFigure, TimeFigure} from './figure.js'
import {measurePacking} from './packing.js'
import {compared, median} from './pairs.js'

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

export async function* measurePlacing(): AsyncGenerator<CountFigure | RateFigure | TimeFigure> {
  yield* measurePacking()
  yield await measureExplaining()
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

/** The real command on a state of a thousand instances, beside a Node.js that does nothing. */
async function measureExplaining(): Promise<TimeFigure> {
  const home = new BenchHome()
  try {
    const state = aState({clusters: [aCluster()], instances: instancesOf(1000)})
    const commit = {at: timestamp(0), because: 'the bench', by: 'bench', command: 'bench'}
    mkdirSync(dirname(home.stateFile), {mode: 0o700, recursive: true})
    writeFileSync(home.stateFile, Buffer.concat(new StateEncoder().encode({state, commit})), {mode: 0o600})
    const words = [
      'placement',
      'explain',
      '--cached',
      '-c',
      'prod',
      '--image',
      'busybox:1',
      '--memory',
      '64',
      '--placement-strategy',
      'binpack:memory',
    ]
    const ours = {what: `berth ${words.join(' ')}`, run: () => home.berth(...words)}
    const node = {what: 'node -e 0', run: () => home.program(process.execPath, ['-e', '0'])}
    await ours.run()
    return await compared('one placement on 1000 instances, explained', ours, node, 11)
  } finally {
    await home.close()
  }
}

/** Empty instances of three sizes in three zones, in which ten such tasks fit on the average. */
function fleetOf(count: number): Fleet {
  const instances = instancesOf(count)
  return buildFleet(aState({instances}), instances[0]?.clusterId ?? '', unobserved(0))
}

function instancesOf(count: number): readonly Instance[] {
  return Array.from({length: count}, (_, number) =>
    anInstance({
      id: anId(number, 'a'),
      name: `i${String(number).padStart(6, '0')}`,
      memoryMiB: 64 * (TASKS_AN_INSTANCE + 4 * (number % 3)),
      cpuUnits: 1 << 20,
      builtInAttributes: {'ecs.availability-zone': `z${number % ZONES}`},
    }),
  )
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
