// What tasks use, and what runs in them.
import {setMaxListeners} from 'node:events'
import {KnownError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {type State, tasksOf} from '../model/state.js'
import type {Task, TaskContainer} from '../model/task.js'
import {within} from '../world/deadline.js'
import type {ContainerUsage, ProcessList} from '../world/engine.js'
import type {World} from '../world/world.js'
import {shownContainers} from './container-logs.js'
import {clusterNamed, findTask} from './resolve.js'
import {findTarget, runningTarget, type TargetWanted} from './task-target.js'

/** Docker takes two readings a second apart; a host that has told nothing by then is passed over. */
const READ_DEADLINE_MS = 6000

export interface UsageWanted {
  readonly cluster: string | undefined
  /** Empty: all that run. */
  readonly tasks: readonly string[]
}

/** What one container uses; without a reading it does not run, or its host is silent. */
export interface UsageRow {
  readonly task: Task
  readonly container: TaskContainer
  readonly usage?: ContainerUsage
  /** Why there is no reading, where that is a failure. */
  readonly failure?: string
}

export interface FoundUsage {
  readonly state: State
  readonly cluster: Cluster
  readonly rows: readonly UsageRow[]
}

/** One reading of every container of the tasks, all hosts at once; tasks in the order of their age. Throws `TaskNotFound`. */
export async function taskUsage(world: World, wanted: UsageWanted): Promise<FoundUsage> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const tasks =
    wanted.tasks.length > 0
      ? wanted.tasks.map((text) => findTask(state, cluster, text))
      : tasksOf(state, cluster.id).filter(({lastStatus}) => lastStatus === 'RUNNING')
  const signal = within(world.signal, READ_DEADLINE_MS)
  setMaxListeners(0, signal)
  const rows = await Promise.all(
    tasks.flatMap((task) => shownContainers(task).map((container) => readingOf(world, state, task, container, signal))),
  )
  return {state, cluster, rows}
}

/** `taskUsage` again and again, until the world's signal fires. */
export async function* watchUsage(world: World, wanted: UsageWanted): AsyncGenerator<FoundUsage> {
  for (;;) {
    yield await taskUsage(world, wanted)
    world.signal.throwIfAborted()
  }
}

async function readingOf(world: World, state: State, task: Task, container: TaskContainer, signal: AbortSignal): Promise<UsageRow> {
  const instance = state.instances[task.instanceId]
  if (!instance) return {task, container}
  try {
    const engine = await world.engines.open(instance.address, {}, signal)
    for await (const usage of engine.usage(container.containerName, {once: true}, signal)) return {task, container, usage}
    return {task, container}
  } catch (error) {
    // A host that does not answer keeps nobody from reading the others.
    if (world.signal.aborted || !(error instanceof KnownError || signal.aborted)) throw error
    return {task, container, failure: error instanceof KnownError ? error.message : `instance ${instance.name} did not answer in time`}
  }
}

export interface FoundProcesses {
  readonly task: Task
  readonly container: TaskContainer
  readonly list: ProcessList
}

/** What runs in a container of the task, as its host lists it. Throws `TaskNotRunning`, `ContainerNotFound`. */
export async function taskProcesses(world: World, wanted: TargetWanted): Promise<FoundProcesses> {
  const target = await findTarget(world, wanted)
  const {engine} = await runningTarget(world, target)
  const {container, task} = target
  return {task, container, list: await engine.processes(container.containerName, world.signal)}
}
