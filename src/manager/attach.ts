// An attached run: the tasks' output as it comes, the person's signals passed on, the end recorded.
import {setMaxListeners} from 'node:events'
import {InterruptedError, UnreachableError} from '../errors.js'
import {type State, the} from '../model/state.js'
import {type Task, taskExitCode} from '../model/task.js'
import {mainContainer} from '../model/task-definition.js'
import {documentOf, type TaskInContext} from '../tasks/task-in-context.js'
import {Watches} from '../tasks/watch.js'
import type {Engine, OutputChunk} from '../world/engine.js'
import type {SignalName} from '../world/signals.js'
import type {World} from '../world/world.js'
import {drive, inContext, reported} from './drive.js'
import {closeTask} from './housekeeping.js'
import {merge} from './merge.js'
import {prefixed} from './prefix.js'

export interface Attached {
  readonly output: AsyncIterable<OutputChunk>
  /**
   * To be called once the output has ended. Returns when every task has stopped, its end is recorded, its last words are kept and containers that are
   * to go are gone: not before, since their output goes with them. Throws `InterruptedError` when the person detached.
   */
  finish(): Promise<void>
}

interface Followed {
  readonly engine: Engine
  readonly context: TaskInContext
  /** What Docker knows the main container by. */
  readonly main: string
}

interface Ended {
  readonly engine: Engine
  /** The task as it ended. */
  readonly context: TaskInContext
}

/**
 * Follows tasks that have been started. The first signal goes to the tasks as it came; the second leaves them running and says how to come back.
 * Output of several tasks is prefixed with the beginning of their ids.
 */
export async function attach(world: World, state: State, tasks: readonly Task[]): Promise<Attached> {
  const leaving = new AbortController()
  setMaxListeners(0, leaving.signal)
  const followed = await Promise.all(tasks.map((task) => follow(world, state, task)))
  const release = world.signals.takeOver(signalPasser(world, followed, leaving))
  const watches = new Watches(world.clock)
  const ends = followed.map((one) => awaitEnd(world, one, watches, leaving.signal).catch((error) => Promise.reject(outOfSight(one, error))))
  const ended = Promise.all(ends).finally(() => {
    watches.close()
    release()
  })
  const outputs = followed.map((one, index) => {
    const lines = inSight(one, one.engine.logs(one.main, {follow: true}, leaving.signal))
    return toTheEnd(world, followed.length === 1 ? lines : prefixed(lines, `${one.context.task.id.slice(0, 8)}  `), ends[index])
  })
  // Whoever pipes the output learns of a failure there first; `finish` awaits the same promise and tells it.
  ended.catch(() => {})
  const finish = async () => {
    for (const {context, engine} of await ended) await closeTask(world, engine, context, world.clock.now())
  }
  return {output: until(merge(outputs), leaving.signal), finish}
}

async function follow(world: World, state: State, task: Task): Promise<Followed> {
  const context = inContext(state, task)
  const main = mainContainer(documentOf(context)).name
  const container = task.containers.find((one) => one.name === main)
  const engine = await world.engines.open(the(state.instances, task.instanceId).address, {}, world.signal)
  return {engine, context, main: container?.containerName ?? main}
}

/** The output of one task; once all of it is handed on and its end is recorded, how it ended is said. */
async function* toTheEnd(world: World, output: AsyncIterable<OutputChunk>, end: Promise<Ended> | undefined): AsyncIterable<OutputChunk> {
  yield* output
  // An end that is not known is the failure that `finish` tells.
  const known = await end?.catch(() => undefined)
  if (known) world.reporter.outcome(endText(known.context.task))
}

/** Drives the task to its end, whatever of it ends when, and records it. */
async function awaitEnd(world: World, {context, engine}: Followed, watches: Watches, leaving: AbortSignal): Promise<Ended> {
  const task = await drive(world, engine, context, {goal: 'stopped', watch: watches.of(engine), signal: leaving})
  await world.store.update({...world.why, because: `task ${task.id.slice(0, 8)} ended`}, (state) => ({
    state: reported(task)(state),
    result: undefined,
  }))
  return {engine, context: {...context, task}}
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
      for (const {engine, main} of followed)
        engine.signal(main, name, world.signal).catch(() => world.reporter.note(`the task did not get ${name}`))
  }
}

function detached(followed: readonly Followed[]): InterruptedError {
  const ids = followed.map(({context}) => context.task.id)
  return new InterruptedError('Detached', `Detached; ${ids.length === 1 ? 'the task goes on' : 'the tasks go on'}: ${ids.join(', ')}.`, {
    suggestions: ids.slice(0, 1).flatMap((id) => [`berth task logs ${id} -f`, `berth task wait ${id}`, `berth task stop ${id}`]),
  })
}

/** The output; when the host falls silent the error tells how to find the task again. */
async function* inSight(one: Followed, output: AsyncIterable<OutputChunk>): AsyncIterable<OutputChunk> {
  try {
    yield* output
  } catch (error) {
    throw outOfSight(one, error)
  }
}

/** A silent host says nothing of its tasks: this one may go on, and the person learns how to come back to it. */
function outOfSight({context: {task}}: Followed, error: unknown): unknown {
  if (!(error instanceof UnreachableError)) return error
  const suggestions = [`berth task wait ${task.id}`, `berth task logs ${task.id} -f`, ...error.suggestions]
  return new UnreachableError(error.code, `Task ${task.id} is out of sight and may go on: ${error.message}`, {cause: error, suggestions})
}

/** The output, ending without an error when the person leaves: `finish` tells that. */
async function* until(output: AsyncIterable<OutputChunk>, leaving: AbortSignal): AsyncIterable<OutputChunk> {
  try {
    yield* output
  } catch (error) {
    if (!leaving.aborted) throw error
  }
}
