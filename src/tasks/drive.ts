// Brings one task's containers to where they are wanted, on one engine: look, decide, act, wait, look again. It decides nothing:
// `scheduling/containers.ts` names each next step.
// - Containers are found by their recorded names: driving twice, or from two places at once, makes nothing twice.
// - What is not yet recorded is found by the next look: a driver may die at any moment.
import {setMaxListeners} from 'node:events'
import {taskVolumeNames} from '../model/task-volumes.js'
import type {Task} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import {type ContainerStep, type NextSteps, nextSteps} from '../scheduling/containers.js'
import type {Clock} from '../world/clock.js'
import type {Engine} from '../world/engine.js'
import {type ContainersSeen, factsOf} from './facts.js'
import {firstEnd, observed} from './progress.js'
import {beganToStop} from './reports.js'
import {hostName, type StepOptions, takeStep} from './steps.js'
import {documentOf, type TaskInContext} from './task-in-context.js'
import {removeVolumes} from './volumes.js'
import type {EngineWatch, Ticket} from './watch.js'

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
  /** Called whenever it begins to wait for something to happen: others may use the engine meanwhile. */
  readonly onWait?: () => void
}

/**
 * The task once the goal is reached. Of a task that stopped, containers that never ran are gone, and with none that ran its volumes too: they have no story
 * to keep. Throws `UnreachableError` when the engine falls silent; what was done then is found by the next look.
 */
export function driveTask(engine: Engine, context: TaskInContext, options: DriveOptions): Promise<Task> {
  setMaxListeners(0, options.signal)
  return new Drive(engine, context, options).toGoal()
}

class Drive {
  private readonly document: TaskDefinitionDocument
  private readonly names: readonly string[]
  private task: Task
  private seen: ContainersSeen = {}
  /** The containers that may have changed since they were last looked at: after a step those that it touched. */
  private stale: readonly string[]
  private waits = 0

  constructor(
    private readonly engine: Engine,
    private readonly context: TaskInContext,
    private readonly options: DriveOptions,
  ) {
    this.document = documentOf(context)
    this.task = context.task
    this.names = context.task.containers.map(({name}) => name)
    this.stale = this.names
  }

  async toGoal(): Promise<Task> {
    for (;;) {
      const ticket = this.options.watch.ticket(this.hostNames)
      const isWhole = this.stale.length === this.names.length
      const next = await this.look()
      if (next.steps.length > 0) await this.take(next.steps)
      // What was not touched may have changed meanwhile: a goal is reached by a look at everything.
      else if (!isWhole && this.task.lastStatus !== 'STOPPED') this.stale = this.names
      else if (this.hasReached()) break
      else await this.wait(ticket, next)
    }
    if (this.task.lastStatus === 'STOPPED') await this.discardUnused()
    return this.task
  }

  private async look(): Promise<NextSteps> {
    this.seen = {...this.seen, ...(await lookAt(this.engine, this.task, this.stale, this.options.signal))}
    const now = this.options.clock.now()
    this.task = observed(this.task, this.document, this.seen, now)
    return nextSteps(this.document, this.task.desiredStatus, factsOf(this.task, this.document, this.seen), now)
  }

  /** Steps that can be taken at once are; the first that throws is told when all have come to their end. */
  private async take(steps: readonly ContainerStep[]): Promise<void> {
    if (steps.some(({kind}) => kind === 'stop')) await this.tellOfStop()
    const context = {...this.context, task: this.task}
    const options = {...this.options, now: () => this.options.clock.now()}
    const outcomes = await Promise.allSettled(steps.map((step) => takeStep(this.engine, context, step, options)))
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason
      this.task = outcome.value(this.task)
    }
    this.stale = steps.map(({container}) => container.name)
    this.waits = 0
  }

  /** A task that ends by itself says so before its other containers are stopped, which may take long: nobody else then stops them a second time. */
  private async tellOfStop(): Promise<void> {
    if (this.task.desiredStatus === 'STOPPED') return
    this.task = await this.options.sync(beganToStop(this.task, firstEnd(this.task, this.document)?.name, this.options.clock.now()))
  }

  private hasReached(): boolean {
    const {goal} = this.options
    const {lastStatus} = this.task
    return goal === 'now' || lastStatus === 'STOPPED' || (goal === 'started' && lastStatus === 'RUNNING')
  }

  private async wait(ticket: Ticket, {wakeAt}: NextSteps): Promise<void> {
    const {onWait, signal, sync, watch} = this.options
    const wanted = await sync(this.task)
    const isNews = wanted.desiredStatus !== this.task.desiredStatus
    this.task = wanted
    this.stale = this.names
    if (isNews) return
    onWait?.()
    await watch.changed(this.hostNames, ticket, this.waits++, wakeAt, signal)
  }

  private async discardUnused(): Promise<void> {
    const hasRun = this.task.containers.some(({exitCode, internal}) => !internal && exitCode !== undefined)
    for (const {containerName, name} of this.task.containers) {
      const one = this.seen[name]
      const isUnused = one !== undefined && one !== 'missing' && one.status === 'created'
      if (!hasRun || isUnused) await this.engine.remove(containerName, this.options.signal)
    }
    if (!hasRun) await removeVolumes(this.engine, taskVolumeNames(this.document, this.task.id), this.options.signal)
  }

  private get hostNames(): readonly string[] {
    return this.task.containers.map(({containerName}) => containerName)
  }
}

/** What the engine says of some of the task's containers. */
async function lookAt(engine: Engine, task: Task, names: readonly string[], signal: AbortSignal): Promise<ContainersSeen> {
  const seen = await Promise.all(
    names.map(async (name) => [name, (await engine.inspect(hostName(task, name), signal)) ?? 'missing'] as const),
  )
  return Object.fromEntries(seen)
}
