// Tidying that any command does on the hosts it has open, never behind a lock: tasks that go on or end by themselves are helped on, last words are kept,
// stopped containers go when their time is over.
import type {Observation} from '../model/observation.js'
import {type State, the} from '../model/state.js'
import {taskVolumeNames} from '../model/task-volumes.js'
import type {Task} from '../model/task.js'
import {DEFAULT_STOP_TIMEOUT_SECONDS} from '../model/task-definition.js'
import {type Instant, instant} from '../model/time.js'
import {lastWordsOf} from '../tasks/last-words.js'
import {documentOf, type TaskInContext} from '../tasks/task-in-context.js'
import {removeVolumes} from '../tasks/volumes.js'
import {within} from '../world/deadline.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'
import {inContext} from './drive.js'
import {isUp} from './observe.js'
import {quietly} from './quietly.js'

/** As the ECS agent's task cleanup wait. */
const KEEP_CONTAINERS_MS = 3 * 60 * 60 * 1000

/** Whoever only looks waits no longer for a stop. */
export const END_DEADLINE_MS = 2000

/** Stopped tasks are forgotten after a week; ECS promises an hour. */
const KEEP_RECORDS_MS = 7 * 24 * 60 * 60 * 1000

/** What a look found, and what was known before it. */
export interface Found {
  readonly before: State
  readonly after: State
  readonly seen: Observation
}

/**
 * After it the last words of each task that was found stopped are kept, and containers are gone where `--rm` or retention says so, and where one of
 * them runs although its task had stopped.
 */
export async function tidyUp(world: World, {after, before, seen}: Found): Promise<void> {
  for (const task of Object.values(after.tasks)) {
    if (task.lastStatus !== 'STOPPED' || !hasContainers(task, seen)) continue
    const isNews = before.tasks[task.id]?.lastStatus !== 'STOPPED'
    if (!isNews && isUpIn(seen, task)) await endRevived(world, after, task)
    else if (isNews || task.removeWhenStopped || isPast(task, seen.at)) await tidyTask(world, after, task, seen.at)
  }
}

/** Keeps the last words of a task that has stopped, then removes its containers and its volumes where it was run with `--rm` or retention has passed. */
export async function closeTask(world: World, engine: Engine, context: TaskInContext, now: Instant): Promise<void> {
  const {task} = context
  if ((await world.records.lastWords(task.id)) === undefined) {
    const words = await lastWordsOf(engine, task, world.signal)
    if (words !== undefined) await world.records.keepLastWords(task.id, words)
  }
  if (!task.removeWhenStopped && !isPast(task, now)) return
  for (const container of task.containers) await engine.remove(container.containerName, world.signal)
  await removeVolumes(engine, taskVolumeNames(context.definition.document, task.id), world.signal)
}

/** `state` without the tasks that stopped more than a week ago; the same state when there are none. */
export function forgetOldTasks(state: State, now: Instant): State {
  const isOld = (task: Task) => task.lastStatus === 'STOPPED' && now - instant(task.stoppedAt ?? task.createdAt) > KEEP_RECORDS_MS
  const tasks = Object.values(state.tasks)
  if (!tasks.some(isOld)) return state
  return {...state, tasks: Object.fromEntries(tasks.filter((task) => !isOld(task)).map((task) => [task.id, task]))}
}

/**
 * A client can die between the start of a container and its look at the state, which says meanwhile that the task has stopped. The container is ours
 * and wanted stopped: it gets its stop signal, its last words are kept, and it goes.
 */
async function endRevived(world: World, state: State, task: Task): Promise<void> {
  // The engine ends a stop that was asked for by itself: whoever only looks does not wait for it, and the next look removes the rest.
  const signal = within(world.signal, END_DEADLINE_MS)
  const context = inContext(state, task)
  const {containerDefinitions} = documentOf(context)
  await onHost(world, state, task, async (engine) => {
    for (const {containerName, name} of task.containers) {
      const {stopTimeout} = containerDefinitions.find((one) => one.name === name) ?? {}
      await engine.stop(containerName, stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS, signal)
    }
    await closeTask(world, engine, {...context, task: {...task, removeWhenStopped: true}}, world.clock.now())
  })
}

function isUpIn(seen: Observation, task: Task): boolean {
  const instance = seen.instances[task.instanceId]
  if (!instance?.answered) return false
  return instance.containers.some((container) => isUp(container) && task.containers.some((one) => one.containerName === container.name))
}

function isPast(task: Task, now: Instant): boolean {
  return now - instant(task.stoppedAt ?? task.createdAt) > KEEP_CONTAINERS_MS
}

function hasContainers(task: Task, seen: Observation): boolean {
  const instance = seen.instances[task.instanceId]
  return (
    instance?.answered === true &&
    task.containers.some((container) => instance.containers.some((one) => one.name === container.containerName))
  )
}

/** As `closeTask`, where the task's host answers; a host that does not is no matter. */
export async function tidyTask(world: World, state: State, task: Task, now: Instant): Promise<void> {
  await onHost(world, state, task, (engine) => closeTask(world, engine, inContext(state, task), now))
}

/** `deed` on the task's host; what keeps it from being done is no matter. */
export async function onHost(world: World, state: State, task: Task, deed: (engine: Engine) => Promise<void>): Promise<void> {
  await quietly(async () => deed(await world.engines.open(the(state.instances, task.instanceId).address, {}, world.signal)))
}
