// Brings one task's containers to where they are wanted, on one engine: look, decide, act, wait, look again. It decides nothing:
// `scheduling/containers.ts` names each next step.
// - Containers are found by their recorded names: driving twice, or from two places at once, makes nothing twice.
// - What is not yet recorded is found by the next look: a driver may die at any moment.
import {setMaxListeners} from 'node:events'
import {taskVolumeNames} from '../model/task-volumes.js'
import type {Task} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import {nextSteps} from '../scheduling/containers.js'
import type {Clock} from '../world/clock.js'
import type {Engine} from '../world/engine.js'
import {type ContainersSeen, factsOf} from './facts.js'
import {firstEnd, observed} from './progress.js'
import {beganToStop} from './reports.js'
import {hostName, type StepOptions, takeStep} from './steps.js'
import {documentOf, type TaskInContext} from './task-in-context.js'
import {removeVolumes} from './volumes.js'
import type {EngineWatch} from './watch.js'

export interface DriveOptions extends Omit<StepOptions, 'now'> {
  /**
   * When it is enough: `started` when all containers have been started or the task has stopped, `stopped` when it has stopped, `now` as soon as nothing
   * can be done at once.
   */
  readonly goal: 'now' | 'started' | 'stopped'
  readonly clock: Clock
  readonly watch: EngineWatch
  /** Records what is known of the task, and returns it as it is wanted by then: somebody else may have asked for its stop. */
  readonly sync: (task: Task) => Promise<Task>
}

/**
 * The task once the goal is reached. Of a task that stopped, containers that never ran are gone, and with none that ran its volumes too: they have no story
 * to keep. Throws `UnreachableError` when the engine falls silent; what was done then is found by the next look.
 */
export async function driveTask(engine: Engine, context: TaskInContext, options: DriveOptions): Promise<Task> {
  setMaxListeners(0, options.signal)
  const document = documentOf(context)
  const all = context.task.containers.map(({name}) => name)
  let task = context.task
  let seen: ContainersSeen = {}
  let stale: readonly string[] = all
  for (let round = 0; ; ) {
    const ticket = options.watch.ticket(hostNames(task))
    seen = {...seen, ...(await lookAt(engine, task, stale, options.signal))}
    task = observed(task, document, seen, options.clock.now())
    const next = nextSteps(document, task.desiredStatus, factsOf(task, document, seen), options.clock.now())
    if (next.steps.length > 0) {
      if (next.steps.some(({kind}) => kind === 'stop')) task = await toldToStop(task, document, options)
      task = await takeSteps(engine, {...context, task}, next.steps, options)
      stale = next.steps.map(({container}) => container.name)
      round = 0
      continue
    }
    // What was not touched may have changed meanwhile: a goal is reached by a look at everything.
    const isWhole = stale.length === all.length
    stale = all
    if (!isWhole && task.lastStatus !== 'STOPPED') continue
    if (options.goal === 'now' || hasReached(task, options.goal)) break
    const wanted = await options.sync(task)
    if (wanted.desiredStatus === task.desiredStatus)
      await options.watch.changed(hostNames(task), ticket, round++, next.wakeAt, options.signal)
    task = wanted
  }
  if (task.lastStatus === 'STOPPED') await discardUnused(engine, task, document, seen, options.signal)
  return task
}

function hasReached({lastStatus}: Task, goal: 'started' | 'stopped'): boolean {
  return lastStatus === 'STOPPED' || (goal === 'started' && lastStatus === 'RUNNING')
}

/** Steps that can be taken at once are; the first that throws is told when all have come to their end. */
async function takeSteps(
  engine: Engine,
  context: TaskInContext,
  steps: ReturnType<typeof nextSteps>['steps'],
  options: DriveOptions,
): Promise<Task> {
  const stepOptions = {...options, now: () => options.clock.now()}
  const outcomes = await Promise.allSettled(steps.map((step) => takeStep(engine, context, step, stepOptions)))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return outcomes.reduce((task, outcome) => (outcome.status === 'fulfilled' ? outcome.value(task) : task), context.task)
}

/** A task that ends by itself says so before its other containers are stopped, which may take long: nobody else then stops them a second time. */
async function toldToStop(task: Task, document: TaskDefinitionDocument, options: DriveOptions): Promise<Task> {
  if (task.desiredStatus === 'STOPPED') return task
  return options.sync(beganToStop(task, firstEnd(task, document)?.name, options.clock.now()))
}

/** What the engine says of some of the task's containers. */
export async function lookAt(engine: Engine, task: Task, names: readonly string[], signal: AbortSignal): Promise<ContainersSeen> {
  const seen = await Promise.all(
    names.map(async (name) => [name, (await engine.inspect(hostName(task, name), signal)) ?? 'missing'] as const),
  )
  return Object.fromEntries(seen)
}

async function discardUnused(
  engine: Engine,
  task: Task,
  document: TaskDefinitionDocument,
  seen: ContainersSeen,
  signal: AbortSignal,
): Promise<void> {
  const hasRun = task.containers.some(({exitCode, internal}) => !internal && exitCode !== undefined)
  for (const {containerName, name} of task.containers) {
    const one = seen[name]
    if (!hasRun || (one !== undefined && one !== 'missing' && one.status === 'created')) await engine.remove(containerName, signal)
  }
  if (!hasRun) await removeVolumes(engine, taskVolumeNames(document, task.id), signal)
}

function hostNames(task: Task): readonly string[] {
  return task.containers.map(({containerName}) => containerName)
}
