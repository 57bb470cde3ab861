// Brings one task's containers to where they are wanted, on one engine. It decides nothing: `scheduling/containers.ts` names each next step.
import {EngineError, InterruptedError, KnownError, UnreachableError} from '../errors.js'
import type {ContainerDefinition} from '../model/container-definition.js'
import type {Task} from '../model/task.js'
import {type Instant, timestamp} from '../model/time.js'
import {type ContainerStep, nextSteps} from '../scheduling/containers.js'
import type {Engine, PullProgress} from '../world/engine.js'
import {containerSpec, documentOf, type TaskInContext} from './container-spec.js'
import {type ContainersSeen, failedToStart, observed, phasesOf} from './progress.js'

export interface DriveOptions {
  readonly now: () => Instant
  readonly onPull: (image: string, progress: PullProgress) => void
  /** Instead of the definition's seconds between the stop signal and SIGKILL. */
  readonly stopTimeoutSeconds?: number
  readonly signal: AbortSignal
}

/**
 * Takes steps until none is left and returns the task as it then stands: RUNNING, or STOPPED with the reason when a container could not be
 * pulled, created or started, or has ended already. Containers are found by their recorded names, so driving twice makes nothing twice.
 * Throws `UnreachableError` when the engine falls silent; what was done then is found by the next look.
 */
export async function driveTask(engine: Engine, context: TaskInContext, options: DriveOptions): Promise<Task> {
  const document = documentOf(context)
  let task = context.task
  let seen = await lookAt(engine, task, options.signal)
  for (;;) {
    task = observed(task, document, seen, options.now())
    const steps = nextSteps(document, task.desiredStatus, phasesOf(task, seen))
    if (steps.length === 0) return task
    for (const step of steps) {
      const outcome = await takeStep(engine, {...context, task}, step, options)
      if (outcome.failure !== undefined) return fail(engine, outcome.task, document.containerDefinitions, step, outcome.failure, options)
      task = outcome.task
    }
    seen = await lookAt(engine, task, options.signal)
  }
}

interface StepOutcome {
  readonly task: Task
  readonly failure?: KnownError
}

async function takeStep(engine: Engine, context: TaskInContext, step: ContainerStep, options: DriveOptions): Promise<StepOutcome> {
  let {task} = context
  const containerName = nameOf(task, step.container.name)
  try {
    switch (step.kind) {
      case 'create':
        task = await ensureImage(engine, task, step.container.image, options)
        await createOnce(engine, context, step.container, containerName, options.signal)
        break
      case 'start':
        await engine.start(containerName, options.signal)
        break
      case 'stop':
        await engine.stop(containerName, options.stopTimeoutSeconds ?? step.timeoutSeconds, options.signal)
        break
    }
    return {task}
  } catch (error) {
    // What the engine refuses is the task's fate; a silent engine or a person who leaves says nothing of it.
    if (!(error instanceof KnownError) || error instanceof UnreachableError || error instanceof InterruptedError) throw error
    return {task, failure: error}
  }
}

/** An image that is on the host is never asked of a registry: a launch depends on nothing outside. */
async function ensureImage(engine: Engine, task: Task, image: string, options: DriveOptions): Promise<Task> {
  if (await engine.image(image, options.signal)) return task
  const pullStartedAt = task.pullStartedAt ?? timestamp(options.now())
  await engine.pull(image, (progress) => options.onPull(image, progress), options.signal)
  return {...task, pullStartedAt, pullStoppedAt: timestamp(options.now())}
}

async function createOnce(
  engine: Engine,
  context: TaskInContext,
  container: ContainerDefinition,
  containerName: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await engine.create(containerSpec(context, container, containerName), signal)
  } catch (error) {
    // The name holds the task's id: a container that bears it is this one, made by a call whose answer was lost.
    if (!(error instanceof EngineError && error.code === 'NameTaken')) throw error
  }
}

/** A start that failed is over: its containers go, since one that never ran has no story to keep. */
async function fail(
  engine: Engine,
  task: Task,
  containers: readonly ContainerDefinition[],
  step: ContainerStep,
  failure: KnownError,
  options: DriveOptions,
): Promise<Task> {
  if (step.kind === 'stop') throw failure
  for (const container of containers) await engine.remove(nameOf(task, container.name), options.signal)
  return failedToStart(task, step.container.name, `${failure.code}: ${failure.message}`, options.now())
}

/** What the engine says of each of the task's containers. */
export async function lookAt(engine: Engine, task: Task, signal: AbortSignal): Promise<ContainersSeen> {
  const seen = await Promise.all(
    task.containers.map(
      async (container) => [container.name, (await engine.inspect(container.containerName, signal)) ?? 'missing'] as const,
    ),
  )
  return Object.fromEntries(seen)
}

function nameOf(task: Task, name: string): string {
  const container = task.containers.find((one) => one.name === name)
  if (!container) throw new Error(`Task ${task.id} has no container ${name}.`)
  return container.containerName
}
