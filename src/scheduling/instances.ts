// What joining, changing and leaving of instances asks for.
import {ConflictError, NotFoundError} from '../errors.js'
import {hostText} from '../model/host-address.js'
import type {Cluster, ClusterId} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import type {Observation} from '../model/observation.js'
import type {Plan, UpdateInstance} from '../model/plan.js'
import {instancesOf, type State, tasksOf, the} from '../model/state.js'
import {holdsResources} from '../model/task.js'

/**
 * The join. A record of the same instance that was left REGISTERING is taken over by the new one.
 * Throws `ClusterNotFoundException` when the state no longer has the cluster, `InstanceNameTaken` when another instance of it bears the name.
 */
export function planJoin(state: State, cluster: Cluster, instance: Instance): Plan {
  requireCluster(state, cluster.id)
  const namesake = instancesOf(state, cluster.id).find((one) => one.name === instance.name && one.id !== instance.id)
  if (namesake)
    throw new ConflictError(
      'InstanceNameTaken',
      `Cluster "${cluster.name}" has an instance named "${instance.name}" already, at ${hostText(namesake.address)}.`,
      {
        suggestions: [
          `berth instance join ${hostText(instance.address)} --name ANOTHER -c ${cluster.name}`,
          `berth instance describe ${instance.name} -c ${cluster.name}`,
        ],
      },
    )
  return {
    actions: [{kind: 'joinInstance', instance, because: `it becomes an instance of cluster ${cluster.name}`}],
    notes: [],
    refusals: [],
  }
}

/** The cluster, which stood when the join began. Throws `ClusterNotFoundException` when the state no longer has it. */
export function requireCluster(state: State, clusterId: ClusterId): Cluster {
  const cluster = state.clusters[clusterId]
  if (cluster) return cluster
  throw new NotFoundError('ClusterNotFoundException', 'The cluster was deleted before the instance had joined it.', {
    suggestions: ['berth cluster list', 'berth cluster create NAME'],
  })
}

/** Drain or activate, where it is not so already. */
export function planStatus(instances: readonly Instance[], status: 'ACTIVE' | 'DRAINING'): Plan {
  const because = status === 'DRAINING' ? 'nothing new is placed on it' : 'it takes tasks again'
  return {
    actions: instances
      .filter((one) => one.status !== status)
      .map((instance): UpdateInstance => ({kind: 'updateInstance', instance, change: {status}, because})),
    notes: instances.filter((one) => one.status === status).map(({name}) => ({said: `instance ${name} is ${status} already`})),
    refusals: [],
  }
}

/**
 * The leaving of one instance. Its tasks are orphaned with `force`, as ECS's DeregisterContainerInstance does: they keep running and are no longer
 * tracked. Without: throws `InstanceContainsTasksException`. `forget`: the host is not asked.
 */
export function planLeave(state: State, instance: Instance, options: {readonly force: boolean; readonly forget: boolean}): Plan {
  const orphans = tasksOf(state, instance.clusterId).filter((task) => task.instanceId === instance.id && holdsResources(task))
  if (orphans.length > 0 && !options.force) {
    const inCluster = `-c ${the(state.clusters, instance.clusterId).name}`
    throw new ConflictError(
      'InstanceContainsTasksException',
      `Instance "${instance.name}" cannot leave while ${orphans.length === 1 ? 'one of its tasks has' : `${orphans.length} of its tasks have`} not stopped.`,
      {
        suggestions: [
          `berth instance drain ${instance.name} ${inCluster}`,
          `berth task list --instance ${instance.name} ${inCluster}`,
          `berth instance leave ${instance.name} --force ${inCluster}`,
        ],
      },
    )
  }
  return {
    actions: [
      {
        kind: 'leaveInstance',
        instance,
        orphans: orphans.map((task) => task.id),
        forget: options.forget,
        because: 'asked for',
        ...(orphans.length === 0 ? {} : {destructive: true as const}),
      },
    ],
    notes: orphans.map((task) => ({said: `task ${task.id} keeps running and is no longer tracked`})),
    refusals: [],
  }
}

/**
 * Throws `InstanceRunsController` where a controller of the cluster has a container on one of the instances, running or not: it would outlive what it keeps, with its key
 * beside it. Hosts that were not looked at, or did not answer, are taken for empty.
 */
export function refuseController(cluster: Cluster, instances: readonly Instance[], seen: Observation): void {
  const found = instances.find(({id}) => {
    const look = seen.instances[id]
    return look?.answered === true && (look.controllers ?? []).some(({clusterId}) => clusterId === cluster.id)
  })
  if (!found) return
  throw new ConflictError(
    'InstanceRunsController',
    `Instance "${found.name}" has the controller of cluster "${cluster.name}", in a container.`,
    {
      suggestions: [`berth controller uninstall --on ${found.name} -c ${cluster.name}`],
    },
  )
}
