// Which cluster, instance or task a person means by what they typed.
import {closest, distance} from 'fastest-levenshtein'
import {ConflictError, InvalidInputError, NotFoundError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import {quoted} from '../model/names.js'
import {matchId} from '../model/reference.js'
import {clustersOf, instancesOf, type State, tasksOf} from '../model/state.js'
import type {Task, TaskId} from '../model/task.js'
import type {World} from '../world/world.js'

/**
 * The cluster named, else the one in use, else the only one there is.
 * Throws `ClusterNotFoundException`, or `ClusterNotNamed` where there are several and none is in use.
 */
export async function clusterNamed(world: World, state: State, name: string | undefined): Promise<Cluster> {
  const clusters = clustersOf(state)
  if (name !== undefined) return findCluster(clusters, name)
  const {currentCluster} = await world.settings.read()
  const current = clusters.find((cluster) => cluster.name === currentCluster)
  if (current) return current
  const [only, ...others] = clusters
  if (only && others.length === 0) return only
  if (!only) throw new NotFoundError('ClusterNotFoundException', 'There is no cluster yet.', {suggestions: ['berth cluster create NAME']})
  throw new InvalidInputError('ClusterNotNamed', `There are ${clusters.length} clusters, and none of them is in use.`, {
    suggestions: [`berth cluster use ${only.name}`, 'berth cluster list'],
  })
}

/** By name or ARN. Throws `ClusterNotFoundException` with the nearest name. */
export function findCluster(clusters: readonly Cluster[], text: string): Cluster {
  const name = text.startsWith('arn:') ? text.slice(text.lastIndexOf('/') + 1) : text
  const found = clusters.find((cluster) => cluster.name === name)
  if (found) return found
  throw new NotFoundError('ClusterNotFoundException', `Cluster ${quoted(text)} does not exist.`, {
    suggestions: [
      ...nearest(name, clusters).map((near) => `berth cluster describe ${near}`),
      'berth cluster list',
      'berth cluster create NAME',
    ],
  })
}

/** By name, ARN, id or unique prefix of the id. Throws `ContainerInstanceNotFound` with the nearest name. */
export function findInstance(state: State, cluster: Cluster, text: string): Instance {
  const instances = instancesOf(state, cluster.id)
  const named = instances.find((instance) => instance.name === text)
  const id = named
    ? named.id
    : matchId(
        instances.map((instance) => instance.id),
        text,
      )
  const found = instances.find((instance) => instance.id === id)
  if (found) return found
  throw new NotFoundError('ContainerInstanceNotFound', `Cluster "${cluster.name}" has no instance ${quoted(text)}.`, {
    suggestions: [
      ...nearest(text, instances).map((near) => `berth instance describe ${near} -c ${cluster.name}`),
      `berth instance list -c ${cluster.name}`,
    ],
  })
}

/** By ARN, id or unique prefix of the id, stopped ones too. Throws `TaskNotFound`. */
export function findTask(state: State, cluster: Cluster, text: string): Task {
  const tasks = tasksOf(state, cluster.id)
  const id = matchId(
    tasks.map((task) => task.id),
    text,
  )
  const found = tasks.find((task) => task.id === id)
  if (found) return found
  throw new NotFoundError('TaskNotFound', `Cluster "${cluster.name}" has no task ${quoted(text)}.`, {
    suggestions: [`berth task list --all -c ${cluster.name}`],
  })
}

/** What is said of a task that another command let go of while this one was at it: nobody knows its end. */
export function taskForgotten(id: TaskId, instance: string): ConflictError {
  return new ConflictError(
    'TaskForgotten',
    `Task ${id} is no longer tracked: instance "${instance}" was taken out by force, or its cluster was deleted, meanwhile.`,
    {suggestions: ['berth instance list', 'berth cluster list']},
  )
}

/** The one name that is near enough to be what was meant. */
export function nearest(text: string, named: readonly {readonly name: string}[]): readonly string[] {
  if (named.length === 0) return []
  const near = closest(
    text,
    named.map((one) => one.name),
  )
  return distance(text, near) <= Math.max(2, text.length / 3) ? [near] : []
}
