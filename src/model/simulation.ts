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
  /** By definition or family, how many find no place. */
  readonly homeless: Readonly<Record<string, number>>
}
