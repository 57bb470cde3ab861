// What is used of instances, and of how much.
import type {Instance} from '../model/instance.js'
import type {Resources} from '../model/resources.js'
import type {State} from '../model/state.js'
import {holdsResources} from '../model/task.js'

export interface Usage {
  /** Units used of those registered. */
  readonly cpu: Share
  /** MiB used of those registered. */
  readonly memory: Share
  /** Ports in use beyond those reserved from the start, `8080` or `53/udp`. */
  readonly ports: readonly string[]
  /** Tasks that hold something of it. */
  readonly tasks: number
}

interface Share {
  readonly used: number
  readonly total: number
}

export const USAGE_HEADS = ['INSTANCE', 'STATUS', 'TASKS', 'CPU', 'MEMORY (MIB)', 'PORTS'] as const

export function usageOf(state: State, instance: Instance, remaining: Resources): Usage {
  const {registered} = instance
  return {
    cpu: {total: registered.cpuUnits, used: registered.cpuUnits - remaining.cpuUnits},
    memory: {total: registered.memoryMiB, used: registered.memoryMiB - remaining.memoryMiB},
    ports: [
      ...remaining.tcpPorts.filter((port) => !registered.tcpPorts.includes(port)).map(String),
      ...remaining.udpPorts.filter((port) => !registered.udpPorts.includes(port)).map((port) => `${port}/udp`),
    ],
    tasks: Object.values(state.tasks).filter((task) => task.instanceId === instance.id && holdsResources(task)).length,
  }
}

/** The sum over instances; ports are counted, for the same one may be in use on each. */
export function totalRow(usages: readonly Usage[]): readonly string[] {
  const shares = (pick: (usage: Usage) => Share) =>
    usages.map(pick).reduce((a, b) => ({total: a.total + b.total, used: a.used + b.used}), {total: 0, used: 0})
  const count = (pick: (usage: Usage) => number) => usages.reduce((sum, usage) => sum + pick(usage), 0)
  return [
    'total',
    '',
    String(count(({tasks}) => tasks)),
    shareText(shares(({cpu}) => cpu)),
    shareText(shares(({memory}) => memory)),
    `${count(({ports}) => ports.length)} in use`,
  ]
}

export function usageRow(instance: Instance, usage: Usage): readonly string[] {
  return [
    instance.name,
    statusText(instance),
    String(usage.tasks),
    shareText(usage.cpu),
    shareText(usage.memory),
    usage.ports.join(', ') || '-',
  ]
}

/** ECS's status, and since when a host is silent. */
export function statusText(instance: Instance): string {
  return instance.silentSince === undefined ? instance.status : `unknown since ${instance.silentSince}`
}

function shareText({total, used}: Share): string {
  return `${used} of ${total}`
}
