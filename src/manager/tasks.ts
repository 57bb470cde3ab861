// Use cases of tasks that are there already: list, describe, stop, wait.
import {DeadlineError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {type State, tasksOf} from '../model/state.js'
import {type DesiredStatus, exitCodeOf, type Task, type TaskId} from '../model/task.js'
import type {Instant} from '../model/time.js'
import {planStop} from '../scheduling/stop.js'
import {STOPPED_BY_USER} from '../ecs/stop-reasons.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {look} from './look.js'
import {LIST_DEADLINE_MS} from './observe.js'
import {clusterNamed, findInstance, findTask} from './resolve.js'
import {settle} from './settle.js'
import {staged} from './staged.js'

/** Tasks, and the state in which they stand. */
export interface FoundTasks {
  readonly state: State
  readonly cluster: Cluster
  readonly tasks: readonly Task[]
  /** The last lines of those that have stopped, where they were kept. */
  readonly lastWords?: Readonly<Record<TaskId, string>>
}

export interface TaskFilter {
  readonly cluster: string | undefined
  readonly instance: string | undefined
  readonly family: string | undefined
  readonly startedBy: string | undefined
  readonly group: string | undefined
  /** `undefined`: both. */
  readonly desiredStatus: DesiredStatus | undefined
  readonly cached: boolean
}

/** The tasks of the cluster that the filter lets through, the oldest first, after a look at all hosts. */
export async function listTasks(world: World, filter: TaskFilter): Promise<FoundTasks> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, filter.cluster)
  const {state} = await look(world, cluster, filter.cached ? undefined : {deadlineMs: LIST_DEADLINE_MS})
  const instanceId = filter.instance === undefined ? undefined : findInstance(state, cluster, filter.instance).id
  const tasks = tasksOf(state, cluster.id).filter(
    (task) =>
      (filter.desiredStatus === undefined || task.desiredStatus === filter.desiredStatus) &&
      (instanceId === undefined || task.instanceId === instanceId) &&
      (filter.family === undefined || state.definitions[task.definitionId]?.family === filter.family) &&
      (filter.startedBy === undefined || task.startedBy === filter.startedBy) &&
      (filter.group === undefined || task.group === filter.group),
  )
  return {state, cluster, tasks}
}

/** The tasks named, with their last words where they have stopped, after a look at all hosts. Throws `TaskNotFound`. */
export async function describeTasks(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly tasks: readonly string[]; readonly cached: boolean},
): Promise<FoundTasks> {
  const before = (await world.store.read()).state
  const cluster = await clusterNamed(world, before, wanted.cluster)
  const ids = wanted.tasks.map((text) => findTask(before, cluster, text).id)
  const {state} = await look(world, cluster, wanted.cached ? undefined : {deadlineMs: LIST_DEADLINE_MS})
  const tasks = ids.map((id) => findTask(state, cluster, id))
  const words = await Promise.all(
    tasks.map(async (task) => [task.id, task.lastStatus === 'STOPPED' ? await world.records.lastWords(task.id) : undefined] as const),
  )
  return {state, cluster, tasks, lastWords: Object.fromEntries(words.flatMap(([id, text]) => (text === undefined ? [] : [[id, text]])))}
}

/** How often a watched list is looked at again. */
const WATCH_PERIOD_MS = 1000

/** `listTasks` again and again, until the world's signal fires. */
export async function* watchTasks(world: World, filter: TaskFilter): AsyncIterable<FoundTasks> {
  for (;;) {
    yield await listTasks(world, filter)
    await world.clock.sleep(WATCH_PERIOD_MS, world.signal)
  }
}

export interface StopTasksWanted {
  readonly cluster: string | undefined
  readonly tasks: readonly string[]
  /** What `stoppedReason` will say. */
  readonly reason: string | undefined
  /** Instead of the definition's seconds between the stop signal and SIGKILL. */
  readonly timeoutSeconds: number | undefined
  readonly dryRun: boolean
}

