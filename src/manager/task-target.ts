// The container of a task that a command means, and the engine it is on.
import {ConflictError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import type {ContainerSeen} from '../model/observation.js'
import {runDocument} from '../model/run-document.js'
import {type State, the} from '../model/state.js'
import type {Task, TaskContainer} from '../model/task.js'
import {mainContainer} from '../model/task-definition.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'
import {clusterNamed, findTask} from './resolve.js'
import {containerNamed} from './task-logs.js'

export interface TargetWanted {
  readonly cluster: string | undefined
  readonly task: string
  /** Absent: the main container. */
  readonly container: string | undefined
}

export interface Target {
  readonly state: State
  readonly cluster: Cluster
  readonly task: Task
  readonly container: TaskContainer
  readonly instance: Instance
}

/** What is meant. Throws `TaskNotFound`, `ContainerNotFound`, and `TaskNotRunning` for a task whose instance has left. */
export async function findTarget(world: World, wanted: TargetWanted): Promise<Target> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const task = findTask(state, cluster, wanted.task)
  const {document} = the(state.definitions, task.definitionId)
  const container = containerNamed(task, wanted.container ?? mainContainer(runDocument(document, task.override)).name)
  const instance = state.instances[task.instanceId]
  if (instance) return {state, cluster, task, container, instance}
  throw notRunning({cluster, task}, 'its instance has left the cluster')
}

/** The target's engine, and what it says of the container. Throws `TaskNotRunning` where the container does not run. */
export async function runningTarget(world: World, target: Target): Promise<{readonly engine: Engine; readonly seen: ContainerSeen}> {
  const engine = await world.engines.open(target.instance.address, {}, world.signal)
  const seen = await engine.inspect(target.container.containerName, world.signal)
  if (seen?.status === 'running') return {engine, seen}
  throw notRunning(target, target.task.containers.length === 1 ? undefined : `container "${target.container.name}" does not run`)
}

function notRunning({cluster, task}: Pick<Target, 'cluster' | 'task'>, why?: string): ConflictError {
  return new ConflictError('TaskNotRunning', `Task ${task.id} is not running${why === undefined ? '' : `: ${why}`}.`, {
    suggestions: [`berth task describe ${task.id} -c ${cluster.name}`, `berth task logs ${task.id} -c ${cluster.name}`],
  })
}
