// The placement engine alone, on fleets that no test host could be: identical tasks by each strategy, and how cost grows with the number of instances.
import type {PlacementRequest, PlacementStrategy} from '../../src/model/placement.js'
import {place} from '../../src/placement/place.js'
import {StateFile} from '../../src/store/state-file.js'
import {aCluster, aDocument, aState} from '../support/build.js'
import {aStateFileWorld, TEST_WHY} from '../support/state-folder.js'
import {BenchHome} from './bench-home.js'
import {measureDiffering} from './differing.js'
import type {CountFigure, RateFigure, TimeFigure} from './figure.js'
import {benchFleet, benchInstances, CHAIN, CURVE, SIZES, STRATEGIES, TASKS_AN_INSTANCE, zonesOf} from './fleets.js'
import {measurePacking} from './packing.js'
import {compared, median} from './pairs.js'

const ROUNDS = 5

export async function* measurePlacing(): AsyncGenerator<CountFigure | RateFigure | TimeFigure> {
  yield* measurePacking()
  yield* measureBalance()
  yield await measureExplaining()
  for (const instances of SIZES) for (const strategy of Object.keys(STRATEGIES)) yield rate(instances, strategy)
  for (const instances of CURVE) yield rate(instances, CHAIN)
  yield* measureDiffering()
}

/** How far apart the buckets of a spread are in the end. */
function* measureBalance(): Generator<CountFigure> {
  const fleet = benchFleet(1000)
  const zones = zonesOf(fleet)
  const cases = [
    {name: 'spread:zone', bucketOf: (id: string) => zones.get(id) ?? ''},
    {name: 'spread:instanceId', bucketOf: (id: string) => id},
  ]
  for (const {bucketOf, name} of cases) {
    const counts = new Map<string, number>()
    for (const {instanceId} of place(requestOf(7501, STRATEGIES[name] ?? []), fleet).placed)
      counts.set(bucketOf(instanceId), (counts.get(bucketOf(instanceId)) ?? 0) + 1)
    const count = Math.max(...counts.values()) - Math.min(...counts.values())
    const what = '7501 tasks on 1000 instances that could take 14,000: tasks of the fullest bucket less those of the emptiest'
    yield {kind: 'count', name: `buckets apart, ${name}`, what, count, aim: '<= 1'}
  }
}

/** The real command on a state of a thousand instances, beside a Node.js that does nothing. */
async function measureExplaining(): Promise<TimeFigure> {
  const home = new BenchHome()
  try {
    const state = aState({clusters: [aCluster()], instances: benchInstances(1000)})
    // Such a file as stands after a while: a snapshot, and little beside it.
    const store = new StateFile(aStateFileWorld(), home.stateFile, {journalBytes: 1})
    await store.update(TEST_WHY, () => ({state, result: undefined}))
    await store.close()
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

function requestOf(count: number, strategies: readonly PlacementStrategy[]): PlacementRequest {
  return {
    document: aDocument({memory: 64}),
    count,
    group: 'family:web',
    constraints: [],
    strategies,
    requiredAttributes: [],
    seed: 'bench',
  }
}

function rate(instances: number, strategy: string): RateFigure {
  const fleet = benchFleet(instances)
  const count = instances * TASKS_AN_INSTANCE
  const request = requestOf(count, STRATEGIES[strategy] ?? [])
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
    name: `${count} tasks on ${instances} instances, ${strategy}`,
    what: 'place() of one request, in this process',
    perSecond: Math.round((count / medianMs) * 1000),
    medianMs,
    rounds: ROUNDS,
  }
}
