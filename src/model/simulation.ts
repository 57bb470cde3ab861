// What would become of tasks and instances, if.
import type {Reason} from './placement.js'

export interface Simulation {
  readonly placedCount: number
  readonly refusedCount: number
  /** By what they are called, in the order in which they were first refused; `reasons` against the first of them, told of the first few kinds. */
  readonly refused: readonly {readonly named: string; readonly count: number; readonly reasons: readonly Reason[]}[]
  readonly instances: readonly SimulatedInstance[]
  /** Of all instances together. */
  readonly usage: Usage
  /** New tasks by value of the attribute that is balanced over, in order of the values; `-`: instances without it. */
  readonly balance?: {readonly attribute: string; readonly tasksByValue: Readonly<Record<string, number>>}
  /** Of each instance that was taken away: the tasks that were on it and found another place, and those that did not. */
  readonly losses: readonly Loss[]
  /** Of all losses together. */
  readonly homelessCount: number
}

export interface SimulatedInstance {
  readonly name: string
  readonly newTaskCount: number
  readonly cpuUnits: Amount
  readonly memoryMiB: Amount
}

export interface Amount {
  readonly used: number
  readonly registered: number
}

export interface Usage {
  readonly instanceCount: number
  /** Those with any task or foreign container. */
  readonly usedInstanceCount: number
  readonly cpuUnits: Amount
  readonly memoryMiB: Amount
  /** Left on instances that can take no more such tasks, since the other of the two is used up. */
  readonly strandedCpuUnits: number
  readonly strandedMemoryMiB: number
  /** How far the free memory is from being in one piece: 0 where one instance has all of it, towards 1 where it is in crumbs. */
  readonly fragmentation: number
}

export interface Loss {
  readonly instance: string
  readonly movedCount: number
  /** By definition, family or service (`service:web`), how many find no place. */
  readonly homeless: Readonly<Record<string, number>>
  /** Of each service that had tasks on it, by name. */
  readonly services: readonly ServiceLoss[]
  /** Tasks of daemons that end with it: they belong on it, and no other instance gets them. */
  readonly daemonTaskCount: number
}

/** What is left of a service. */
export interface ServiceLoss {
  readonly service: string
  readonly desiredCount: number
  /** So many of its tasks would run once those that find a place have it. */
  readonly runningCount: number
  readonly lostCount: number
  readonly movedCount: number
  readonly homelessCount: number
  /** Why no instance can take the first that finds no place; told of the first few services. */
  readonly reasons: readonly Reason[]
}
