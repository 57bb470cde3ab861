// Placement that places nothing: what a request would fill, and what would become of the tasks of instances that are lost.
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest, Reason, Seat} from '../model/placement.js'
import type {Amount, SimulatedInstance, Simulation, Usage} from '../model/simulation.js'
import type {Need} from '../model/resources.js'
import {needOf} from '../model/task-definition.js'
import type {Candidate, Fleet} from './fleet.js'
import {lossesOf} from './losses.js'
import {Seating} from './seating.js'
import type {Settlement} from './settlement.js'
import {bucketOf} from './strategies.js'

/** Tasks to place, and what they are called: their definition. */
export interface NamedRequest {
  readonly named: string
  readonly request: PlacementRequest
}

export interface SimulationWanted {
  /** In the order in which they are placed. */
  readonly requests: readonly NamedRequest[]
  /** Tasks that stand on the fleet already. */
  readonly settled: readonly Settlement[]
  /** Tasks of daemons by instance: they stand on the fleet too, and are placed nowhere else. */
  readonly daemonTasks?: ReadonlyMap<InstanceId, number>
  /** Instances to take away, each by itself. */
  readonly lose: readonly InstanceId[]
  /** Attribute whose buckets are counted. */
  readonly balance?: string
}

/** Places the requests on the fleet, then takes away each instance that is to be lost, and places what was on it on the others. Throws as `place`. */
export function simulate(fleet: Fleet, {balance, daemonTasks, lose, requests, settled}: SimulationWanted): Simulation {
  const seating = new Seating(fleet)
  const refused = new Map<string, {count: number; readonly reasons: readonly Reason[]}>()
  const placedHere: Settlement[] = []
  for (const {named, request} of requests) {
    const {placed, refusedCount} = seating.place(request)
    for (const [instanceId, count] of countsOf(placed)) placedHere.push({named, instanceId, request: {...request, count}})
    if (refusedCount === 0) continue
    const known = refused.get(named)
    if (known) known.count += refusedCount
    else refused.set(named, {count: refusedCount, reasons: refused.size < MOST_REASONED ? seating.reasonsAgainst(request) : []})
  }
  const after = seating.fleet
  const newTasks = new Map<InstanceId, number>()
  for (const {instanceId, request} of placedHere) newTasks.set(instanceId, (newTasks.get(instanceId) ?? 0) + request.count)
  const losses = lossesOf(after, [...settled, ...placedHere], lose, daemonTasks)
  return {
    placedCount: sum([...newTasks.values()]),
    refusedCount: sum([...refused.values()].map(({count}) => count)),
    refused: [...refused].map(([named, one]) => ({named, ...one})),
    instances: after.candidates.map((candidate) => instanceOf(candidate, newTasks.get(candidate.instance.id) ?? 0)),
    usage: usageOf(
      after,
      requests.map(({request}) => needOf(request.document)),
    ),
    ...(balance === undefined ? {} : {balance: {attribute: balance, tasksByValue: byValue(after, newTasks, balance)}}),
    losses,
    homelessCount: sum(losses.flatMap(({homeless}) => Object.values(homeless))),
  }
}

/** The reasons are told of so many kinds of tasks that find no place. */
const MOST_REASONED = 5

function countsOf(seats: readonly Seat[]): ReadonlyMap<InstanceId, number> {
  const counts = new Map<InstanceId, number>()
  for (const {instanceId} of seats) counts.set(instanceId, (counts.get(instanceId) ?? 0) + 1)
  return counts
}

function instanceOf({instance, remaining}: Candidate, newTaskCount: number): SimulatedInstance {
  const {cpuUnits, memoryMiB} = instance.registered
  return {
    name: instance.name,
    newTaskCount,
    cpuUnits: {used: cpuUnits - remaining.cpuUnits, registered: cpuUnits},
    memoryMiB: {used: memoryMiB - remaining.memoryMiB, registered: memoryMiB},
  }
}

/** Stranded is what no task of these could be given any more, for want of the other of the two. */
function usageOf({candidates}: Fleet, needs: readonly Need[]): Usage {
  const leastMemoryMiB = leastOf(needs.map(({memoryMiB}) => memoryMiB))
  const leastCpuUnits = leastOf(needs.map(({cpuUnits}) => cpuUnits))
  const free = candidates.map(({remaining}) => Math.max(0, remaining.memoryMiB))
  const total = sum(free)
  return {
    instanceCount: candidates.length,
    usedInstanceCount: candidates.filter(isUsed).length,
    cpuUnits: amountOf(candidates, 'cpuUnits'),
    memoryMiB: amountOf(candidates, 'memoryMiB'),
    strandedCpuUnits: sum(candidates.map(({remaining}) => (leastMemoryMiB > remaining.memoryMiB ? Math.max(0, remaining.cpuUnits) : 0))),
    strandedMemoryMiB: sum(candidates.map(({remaining}) => (leastCpuUnits > remaining.cpuUnits ? Math.max(0, remaining.memoryMiB) : 0))),
    fragmentation: total === 0 ? 0 : 1 - free.reduce((most, one) => Math.max(most, one), 0) / total,
  }
}

/** Where nothing is to be placed nothing is in its way. */
function leastOf(amounts: readonly number[]): number {
  return amounts.length === 0 ? 0 : amounts.reduce((least, one) => Math.min(least, one))
}

function isUsed({instance, remaining, tasksInGroup}: Candidate): boolean {
  return tasksInGroup.size > 0 || remaining.memoryMiB < instance.registered.memoryMiB
}

function amountOf(candidates: readonly Candidate[], what: 'cpuUnits' | 'memoryMiB'): Amount {
  const registered = sum(candidates.map(({instance}) => instance.registered[what]))
  return {registered, used: registered - sum(candidates.map(({remaining}) => remaining[what]))}
}

function byValue({candidates}: Fleet, newTasks: ReadonlyMap<InstanceId, number>, attribute: string): Readonly<Record<string, number>> {
  const counts: {[value: string]: number} = {}
  for (const candidate of candidates) {
    const value = bucketOf(candidate, attribute) ?? '-'
    counts[value] = (counts[value] ?? 0) + (newTasks.get(candidate.instance.id) ?? 0)
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
