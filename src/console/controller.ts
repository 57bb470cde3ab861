// The controller of a cluster as a person reads of it.
import {fields, table} from './table.js'
import type {View} from './view.js'

export interface ControllerShown {
  readonly cluster: string
  readonly location: string
  readonly leader?: {readonly by: string; readonly since: string; readonly client: {readonly pid: number}}
  readonly healing: readonly {readonly workload: string; readonly kind: string; readonly by: 'controller' | 'engine' | 'nobody'}[]
}

const HEALERS = {
  controller: 'the controller, by another task',
  engine: 'the engine of its instance, by its restart policy',
  nobody: 'nobody: the next command that settles it',
} as const

/** Who leads, and who brings back what dies. */
export function controllerView({cluster, healing, leader, location}: ControllerShown): View {
  const head = fields([
    ['Cluster', cluster],
    ['State', location],
    ['Leader', leader ? `${leader.by}, process ${leader.client.pid}, since ${leader.since}` : 'none: berth controller run'],
  ])
  const rows = healing.map(({by, kind, workload}) => [kind, workload, HEALERS[by]])
  return {
    ids: leader ? [leader.by] : [],
    text: rows.length === 0 ? head : `${head}\n\n${table(['KIND', 'NAME', 'BROUGHT BACK BY'], rows)}`,
  }
}
