// Driving a task from a use case: its context out of the state, its progress into it.
import {epochOf} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import type {PullPolicy} from '../model/pull-policy.js'
import {put, recordAt, type State, the} from '../model/state.js'
import type {Task} from '../model/task.js'
import {type DriveOptions, driveTask} from '../tasks/drive.js'
import type {RunMaterials} from '../tasks/materials.js'
import {asWanted, mergeReport} from '../tasks/reports.js'
import type {TaskInContext} from '../tasks/task-in-context.js'
import type {EngineWatch} from '../tasks/watch.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'
import {taskForgotten} from './resolve.js'

export interface DriveWanted {
  readonly goal: DriveOptions['goal']
  readonly watch: EngineWatch
  readonly onPull?: DriveOptions['onPull']
  readonly pull?: PullPolicy
  readonly materials?: RunMaterials
  readonly stopTimeoutSeconds?: number
  readonly onWait?: () => void
  /** Default: the world's. */
  readonly signal?: AbortSignal
}

/** The task with what it was made from, as the state has it. */
export function inContext(state: State, task: Task, materials?: RunMaterials): TaskInContext {
  const cluster = the(state.clusters, task.clusterId)
  const {images} = recordAt(state.deployments, task.workload?.deploymentId ?? '') ?? {}
  return {
    task,
    cluster,
    epoch: epochOf(cluster, state.revision),
    definition: the(state.definitions, task.definitionId),
    coreCount: state.instances[task.instanceId]?.engine.cpuCount ?? 0,
    ...(images === undefined ? {} : {images}),
    ...(materials === undefined ? {} : {materials}),
  }
}

/** As `driveTask`; while it waits its progress is in the state, and a stop that others ask for is heard. Throws `TaskForgotten` when the state lets go of it. */
export function drive(world: World, engine: Engine, context: TaskInContext, wanted: DriveWanted): Promise<Task> {
  const {clock, registryCredentials: credentials, reporter} = world
  const instance = context.task.instanceId
  return driveTask(engine, context, {
    clock,
    credentials,
    goal: wanted.goal,
    note: (text) => reporter.note(text),
    onPull: wanted.onPull ?? (() => {}),
    signal: wanted.signal ?? world.signal,
    sync: synchroniser(world, instance),
    watch: wanted.watch,
    ...(wanted.pull === undefined ? {} : {pull: wanted.pull}),
    ...(wanted.onWait === undefined ? {} : {onWait: wanted.onWait}),
    ...(wanted.stopTimeoutSeconds === undefined ? {} : {stopTimeoutSeconds: wanted.stopTimeoutSeconds}),
  })
}

/** Writes only what is new, since each write is a commit. */
function synchroniser({store, why}: World, instanceId: Instance['id']): DriveOptions['sync'] {
  let written: Task | undefined
  return async (task) => {
    const {state} = await store.read()
    const latest = state.tasks[task.id]
    if (!latest) throw taskForgotten(task.id, state.instances[instanceId]?.name ?? instanceId)
    if (task !== written && task.version !== latest.version)
      await store.update({...why, because: `task ${task.id.slice(0, 8)} goes on`}, (current) => ({
        state: reported(task)(current),
        result: undefined,
      }))
    written = asWanted(task, latest)
    return written
  }
}

/** The task's report in the state, where the task still is in the state. */
export function reported(task: Task): (state: State) => State {
  return (state) => {
    const current = state.tasks[task.id]
    return current ? {...state, tasks: put(state.tasks, task.id, mergeReport(current, task))} : state
  }
}
