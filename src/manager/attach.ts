// An attached run: the tasks' output as it comes, the person's signals passed on, the end recorded; also over a connection that breaks meanwhile.
import {setMaxListeners} from 'node:events'
import {InterruptedError} from '../errors.js'
import type {Instance} from '../model/instance.js'
import {type State, the} from '../model/state.js'
import {type Task, type TaskContainer, taskExitCode} from '../model/task.js'
import {mainContainer} from '../model/task-definition.js'
import type {RunMaterials} from '../tasks/materials.js'
import {documentOf, type TaskInContext} from '../tasks/task-in-context.js'
import {Watches} from '../tasks/watch.js'
import type {Engine, Output} from '../world/engine.js'
import type {SignalName} from '../world/signals.js'
import type {World} from '../world/world.js'
import {followContainer, shownContainers} from './container-logs.js'
import {drive, inContext, reported} from './drive.js'
import {closeTask} from './housekeeping.js'
import {mergeByTime} from './log-merge.js'
import {merge} from './merge.js'
import {outOfSight} from './out-of-sight.js'
import {prefixed} from './prefix.js'
import {steadily} from './steady.js'
import {MERGE_PATIENCE_MS} from './task-logs.js'

export interface Attached {
  readonly output: Output
  /**
   * To be called once the output has ended. Returns when every task has stopped, its end is recorded, its last words are kept and containers that are
   * to go are gone: not before, since their output goes with them. Throws `InterruptedError` when the person detached.
   */
  finish(): Promise<void>
}

interface Followed {
  readonly state: State
  readonly context: TaskInContext
  readonly instance: Instance
  /** The container that signals go to. */
  readonly main: TaskContainer
}

/** The task as it ended. */
interface Ended {
  readonly engine: Engine
  readonly context: TaskInContext
}

/**
 * Follows tasks that have been started. The first signal goes to the tasks as it came; the second leaves them running and says how to come back.
 * `materials` are what the run's own containers get, for one that is made only now. Lines of several tasks bear the beginnings of their ids, and of several containers their names.
 */
export async function attach(world: World, state: State, tasks: readonly Task[], materials?: RunMaterials): Promise<Attached> {
  const leaving = new AbortController()
  setMaxListeners(0, leaving.signal)
  const followed = tasks.map((task) => follow(state, task, materials))
  const release = world.signals.takeOver(signalPasser(world, followed, leaving))
  const stopSizing = passSize(world, followed, leaving.signal)
  const watches = new Watches(world.clock)
  const lost = ({context}: Followed, error: unknown) => outOfSight(state, context.task, tasks, error)
  const ends = followed.map(
    (one) => new End(awaitEnd(world, one, watches, leaving.signal).catch((error) => Promise.reject(lost(one, error)))),
  )
  const ended = Promise.all(ends.map(({promise}) => promise)).finally(() => {
    watches.close()
    stopSizing()
    release()
  })
  const outputs = followed.map((one, index) => {
    const lines = inSight(outputOf(world, one, ends[index], leaving.signal, followed.length > 1), (error) => lost(one, error))
    return toTheEnd(world, lines, ends[index]?.promise)
  })
  // Whoever pipes the output learns of a failure there first; `finish` awaits the same promise and tells it.
  ended.catch(() => {})
  const finish = async () => {
    for (const {context, engine} of await ended) await closeTask(world, engine, context, world.clock.now())
  }
  return {output: until(merge(outputs), leaving.signal), finish}
}

/** An end that is awaited, and that can be asked for without waiting. */
class End {
  isKnown = false

  constructor(readonly promise: Promise<Ended>) {
    promise.then(
      () => (this.isKnown = true),
      () => (this.isKnown = true),
    )
  }
}

function follow(state: State, task: Task, materials: RunMaterials | undefined): Followed {
  const context = inContext(state, task, materials)
  const {name} = mainContainer(documentOf(context))
  const main = task.containers.find((one) => one.name === name)
  if (!main) throw new Error(`Task ${task.id} has no container ${name}.`)
  return {state, context, instance: the(state.instances, task.instanceId), main}
}

