// `node --import tsx differing-case.ts INSTANCES STRATEGY`: ten tasks an instance, each of another size and half of them of another group, placed one after the
// other in this process; one line of JSON with what it took. A process of its own, so that its memory is that of this work alone.
import type {PlacementRequest, PlacementStrategy} from '../../src/model/placement.js'
import {hashText} from '../../src/placement/rank.js'
import {Seating} from '../../src/placement/seating.js'
import {aDocument} from '../support/build.js'
import {benchFleet, STRATEGIES, TASKS_AN_INSTANCE, zonesOf} from './fleets.js'

/** What one run took. */
export interface DifferingCase {
  readonly taskCount: number
  readonly tookMs: number
  /** The most memory that the process ever held. */
  readonly memoryMB: number
  /** Tasks of the zone with the most, less those of the zone with the fewest. */
  readonly zonesApart: number
}

const CPU_UNITS = 4096

function run(instances: number, strategies: readonly PlacementStrategy[]): DifferingCase {
  const fleet = benchFleet(instances, CPU_UNITS)
  const zones = zonesOf(fleet)
  const perZone = new Map<string, number>()
  const taskCount = instances * TASKS_AN_INSTANCE
  const seating = new Seating(fleet)
  let tookMs = 0
  for (let number = 0; number < taskCount; number += 1) {
    const request = requestOf(number, strategies)
    const began = performance.now()
    const {placed} = seating.place(request)
    tookMs += performance.now() - began
    const [seat] = placed
    if (!seat) throw new Error(`Task ${number} found no place.`)
    const zone = zones.get(seat.instanceId) ?? ''
    perZone.set(zone, (perZone.get(zone) ?? 0) + 1)
  }
  const counts = [...perZone.values()]
  const memoryMB = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
  return {taskCount, tookMs, memoryMB, zonesApart: Math.max(...counts) - Math.min(...counts)}
}

/** About two thirds of what each of ten tasks could have. */
function requestOf(number: number, strategies: readonly PlacementStrategy[]): PlacementRequest {
  return {
    document: aDocument({cpu: 20 + (hashText(`cpu ${number}`) % 480), memory: 10 + (hashText(`memory ${number}`) % 90)}),
    count: 1,
    group: number % 2 === 0 ? 'family:web' : `family:${number}`,
    constraints: [],
    requiredAttributes: [],
    strategies,
    seed: String(number),
  }
}

const [instances = '', strategy = ''] = process.argv.slice(2)
const strategies = STRATEGIES[strategy] ?? []
// What is not measured: it compiles.
run(2000, strategies)
process.stdout.write(JSON.stringify(run(Number(instances), strategies)))
