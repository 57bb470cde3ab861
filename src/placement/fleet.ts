// What each instance of a cluster has left: built once from the state and a look at the hosts, then only subtracted from.
import type {Attributes} from '../model/attributes.js'
import type {ClusterId} from '../model/cluster.js'
import {attributesOf, type Instance, type InstanceId} from '../model/instance.js'
import type {ForeignHolding, Observation} from '../model/observation.js'
import {mergePorts, type Need, type Protocol, type Resources, subtract} from '../model/resources.js'
import {compareText, instancesOf, type State} from '../model/state.js'
import {holdsResources, type Task} from '../model/task.js'
import {holdPorts, type PortHolders} from './ports.js'

/** An instance as a place for tasks. */
export interface Candidate {
  readonly instance: Instance
  readonly attributes: Attributes
  /** Why it cannot be spoken to, as a phrase; absent while it answers or was not looked at. */
  readonly silence?: string
  /** Registered less what unstopped tasks and foreign containers hold; below zero where foreign containers hold more than was registered. */
  readonly remaining: Resources
  /** Who holds each port that is not free. */
  readonly portHolders: PortHolders
  /** Unstopped tasks on it, by task group. */
  readonly tasksInGroup: ReadonlyMap<string, number>
  readonly runningTasksCount: number
}

/** The instances of one cluster in order of their names: made by `buildFleet`, never by hand. */
export interface Fleet {
  readonly candidates: readonly Candidate[]
}

/**
 * The fleet of a cluster. A task holds its need until it has stopped, and besides the ports that its engine chose for it; a foreign container holds its
 * memory and its ports. An instance is silent when the look found it so or, where it was not looked at, when its record says so.
 */
export function buildFleet(state: State, clusterId: ClusterId, seen: Observation): Fleet {
  const tasks = tasksByInstance(state, clusterId)
  return {candidates: instancesOf(state, clusterId).map((instance) => candidateOf(instance, tasks.get(instance.id) ?? [], seen))}
}

/** What is left of one instance; what it registered, where the fleet does not have it. */
export function remainingOf(fleet: Fleet, instance: Instance): Resources {
  return fleet.candidates.find((candidate) => candidate.instance.id === instance.id)?.remaining ?? instance.registered
}

/** The candidate after so many more tasks of `group`, one unless told, whose ports are then held by `holder`. They are PENDING: none of them runs yet. */
export function withTasks(candidate: Candidate, need: Need, group: string, holder: string, count = 1): Candidate {
  const {portHolders, remaining, tasksInGroup} = candidate
  const portless = need.tcpPorts.length === 0 && need.udpPorts.length === 0
  const {cpuUnits, memoryMiB} = need
  return {
    ...candidate,
    remaining: subtract(remaining, {
      ...need,
      cpuUnits: cpuUnits * count,
      memoryMiB: memoryMiB * count,
      gpuIds: remaining.gpuIds.slice(0, need.gpuCount * count),
    }),
    portHolders: portless ? portHolders : holdPorts(new Map(portHolders), need, holder),
    tasksInGroup: new Map(tasksInGroup).set(group, (tasksInGroup.get(group) ?? 0) + count),
  }
}

function tasksByInstance(state: State, clusterId: ClusterId): ReadonlyMap<InstanceId, readonly Task[]> {
  const byInstance = new Map<InstanceId, Task[]>()
  for (const task of Object.values(state.tasks)) {
    if (task.clusterId !== clusterId || !holdsResources(task)) continue
    const tasks = byInstance.get(task.instanceId)
    if (tasks) tasks.push(task)
    else byInstance.set(task.instanceId, [task])
  }
  return byInstance
}

function candidateOf(instance: Instance, tasks: readonly Task[], seen: Observation): Candidate {
  const silence = silenceOf(instance, seen)
  const look = seen.instances[instance.id]
  const foreign = look?.answered ? look.foreign : []
  const holders = new Map<string, string>()
  holdPorts(holders, instance.registered, 'reserved')
  // In order of their ids, so that of two that claim a port the same one is named whatever the order of the table.
  for (const task of [...tasks].sort((a, b) => compareText(a.id, b.id))) {
    holdPorts(holders, task.need, `held by task ${task.id}`)
    holdPorts(holders, boundPorts(task), `held by task ${task.id}`)
  }
  for (const one of foreign) holdPorts(holders, one, `held by container ${one.name}, which is of no task that runs in this cluster`)
  const {registered} = instance
  return {
    instance,
    attributes: attributesOf(instance),
    ...(silence === undefined ? {} : {silence}),
    remaining: {
      cpuUnits: registered.cpuUnits - sum(tasks.map(({need}) => need.cpuUnits)),
      memoryMiB: registered.memoryMiB - sum(tasks.map(({need}) => need.memoryMiB)) - sum(foreign.map(({memoryMiB}) => memoryMiB)),
      tcpPorts: portsTaken(registered.tcpPorts, tasks, foreign, 'tcp'),
      udpPorts: portsTaken(registered.udpPorts, tasks, foreign, 'udp'),
      gpuIds: registered.gpuIds.filter((id) => !tasks.some(({gpuIds}) => gpuIds?.includes(id))),
    },
    portHolders: holders,
    tasksInGroup: countGroups(tasks),
    runningTasksCount: tasks.filter(({lastStatus}) => lastStatus === 'RUNNING').length,
  }
}

/** Of most instances what they registered, as it stands there. */
function portsTaken(
  registered: readonly number[],
  tasks: readonly Task[],
  foreign: readonly ForeignHolding[],
  protocol: Protocol,
): readonly number[] {
  const list = protocol === 'tcp' ? 'tcpPorts' : 'udpPorts'
  return mergePorts(registered, [
    ...tasks.flatMap((task) => [...task.need[list], ...boundPorts(task)[list]]),
    ...foreign.flatMap((one) => one[list]),
  ])
}

function silenceOf(instance: Instance, seen: Observation): string | undefined {
  const look = seen.instances[instance.id]
  if (look) return look.answered ? undefined : `silent since ${look.since}: ${look.why}`
  return instance.silentSince === undefined ? undefined : `silent since ${instance.silentSince}`
}

/** The host ports that a task's containers were given, those the engine chose among them: nobody else can have them. */
function boundPorts(task: Task): {readonly tcpPorts: readonly number[]; readonly udpPorts: readonly number[]} {
  const bindings = task.containers.flatMap((container) => (container.lastStatus === 'STOPPED' ? [] : (container.networkBindings ?? [])))
  const of = (protocol: Protocol) => bindings.filter((binding) => binding.protocol === protocol).map((binding) => binding.hostPort)
  return {tcpPorts: of('tcp'), udpPorts: of('udp')}
}

function countGroups(tasks: readonly Task[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const {group} of tasks) counts.set(group, (counts.get(group) ?? 0) + 1)
  return counts
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
