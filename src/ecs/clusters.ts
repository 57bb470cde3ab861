// A cluster as DescribeClusters tells it.
import type {DescribeClustersResponse, Cluster as EcsCluster} from '@aws-sdk/client-ecs'
import type {Cluster} from '../model/cluster.js'
import type {InstanceStatus} from '../model/instance.js'
import {daemonsOf, servicesOf, type State} from '../model/state.js'
import {taskCounts} from '../model/task-counts.js'
import {clusterArn} from './arns.js'
import type {Described} from './described.js'

const JOINED: ReadonlySet<InstanceStatus> = new Set(['ACTIVE', 'DRAINING'])

/** Counts what the state holds: instances that are ACTIVE or DRAINING, tasks that run or are on their way, services and daemons that are ACTIVE. */
export function clusterJson(state: State, cluster: Cluster): Described<EcsCluster> {
  const instances = Object.values(state.instances).filter((one) => one.clusterId === cluster.id && JOINED.has(one.status))
  const tasks = Object.values(state.tasks).filter((task) => task.clusterId === cluster.id)
  return {
    clusterArn: clusterArn(cluster.name),
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: instances.length,
    ...taskCounts(tasks),
    activeServicesCount: [...servicesOf(state, cluster.id), ...daemonsOf(state, cluster.id)].filter(({status}) => status === 'ACTIVE')
      .length,
    statistics: [],
    tags: [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  }
}

/** Clusters as DescribeClusters answers. */
export function clustersJson({clusters, state}: {readonly state: State; readonly clusters: readonly Cluster[]}) {
  return {clusters: clusters.map((cluster) => clusterJson(state, cluster)), failures: []} satisfies Described<
    Partial<DescribeClustersResponse>
  >
}
