// Clusters as a person reads them.
import type {Cluster} from '../model/cluster.js'
import {type Observation, unobserved} from '../model/observation.js'
import {instancesOf, type State, tasksOf} from '../model/state.js'
import {taskCounts} from '../model/task-counts.js'
import {buildFleet, remainingOf} from '../placement/fleet.js'
import {fields, table} from './table.js'
import {totalRow, USAGE_HEADS, usageOf, usageRow} from './usage.js'
import type {View} from './view.js'

export interface ClustersShown {
  readonly state: State
  readonly clusters: readonly Cluster[]
  /** The name of the one in use. */
  readonly current?: string
  /** What the hosts said, where they were asked: it tells what foreign containers hold. */
  readonly seen?: Observation
}

/** The names alone, one a line: what a change answers. */
export function clusterNamesView({clusters}: ClustersShown): View {
  const names = clusters.map(({name}) => name)
  return {ids: names, text: names.join('\n')}
}

/** One row a cluster; a star marks the one in use. */
export function clustersView({clusters, current, state}: ClustersShown): View {
  if (clusters.length === 0) return {ids: [], text: 'No clusters. Make one: berth cluster create NAME'}
  const rows = clusters.map((cluster) => {
    const {pendingTasksCount: pending, runningTasksCount: running} = taskCounts(tasksOf(state, cluster.id))
    return [
      cluster.name === current ? '*' : '',
      cluster.name,
      String(instancesOf(state, cluster.id).length),
      String(running),
      String(pending),
    ]
  })
  return {ids: clusters.map(({name}) => name), text: table(['', 'NAME', 'INSTANCES', 'RUNNING', 'PENDING'], rows)}
}

/** Each cluster with what is used of each of its instances, and in total. */
export function clusterDetailsView({clusters, seen = unobserved(0), state}: ClustersShown): View {
  const details = clusters.map((cluster) => clusterDetails(state, cluster, seen))
  return {ids: clusters.map(({name}) => name), text: details.join('\n\n')}
}

function clusterDetails(state: State, cluster: Cluster, seen: Observation): string {
  const {pendingTasksCount: pending, runningTasksCount: running} = taskCounts(tasksOf(state, cluster.id))
  const fleet = buildFleet(state, cluster.id, seen)
  const used = instancesOf(state, cluster.id).map((instance) => ({instance, usage: usageOf(state, instance, remainingOf(fleet, instance))}))
  const head = fields([
    ['Cluster', cluster.name],
    ['Created', cluster.createdAt],
    ['Instances', String(used.length)],
    ['Tasks', `${running} running, ${pending} pending`],
  ])
  if (used.length === 0) return head
  const rows = [...used.map(({instance, usage}) => usageRow(instance, usage)), totalRow(used.map(({usage}) => usage))]
  return `${head}\n\n${table(USAGE_HEADS, rows)}`
}
