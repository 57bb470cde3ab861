// What starting and stopping one task takes on its host, for the handlers of a plan.
import {KnownError} from '../errors.js'
import type {Instance} from '../model/instance.js'
import {the} from '../model/state.js'
import {taskVolumeNames} from '../model/task-volumes.js'
import {holdsResources, type Task, type TaskId} from '../model/task.js'
import {failedToStart} from '../tasks/reports.js'
import {removeVolumes} from '../tasks/volumes.js'
import type {Engine, PullProgress} from '../world/engine.js'
import type {World} from '../world/world.js'
import {type DriveWanted, drive, inContext, reported} from './drive.js'
import {closeTask} from './housekeeping.js'
import {taskForgotten} from './resolve.js'
import {steadily} from './steady.js'
import type {Work} from './work.js'

/** A person who pressed Ctrl-C waits no longer than this. */
const UNDO_DEADLINE_MS = 5000

type HowToDrive = Pick<DriveWanted, 'goal' | 'onWait' | 'pull' | 'stopTimeoutSeconds'>

/**
 * Drives a task to where the state wants it; one that was wanted stopped while it started is stopped. An engine that falls silent meanwhile is waited for:
 * the next look at it finds what was done.
 */
export function driveTo(work: Work, instance: Instance, taskId: TaskId, how: HowToDrive): Promise<Task> {
  return steadily(work.world, instance, (engine) => driveOn(work, instance, engine, taskId, how), work.world.signal)
}

async function driveOn(work: Work, instance: Instance, engine: Engine, taskId: TaskId, how: HowToDrive): Promise<Task> {
  const {clock, store} = work.world
  const wanted = {
    onPull: (image: string, {layer, status}: PullProgress) =>
      work.stage.progress(`pulling ${image} on ${instance.name}: ${layer ?? ''} ${status}`),
    watch: work.watches.of(engine),
    ...how,
  }
  const {state} = await store.read()
  const task = state.tasks[taskId]
  if (!task) throw taskForgotten(taskId, instance.name)
  const context = inContext(state, task, work.options.materials?.(task.definitionId))
  const driven = await drive(work.world, engine, context, wanted)
  const latest = (await store.read()).state.tasks[taskId]
  const overtaken = holdsResources(driven) && driven.desiredStatus === 'RUNNING' && latest?.desiredStatus !== 'RUNNING'
  if (!overtaken) return driven
  const stopped = await drive(work.world, engine, {...context, task: {...driven, desiredStatus: 'STOPPED'}}, {...wanted, goal: 'stopped'})
  await closeTask(work.world, engine, {...context, task: stopped}, clock.now())
  return stopped
}

/**
 * A person left while the task started: its containers go, and it is told as a task that never started. False where its host does not answer: what that still
 * holds bears the task's name.
 */
export async function undoStart(world: World, instance: Instance, taskId: TaskId): Promise<boolean> {
  const signal = AbortSignal.timeout(UNDO_DEADLINE_MS)
  const {state} = await world.store.read()
  const task = the(state.tasks, taskId)
  try {
    const engine = await world.engines.open(instance.address, {}, signal)
    for (const {containerName} of task.containers) await engine.remove(containerName, signal)
    await removeVolumes(engine, taskVolumeNames(the(state.definitions, task.definitionId).document, task.id), signal)
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return false
  }
  const ended = failedToStart(task, '', 'TaskFailedToStart: interrupted', world.clock.now())
  await world.store.update({...world.why, because: 'interrupted'}, (current) => ({
    state: reported(ended)(current),
    result: undefined,
  }))
  return true
}
