// Placement that places nothing: what a request would fill, and what would become of the tasks of instances that are lost.
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest} from '../model/placement.js'
import type {Amount, Loss, SimulatedInstance, Simulation, Usage} from '../model/simulation.js'
import type {Need} from '../model/resources.js'
import {needOf} from '../model/task-definition.js'
import type {Candidate, Fleet} from './fleet.js'
import {place} from './place.js'
import {bucketOf} from './strategies.js'

/** Tasks that are alike and are on one instance. */
export interface Settlement {
  /** What they are called where they find no place: their definition. */
  readonly named: string
  readonly instanceId: InstanceId
  /** For as many as there are. */
  readonly request: PlacementRequest
}

export interface SimulationWanted {
  readonly request: PlacementRequest
  readonly named: string
  /** Tasks that stand on the fleet already. */
  readonly settled: readonly Settlement[]
  /** Instances to take away, each by itself. */
  readonly lose: readonly InstanceId[]
  /** Attribute whose buckets are counted. */
  readonly balance?: string
}

/** Places the request on the fleet, then takes away each instance that is to be lost, and places what was on it on the others. Throws as `place`. */
export function simulate(fleet: Fleet, {balance, lose, named, request, settled}: SimulationWanted): Simulation {
  const {fleet: after, placed, refused} = place(request, fleet)
  const newTasks = new Map<InstanceId, number>()
  for (const {instanceId} of placed) newTasks.set(instanceId, (newTasks.get(instanceId) ?? 0) + 1)
  const placedHere = [...newTasks].map(([instanceId, count]): Settlement => ({named, instanceId, request: {...request, count}}))
  const need = needOf(request.document)
  const [refusal] = refused
  const losses = lose.map((id) => lossOf(after, [...settled, ...placedHere], id))
  return {
    placedCount: placed.length,
    refusedCount: refused.length,
    ...(refusal ? {refusal} : {}),
    instances: after.candidates.map((candidate) => instanceOf(candidate, newTasks.get(candidate.instance.id) ?? 0)),
    usage: usageOf(after, need),
    ...(balance === undefined ? {} : {balance: {attribute: balance, tasksByValue: byValue(after, newTasks, balance)}}),
    losses,
    homelessCount: sum(losses.flatMap(({homeless}) => Object.values(homeless))),
  }
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

function usageOf({candidates}: Fleet, need: Need): Usage {
  const free = candidates.map(({remaining}) => Math.max(0, remaining.memoryMiB))
  const total = sum(free)
  return {
    instanceCount: candidates.length,
    usedInstanceCount: candidates.filter(isUsed).length,
    cpuUnits: amountOf(candidates, 'cpuUnits'),
    memoryMiB: amountOf(candidates, 'memoryMiB'),
    strandedCpuUnits: sum(candidates.map(({remaining}) => (need.memoryMiB > remaining.memoryMiB ? Math.max(0, remaining.cpuUnits) : 0))),
    strandedMemoryMiB: sum(candidates.map(({remaining}) => (need.cpuUnits > remaining.cpuUnits ? Math.max(0, remaining.memoryMiB) : 0))),
    fragmentation: total === 0 ? 0 : 1 - Math.max(...free) / total,
  }
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

/** The tasks of one definition after the other, as they are given. */
function lossOf(fleet: Fleet, settled: readonly Settlement[], lost: InstanceId): Loss {
  let left: Fleet = {candidates: fleet.candidates.filter(({instance}) => instance.id !== lost)}
  let movedCount = 0
  const homeless: {[named: string]: number} = {}
  for (const {instanceId, named, request} of settled) {
    if (instanceId !== lost) continue
    const {fleet: next, placed, refused} = place(request, left)
    left = next
    movedCount += placed.length
    if (refused.length > 0) homeless[named] = (homeless[named] ?? 0) + refused.length
  }
  return {instance: fleet.candidates.find(({instance}) => instance.id === lost)?.instance.name ?? lost, movedCount, homeless}
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
