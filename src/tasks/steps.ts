// One step of a task's way, done on its engine. What the engine refuses is the task's fate and becomes part of its record.
import {EngineError, InterruptedError, KnownError, NotFoundError, UnreachableError} from '../errors.js'
import type {ContainerDefinition} from '../model/container-definition.js'
import {quoted} from '../model/names.js'
import type {Task} from '../model/task.js'
import type {ContainerStep} from '../scheduling/containers.js'
import type {ContainerSpec} from '../world/container-spec.js'
import type {Engine} from '../world/engine.js'
import {containerSpec} from './container-spec.js'
import {ensureImage, type ImageOptions} from './images.js'
import {withoutSecrets} from './materials.js'
import {containerFailed, gaveUp} from './reports.js'
import {documentOf, type TaskInContext} from './task-in-context.js'
import {ensureVolumes} from './volumes.js'

export interface StepOptions extends ImageOptions {
  /** A remark for the person. */
  readonly note: (text: string) => void
  /** Instead of the definition's seconds between the stop signal and SIGKILL; not for the container that holds namespaces, which hears no signal. */
  readonly stopTimeoutSeconds?: number
}

/** What a step came to: put on top of the record as it is by then, since several steps are taken at once. */
export type Report = (task: Task) => Task

const AS_IT_IS: Report = (task) => task

/** Throws `UnreachableError` and what ends the command; a stop that the engine refuses is thrown too: the task is not over. */
export async function takeStep(engine: Engine, context: TaskInContext, step: ContainerStep, options: StepOptions): Promise<Report> {
  const {container} = step
  if (step.kind === 'giveUp')
    return (task) =>
      gaveUp(task, container.name, `TaskDependencyError: container "${container.name}" was not started: ${step.because}`, options.now())
  try {
    return await act(engine, context, step, options)
  } catch (error) {
    // A silent engine or a person who leaves says nothing of the task.
    if (!(error instanceof KnownError) || error instanceof UnreachableError || error instanceof InterruptedError) throw error
    if (step.kind === 'stop') throw error
    // Somebody took it away after it was made: to the task it is a container that did not start, as to the ECS agent.
    const code = step.kind === 'start' && error instanceof NotFoundError ? 'CannotStartContainerError' : error.code
    const reason = `${code}: ${toldOf(error, context, container)}`
    return (task) => containerFailed(task, documentOf(context), container.name, reason, options.now())
  }
}

/** What the engine said, for the record: it may quote what it was given, and whoever helps a task on later does not know which of that is secret. */
function toldOf({message}: KnownError, {materials}: TaskInContext, {logConfiguration, name}: ContainerDefinition): string {
  if (materials) return withoutSecrets(message, materials)
  const isSecretive = (logConfiguration?.secretOptions ?? []).length > 0
  return isSecretive ? `The engine refused container ${quoted(name)}; its words may hold what its log driver keeps secret.` : message
}

async function act(
  engine: Engine,
  context: TaskInContext,
  step: Exclude<ContainerStep, {kind: 'giveUp'}>,
  options: StepOptions,
): Promise<Report> {
  const name = hostName(context.task, step.container.name)
  switch (step.kind) {
    case 'create': {
      const {reference, report} = await ensureImage(engine, step.container, context.images?.[step.container.name], options)
      await ensureVolumes(engine, context, step.container, options.note, options.signal)
      await createOnce(engine, containerSpec(context, step.container, reference), options.signal)
      return report
    }
    case 'start':
      await engine.start(name, options.signal)
      return AS_IT_IS
    case 'stop': {
      const isInternal = context.task.containers.some((one) => one.name === step.container.name && one.internal)
      await engine.stop(name, isInternal ? step.timeoutSeconds : (options.stopTimeoutSeconds ?? step.timeoutSeconds), options.signal)
      return AS_IT_IS
    }
  }
}

async function createOnce(engine: Engine, spec: ContainerSpec, signal: AbortSignal): Promise<void> {
  try {
    await engine.create(spec, signal)
  } catch (error) {
    // The name holds the task's id: a container that bears it is this one, made by a call whose answer was lost.
    if (!(error instanceof EngineError && error.code === 'NameTaken')) throw error
  }
}

/** What Docker knows a container of the task by. */
export function hostName(task: Task, name: string): string {
  const container = task.containers.find((one) => one.name === name)
  if (!container) throw new Error(`Task ${task.id} has no container ${name}.`)
  return container.containerName
}
