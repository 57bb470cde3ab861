// What creating and deleting a cluster asks for.
import {ConflictError, UnreachableError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import type {Observation} from '../model/observation.js'
import type {Action, DeleteCluster, LeaveInstance, Plan, RemoveTask, StopTask} from '../model/plan.js'
import {clustersOf, daemonsOf, instancesOf, servicesOf, type State, tasksOf} from '../model/state.js'
import {holdsResources} from '../model/task.js'
import {refuseController} from './instances.js'
import {removalOf, stopOf} from './stop.js'

/** One creation; none when the cluster is there, as ECS's CreateCluster answers for a name that exists. */
export function planCreateCluster(state: State, name: string): Plan {
  const exists = clustersOf(state).some((cluster) => cluster.name === name)
  return {
    actions: exists ? [] : [{kind: 'createCluster', name, because: 'no cluster bears this name'}],
    notes: exists ? [{said: `cluster ${name} exists already`}] : [],
    refusals: [],
  }
}

/**
 * The deletion alone when the cluster is empty. With `force`: its tasks stop, then their containers go, then its instances leave, then it
 * is deleted; throws `InstanceSilent` when the look found one of them silent, since it could not leave. Without: throws as `refuseUnlessEmpty`. Throws as
 * `refuseController`.
 */
export function planDeleteCluster(state: State, cluster: Cluster, force: boolean, seen: Observation): Plan {
  const tasks = tasksOf(state, cluster.id)
  const instances = instancesOf(state, cluster.id)
  refuseController(cluster, instances, seen)
  if (force) refuseSilent(cluster, instances, seen)
  else refuseUnlessAllGone(state, cluster)
  const because = `cluster ${cluster.name} is deleted`
  const ends = workloadsEnded(state, cluster, because)
  const stops: StopTask[] = tasks
    .filter(holdsResources)
    .map((task) => stopOf(state, task, {stopCode: 'UserInitiated', stoppedReason: because}))
  const removals: RemoveTask[] = tasks.map((task) => {
    const stop = stops.findIndex((one) => one.taskId === task.id)
    return {...removalOf(state, task, because), ...(stop < 0 ? {} : {after: [ends.length + stop]})}
  })
  const before: readonly Action[] = [...ends, ...stops, ...removals]
  const leaves = instances.map(
    (instance): LeaveInstance => ({
      kind: 'leaveInstance',
      instance,
      orphans: [],
      forget: false,
      because,
      after: before.flatMap((action, index) => ('instance' in action && action.instance.id === instance.id ? [index] : [])),
    }),
  )
  return {actions: [...before, ...leaves, deletionAfter(cluster, before.length + leaves.length)], notes: [], refusals: []}
}

/** Once all that is before it is done. */
function deletionAfter(cluster: Cluster, count: number): DeleteCluster {
  const after = Array.from({length: count}, (_, index) => index)
  return {kind: 'deleteCluster', cluster, because: 'asked for', ...(count === 0 ? {} : {destructive: true as const}), after}
}

/** First of all nobody is to put anything in the place of what stops. */
function workloadsEnded(state: State, cluster: Cluster, because: string): readonly Action[] {
  return [
    ...servicesOf(state, cluster.id).map(({id, name}) => ({kind: 'deleteWorkload', workload: 'service', id, name, because}) as const),
    ...daemonsOf(state, cluster.id).map(({id, name}) => ({kind: 'deleteWorkload', workload: 'daemon', id, name, because}) as const),
  ]
}

/** A deletion that is begun and cannot be ended helps nobody: it is refused before anything is stopped. */
function refuseSilent(cluster: Cluster, instances: readonly Instance[], seen: Observation): void {
  const silent = instances.flatMap(({id, name}) => {
    const look = seen.instances[id]
    return look?.answered === false ? [{name, why: look.why}] : []
  })
  if (silent.length === 0) return
  const names = silent.map(({name, why}) => `"${name}" (${why})`).join(', ')
  throw new UnreachableError(
    'InstanceSilent',
    `Cluster "${cluster.name}" cannot be deleted while ${silent.length === 1 ? 'an instance does' : `${silent.length} instances do`} not answer: ${names}.`,
    {suggestions: silent.map(({name}) => `berth instance leave ${name} -c ${cluster.name} --force`)},
  )
}

function refuseUnlessAllGone(state: State, cluster: Cluster): void {
  refuseServices(state, cluster)
  refuseUnlessEmpty(state, cluster)
}

/** Throws ECS's `ClusterContainsServicesException`, for daemons too. */
function refuseServices(state: State, {id, name}: Cluster): void {
  const kept = [
    ...servicesOf(state, id).map((one) => `service "${one.name}"`),
    ...daemonsOf(state, id).map((one) => `daemon "${one.name}"`),
  ]
  if (kept.length === 0) return
  throw new ConflictError('ClusterContainsServicesException', `Cluster "${name}" cannot be deleted while it keeps ${kept.join(', ')}.`, {
    suggestions: [`berth service list -c ${name}`, `berth daemon list -c ${name}`, `berth cluster delete ${name} --force`],
  })
}

/** Throws ECS's `ClusterContainsTasksException` or `ClusterContainsContainerInstancesException` while unstopped tasks or instances remain. */
export function refuseUnlessEmpty(state: State, cluster: Cluster): void {
  const taskCount = tasksOf(state, cluster.id).filter(holdsResources).length
  const instanceCount = instancesOf(state, cluster.id).length
  const suggestions = [
    `berth task list -c ${cluster.name}`,
    `berth instance list -c ${cluster.name}`,
    `berth cluster delete ${cluster.name} --force`,
  ]
  if (taskCount > 0)
    throw new ConflictError(
      'ClusterContainsTasksException',
      `Cluster "${cluster.name}" cannot be deleted while ${taskCount === 1 ? 'one of its tasks has' : `${taskCount} of its tasks have`} not stopped.`,
      {suggestions},
    )
  if (instanceCount > 0)
    throw new ConflictError(
      'ClusterContainsContainerInstancesException',
      `Cluster "${cluster.name}" cannot be deleted while ${instanceCount === 1 ? 'an instance belongs' : `${instanceCount} instances belong`} to it.`,
      {suggestions},
    )
}