/** What the task's containers print, in the order of time. */
function outputOf(world: World, {context, state}: Followed, end: End | undefined, signal: AbortSignal, isOneOfMany: boolean): Output {
  const {task} = context
  const containers = shownContainers(task)
  const terms = {world, state, task, signal, isOver: () => end?.isKnown ?? false}
  const streams = containers.map((container) => {
    const output = followContainer(terms, container, {})
    const mark = `${isOneOfMany ? `${task.id.slice(0, 8)}  ` : ''}${containers.length > 1 ? `${container.name}  ` : ''}`
    return mark === '' ? output : prefixed(output, () => mark)
  })
  const [only, ...others] = streams
  return only && others.length === 0 ? only : mergeByTime(streams, {clock: world.clock, patienceMs: MERGE_PATIENCE_MS, signal})
}

/** The output of one task; once all of it is handed on and its end is recorded, how it ended is said. */
async function* toTheEnd(world: World, output: Output, end: Promise<Ended> | undefined): Output {
  yield* output
  // An end that is not known is the failure that `finish` tells.
  const known = await end?.catch(() => undefined)
  if (known) world.reporter.outcome(endText(known.context.task))
}

/** Drives the task to its end, whatever of it ends when and whatever becomes of the connection, and records it. */
async function awaitEnd(world: World, {context, instance}: Followed, watches: Watches, leaving: AbortSignal): Promise<Ended> {
  const deed = async (engine: Engine): Promise<Ended> => {
    const task = await drive(world, engine, context, {goal: 'stopped', watch: watches.of(engine), signal: leaving})
    return {engine, context: {...context, task}}
  }
  const ended = await steadily(world, instance, deed, leaving)
  const {task} = ended.context
  await world.store.update({...world.why, because: `task ${task.id.slice(0, 8)} ended`}, (state) => ({
    state: reported(task)(state),
    result: undefined,
  }))
  return ended
}

/** A task that never got so far as to run has no code. */
function endText(task: Task): string {
  const code = taskExitCode(task)
  return code === undefined ? `task ${task.id} ended: ${task.stoppedReason ?? 'it never ran'}` : `task ${task.id} exited ${code}`
}

function signalPasser(world: World, followed: readonly Followed[], leaving: AbortController): (name: SignalName) => void {
  let passed = 0
  return (name) => {
    passed += 1
    if (passed > 1) leaving.abort(detached(followed))
    else
      for (const {instance, main} of followed)
        world.engines
          .open(instance.address, {}, world.signal)
          .then((engine) => engine.signal(main.containerName, name, world.signal))
          .catch(() => world.reporter.note(`the task did not get ${name}`))
  }
}

/** A main container with a terminal has one of the size of ours, from now until what is returned is called. */
function passSize(world: World, followed: readonly Followed[], signal: AbortSignal): () => void {
  const terminals = followed.filter(({context, main}) =>
    documentOf(context).containerDefinitions.some(({name, pseudoTerminal}) => pseudoTerminal && name === main.name),
  )
  if (terminals.length === 0) return () => {}
  return world.window.onSize(({columns, rows}) => {
    for (const {instance, main} of terminals)
      world.engines
        .open(instance.address, {}, signal)
        .then((engine) => engine.resize(main.containerName, columns, rows, signal))
        // A size that does not arrive is corrected by the next one.
        .catch(() => {})
  })
}

function detached(followed: readonly Followed[]): InterruptedError {
  const ids = followed.map(({context}) => context.task.id)
  return new InterruptedError('Detached', `Detached; ${ids.length === 1 ? 'the task goes on' : 'the tasks go on'}: ${ids.join(', ')}.`, {
    suggestions: ids.slice(0, 1).flatMap((id) => [`berth task logs ${id} -f`, `berth task wait ${id}`, `berth task stop ${id}`]),
  })
}

/** The output; when the host stays silent the error is what `lost` makes of it. */
async function* inSight(output: Output, lost: (error: unknown) => unknown): Output {
  try {
    yield* output
  } catch (error) {
    throw lost(error)
  }
}

/** The output, ending without an error when the person leaves: `finish` tells that. */
async function* until(output: Output, leaving: AbortSignal): Output {
  try {
    yield* output
  } catch (error) {
    if (!leaving.aborted) throw error
  }
}
