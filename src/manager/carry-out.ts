// Does what a plan says, one handler an action. It decides nothing; what each action came to is recorded as soon as it is known.
import pLimit, {type LimitFunction} from 'p-limit'
import {InterruptedError, KnownError} from '../errors.js'
import type {Instance, InstanceId} from '../model/instance.js'
import type {Action, Plan} from '../model/plan.js'
import {put, type State, the, without, withoutCluster} from '../model/state.js'
import {holdsResources, type Task, type TaskId} from '../model/task.js'
import {refuseUnlessEmpty} from '../scheduling/clusters.js'
import {type DriveOptions, driveTask} from '../tasks/drive.js'
import {failedToStart, mergeReport} from '../tasks/progress.js'
import type {Engine} from '../world/engine.js'
import type {Stage} from '../world/person.js'
import type {World} from '../world/world.js'
import {admit} from './admit.js'
import {closeTask} from './housekeeping.js'
import {taskForgotten} from './resolve.js'
import {staged} from './staged.js'

/** Container starts are bound by CPU: more of them at once only wait for each other. */
const STARTS_PER_CORE = 3

/** A person who pressed Ctrl-C waits no longer than this. */
const UNDO_DEADLINE_MS = 5000

export interface CarryOutOptions {
  readonly because: string
  readonly idOf: (slot: string) => string
}

/** What an action came to: done, or the error that stopped it. */
export interface Outcome {
  readonly action: Action
  readonly error?: KnownError
}

/** What becomes true in the state once an action is done. */
type Record = (state: State) => State

type Handlers = {readonly [K in Action['kind']]: (work: Work, action: Extract<Action, {kind: K}>) => Promise<Record>}

interface Work {
  readonly world: World
  readonly options: CarryOutOptions
  readonly stage: Stage
  open(instance: Instance): Promise<Engine>
  /** Runs at most so many at once on this instance as its cores allow. */
  limited<T>(instance: Instance, deed: () => Promise<T>): Promise<T>
}

const UNCHANGED: Record = (state) => state

/** An outcome for each action, in the order of the plan. An action whose forerunner failed is not begun; the others go on. */
export async function carryOut(world: World, plan: Plan, options: CarryOutOptions): Promise<readonly Outcome[]> {
  if (plan.actions.length === 0) return []
  const carryOutAll = (stage: Stage) => allOutcomes(workOf(world, options, stage), plan)
  return staged(world.reporter, options.because, carryOutAll, (done) => {
    const failed = done.filter((outcome) => outcome.error).length
    return failed === 0 ? undefined : `${options.because}: ${failed} of ${done.length} failed`
  })
}

function allOutcomes(work: Work, plan: Plan): Promise<readonly Outcome[]> {
  const outcomes: Promise<Outcome>[] = []
  for (const action of plan.actions)
    outcomes.push(
      carryOutOne(
        work,
        action,
        (action.after ?? []).map((index) => outcomes[index]),
      ),
    )
  return Promise.all(outcomes)
}

async function carryOutOne(work: Work, action: Action, forerunners: readonly (Promise<Outcome> | undefined)[]): Promise<Outcome> {
  const before = await Promise.all(forerunners)
  const failed = before.find((outcome) => outcome?.error)?.error
  if (failed) return {action, error: failed}
  try {
    const record = await handle(work, action)
    if (record !== UNCHANGED)
      await work.world.store.update({...work.world.why, because: work.options.because}, (state) => ({
        state: record(state),
        result: undefined,
      }))
    return {action}
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return {action, error}
  }
}

function handle(work: Work, action: Action): Promise<Record> {
  const handler = HANDLERS[action.kind] as (work: Work, action: Action) => Promise<Record>
  return handler(work, action)
}

