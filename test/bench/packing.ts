// How well instances are packed: tasks of many sizes that are known to fill so many instances exactly, placed one after the other in an order by chance.
import {unobserved} from '../../src/model/observation.js'
import type {PlacementStrategy} from '../../src/model/placement.js'
import {buildFleet} from '../../src/placement/fleet.js'
import {place} from '../../src/placement/place.js'
import {hashText} from '../../src/placement/rank.js'
import {aDocument, aState, anId, anInstance} from '../support/build.js'
import type {CountFigure} from './figure.js'
import {median} from './pairs.js'

const OPTIMUM = 50
const CASES = 11
const CPU_UNITS = 4096
const MEMORY_MIB = 16_384

const STRATEGIES: Readonly<Record<string, readonly PlacementStrategy[]>> = {
  random: [{type: 'random'}],
  'binpack:memory': [{type: 'binpack', field: 'memory'}],
  'binpack:cpu': [{type: 'binpack', field: 'cpu'}],
  'binpack:memory, binpack:cpu': [
    {type: 'binpack', field: 'memory'},
    {type: 'binpack', field: 'cpu'},
  ],
}

/** Instances used, where so many would do. */
export function* measurePacking(): Generator<CountFigure> {
  for (const [name, strategies] of Object.entries(STRATEGIES)) {
    const used = Array.from({length: CASES}, (_, number) => instancesUsed(tasksOf(String(number)), strategies))
    const what = `median of ${CASES} cases of tasks in two dimensions that fill ${OPTIMUM} instances exactly, in an order by chance`
    yield {kind: 'count', name: `instances used, ${name}`, what, count: median(used), aim: `>= ${OPTIMUM}`}
  }
}

interface Size {
  readonly cpu: number
  readonly memory: number
}

/** Each instance cut by chance into tasks, and all of them shuffled. */
function tasksOf(seed: string): readonly Size[] {
  const tasks = Array.from({length: OPTIMUM}, (_, number) => {
    const pieces = 2 + (hashText(`${seed}/${number}`) % 5)
    const cpus = cut(CPU_UNITS, pieces, `${seed}/${number}/cpu`)
    const memories = cut(MEMORY_MIB, pieces, `${seed}/${number}/memory`)
    return cpus.map((cpu, piece) => ({cpu, memory: memories[piece] ?? 0}))
  }).flat()
  return tasks
    .map((task, number) => ({task, at: hashText(`${seed}/order/${number}`)}))
    .sort((a, b) => a.at - b.at)
    .map(({task}) => task)
}

/** So many parts, none smaller than a fortieth of an even one, that make up the whole. */
function cut(whole: number, pieces: number, seed: string): readonly number[] {
  const shares = Array.from({length: pieces}, (_, piece) => 0.025 + (hashText(`${seed}/${piece}`) % 1000) / 1000)
  const total = shares.reduce((sum, share) => sum + share, 0)
  const parts = shares.map((share) => Math.floor((share / total) * whole))
  return parts.map((part, piece) => (piece === 0 ? part + whole - parts.reduce((sum, one) => sum + one, 0) : part))
}

function instancesUsed(tasks: readonly Size[], strategies: readonly PlacementStrategy[]): number {
  const instances = Array.from({length: 2 * OPTIMUM}, (_, number) =>
    anInstance({id: anId(number, 'a'), name: `i${String(number).padStart(3, '0')}`, cpuUnits: CPU_UNITS, memoryMiB: MEMORY_MIB}),
  )
  let fleet = buildFleet(aState({instances}), instances[0]?.clusterId ?? '', unobserved(0))
  const used = new Set<string>()
  for (const [number, {cpu, memory}] of tasks.entries()) {
    const request = {
      document: aDocument({cpu, memory}),
      count: 1,
      group: 'family:web',
      constraints: [],
      strategies,
      requiredAttributes: [],
      seed: String(number),
    }
    const {fleet: next, placed} = place(request, fleet)
    if (!placed[0]) throw new Error('A task found no place.')
    used.add(placed[0].instanceId)
    fleet = next
  }
  return used.size
}