/** The tasks named, stopped: their stop signal, the timeout, SIGKILL. One that has stopped already is left as it is. */
export async function stopTasks(world: World, wanted: StopTasksWanted): Promise<Done<FoundTasks>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const tasks = wanted.tasks.map((text) => findTask(state, cluster, text))
  const stop = {
    stopCode: 'UserInitiated',
    stoppedReason: wanted.reason ?? STOPPED_BY_USER,
    ...(wanted.timeoutSeconds === undefined ? {} : {timeoutSeconds: wanted.timeoutSeconds}),
  } as const
  const settled = await settle(world, {
    about: cluster.id,
    because: tasks.length === 1 ? `stop task ${tasks[0]?.id.slice(0, 8)}` : `stop ${tasks.length} tasks`,
    question: tasks.length === 1 ? 'Stop this task?' : `Stop these ${tasks.length} tasks?`,
    decide: (current) => planStop(current, {tasks, ...stop}),
    dryRun: wanted.dryRun,
  })
  return done(settled, wanted.dryRun, () => ({
    state: settled.state,
    cluster,
    tasks: tasks.flatMap(({id}) => settled.state.tasks[id] ?? []),
  }))
}

export interface WaitWanted {
  readonly cluster: string | undefined
  readonly tasks: readonly string[]
  readonly until: 'running' | 'stopped'
  readonly timeoutSeconds: number
}

export interface EndedTasks extends FoundTasks {
  /** The first exit code that is not 0, in the order asked; else 0. */
  readonly exitCode: number
}

/** How often a waiting command looks again: often enough that a script does not notice, rarely enough that a host does not. */
const WAIT_POLL_MS = 500

/**
 * The tasks once all of them are seen to be RUNNING at once, or all to have STOPPED, as was asked. Throws `TaskStopped` as soon as one has stopped
 * that was waited for to run, and `NotInTime` after the timeout.
 */
export async function waitForTasks(world: World, wanted: WaitWanted): Promise<EndedTasks> {
  const deadline = world.clock.now() + wanted.timeoutSeconds * 1000
  const title = `waiting for ${wanted.tasks.length === 1 ? 'the task' : `${wanted.tasks.length} tasks`} to be ${wanted.until}`
  return staged(world.reporter, title, () => untilAllAre(world, wanted, deadline))
}

async function untilAllAre(world: World, wanted: WaitWanted, deadline: Instant): Promise<EndedTasks> {
  for (;;) {
    const found = await describeTasks(world, {...wanted, cached: false})
    if (found.tasks.every((task) => task.lastStatus === wanted.until.toUpperCase())) return {...found, exitCode: exitCodeOf(found.tasks)}
    refuseStopped(found, wanted)
    if (world.clock.now() >= deadline) throw notInTime(found, wanted)
    await world.clock.sleep(WAIT_POLL_MS, world.signal)
  }
}

function refuseStopped(found: FoundTasks, wanted: WaitWanted): void {
  const stopped = found.tasks.find((task) => task.lastStatus === 'STOPPED')
  if (wanted.until === 'stopped' || !stopped) return
  throw new DeadlineError(
    'TaskStopped',
    `Task ${stopped.id} has stopped and will not be running: ${stopped.stoppedReason ?? 'no reason was recorded'}.`,
    {
      suggestions: [`berth task describe ${stopped.id} -c ${found.cluster.name}`],
    },
  )
}

function notInTime({cluster, tasks}: FoundTasks, wanted: WaitWanted): DeadlineError {
  const late = tasks.filter((task) => task.lastStatus !== wanted.until.toUpperCase())
  const names = late.map((task) => `${task.id} is ${task.lastStatus}`).join(', ')
  return new DeadlineError('NotInTime', `After ${wanted.timeoutSeconds} s not all tasks are ${wanted.until}: ${names}.`, {
    suggestions: late.slice(0, 2).map((task) => `berth task describe ${task.id} -c ${cluster.name}`),
  })
}