const HANDLERS: Handlers = {
  createCluster: async () => UNCHANGED,

  deleteCluster: async (_work, {cluster}) => {
    return (state) => {
      if (!state.clusters[cluster.id]) return state
      // A host that joined meanwhile would be left with a mark of nothing.
      refuseUnlessEmpty(state, cluster)
      return withoutCluster(state, cluster.id)
    }
  },

  joinInstance: async ({open, world}, {instance}) => {
    await admit(world, () => open(instance), instance)
    return UNCHANGED
  },

  updateInstance: async () => UNCHANGED,

  leaveInstance: async (work, {forget, instance}) => {
    const record = {kind: 'instance', cluster: '', clusterId: instance.clusterId, instanceId: instance.id} as const
    if (!forget) await (await work.open(instance)).removeRecord(record, work.world.signal)
    return (state) => forgetInstance(state, instance.id)
  },

  registerDefinition: async () => UNCHANGED,

  startTask: async (work, {instance, slot}) =>
    work.limited(instance, async () => {
      const taskId = work.options.idOf(slot)
      try {
        return reported(await drive(work, instance, taskId))
      } catch (error) {
        if (error instanceof InterruptedError) await undoStart(work, instance, taskId)
        throw error
      }
    }),

  stopTask: async (work, {instance, taskId, timeoutSeconds}) =>
    work.limited(instance, async () => {
      const task = await drive(work, instance, taskId, timeoutSeconds)
      await closeTask(work.world, await work.open(instance), task, work.world.clock.now())
      return reported(task)
    }),

  removeTask: async (work, {containerNames, instance, taskId}) => {
    const engine = await work.open(instance)
    for (const name of containerNames) await engine.remove(name, work.world.signal)
    await work.world.records.forget([taskId])
    return (state) => ({...state, tasks: without(state.tasks, taskId)})
  },
}

/** Drives a task to where the state wants it; one that was wanted stopped while it started is stopped. */
async function drive(work: Work, instance: Instance, taskId: TaskId, stopTimeoutSeconds?: number): Promise<Task> {
  const {clock, signal, store} = work.world
  const engine = await work.open(instance)
  const {state} = await store.read()
  const task = state.tasks[taskId]
  if (!task) throw taskForgotten(taskId, instance.name)
  const context = {task, cluster: the(state.clusters, task.clusterId), definition: the(state.definitions, task.definitionId)}
  const options: DriveOptions = {
    now: () => clock.now(),
    onPull: (image, {layer, status}) => work.stage.progress(`pulling ${image} on ${instance.name}: ${layer ?? ''} ${status}`),
    signal,
    ...(stopTimeoutSeconds === undefined ? {} : {stopTimeoutSeconds}),
  }
  const driven = await driveTask(engine, context, options)
  const latest = (await store.read()).state.tasks[taskId]
  const overtaken = holdsResources(driven) && driven.desiredStatus === 'RUNNING' && latest?.desiredStatus !== 'RUNNING'
  if (!overtaken) return driven
  const stopped = await driveTask(engine, {...context, task: {...driven, desiredStatus: 'STOPPED'}}, options)
  await closeTask(work.world, engine, stopped, clock.now())
  return stopped
}

/** A person left while the task started: its containers go, and it is told as a task that never started. */
async function undoStart({world}: Work, instance: Instance, taskId: TaskId): Promise<void> {
  const signal = AbortSignal.timeout(UNDO_DEADLINE_MS)
  const task = the((await world.store.read()).state.tasks, taskId)
  try {
    const engine = await world.engines.open(instance.address, {}, signal)
    for (const {containerName} of task.containers) await engine.remove(containerName, signal)
  } catch (error) {
    // The host does not answer now: what it still holds bears the task's name, and the next look finds it.
    if (!(error instanceof KnownError)) throw error
    return
  }
  const ended = failedToStart(task, '', 'TaskFailedToStart: interrupted', world.clock.now())
  await world.store.update({...world.why, because: 'interrupted'}, (state) => ({state: reported(ended)(state), result: undefined}))
}

/** `state` without the instance and its tasks. */
function forgetInstance(state: State, instanceId: InstanceId): State {
  const tasks = Object.entries(state.tasks).filter(([, task]) => task.instanceId !== instanceId)
  return {...state, instances: without(state.instances, instanceId), tasks: Object.fromEntries(tasks)}
}

/** The task's report in the state, where the task still is in the state. */
export function reported(task: Task): Record {
  return (state) => {
    const current = state.tasks[task.id]
    return current ? {...state, tasks: put(state.tasks, task.id, mergeReport(current, task))} : state
  }
}

function workOf(world: World, options: CarryOutOptions, stage: Stage): Work {
  const limits = new Map<InstanceId, LimitFunction>()
  return {
    world,
    options,
    stage,
    open: (instance) => world.engines.open(instance.address, {}, world.signal),
    limited: (instance, deed) => {
      const limit = limits.get(instance.id) ?? pLimit(Math.max(2, instance.engine.cpuCount * STARTS_PER_CORE))
      limits.set(instance.id, limit)
      return limit(deed)
    },
  }
}
