// What was seen of a task's containers, folded into its record. The status seen only ever rises: late and repeated reports do no harm.
import {ESSENTIAL_CONTAINER_EXITED, outOfMemoryReason, vanishedReason} from '../ecs/stop-reasons.js'
import {type ContainerDefinition, isEssential} from '../model/container-definition.js'
import type {ContainerSeen} from '../model/observation.js'
import {laterStatus, type Task, type TaskContainer, type TaskStatus} from '../model/task.js'
import {mainContainer, type TaskDefinitionDocument} from '../model/task-definition.js'
import {type Instant, instant, timestamp, type Timestamp} from '../model/time.js'
import {isOver} from '../scheduling/containers.js'
import {isRestarted} from '../scheduling/restart.js'
import {bindingsOf} from './bindings.js'
import {type ContainersSeen, factsOf, fresh, healthOf, phaseOf} from './facts.js'

/**
 * The record after the observation: containers with their exit codes, health, addresses and reasons; the task RUNNING when all its containers run or have
 * run, STOPPED when it is over and none runs any more. A container that its policy starts again stays RUNNING in between. The same task when nothing is new.
 */
export function observed(task: Task, document: TaskDefinitionDocument, told: ContainersSeen, now: Instant): Task {
  if (task.lastStatus === 'STOPPED') return task
  const seen = fresh(task, told)
  const facts = factsOf(task, document, seen)
  const over = isOver(document, task.desiredStatus, facts)
  const containers = task.containers.map((container) => {
    const definition = document.containerDefinitions.find(({name}) => name === container.name)
    const known = facts[container.name]
    const goesOn = !over && definition !== undefined && known !== undefined && isRestarted(definition, known, task.desiredStatus)
    return withBindings(observedContainer(container, definition, seen[container.name], {goesOn, now}), document, seen)
  })
  const ended = over && !containers.some(({lastStatus}) => lastStatus === 'RUNNING')
  const settled = ended ? containers.map((container): TaskContainer => ({...container, lastStatus: 'STOPPED'})) : containers
  const changed = withMoments({...task, containers: settled, lastStatus: laterStatus(task.lastStatus, statusOf(settled, over))}, seen)
  const whole = ended ? {...changed, ...ending(changed, document, now)} : changed
  return isSame(whole, task) ? task : {...whole, version: task.version + 1}
}

function observedContainer(
  container: TaskContainer,
  definition: ContainerDefinition | undefined,
  seen: ContainerSeen | 'missing' | undefined,
  {goesOn, now}: {readonly goesOn: boolean; readonly now: Instant},
): TaskContainer {
  if (seen === undefined || container.lastStatus === 'STOPPED') return container
  if (seen === 'missing')
    return container.lastStatus === 'RUNNING'
      ? {...container, lastStatus: 'STOPPED', reason: vanishedReason(container.containerName)}
      : container
  const phase = goesOn ? 'running' : phaseOf(seen)
  const healthStatus = healthOf(definition, seen, container.healthStatus)
  const restarts = restartsSeen(container, seen)
  return {
    ...container,
    runtimeId: seen.runtimeId,
    imageDigest: seen.imageId,
    lastStatus: phase === 'stopped' ? 'STOPPED' : phase === 'running' ? 'RUNNING' : container.lastStatus,
    ...(healthStatus === undefined ? {} : {healthStatus}),
    ...(healthStatus === 'HEALTHY' && container.healthyAt === undefined ? {healthyAt: timestamp(now)} : {}),
    ...(restarts === 0 ? {} : {restartCount: restarts}),
    ...(seen.startedAt === undefined ? {} : {startedAt: later(container.startedAt, seen.startedAt)}),
    ...(phase !== 'stopped' || seen.finishedAt === undefined ? {} : {finishedAt: seen.finishedAt}),
    ...(phase === 'stopped' && seen.exitCode !== undefined ? {exitCode: seen.exitCode} : {}),
    ...(phase === 'stopped' && seen.outOfMemory ? {outOfMemory: true, reason: outOfMemoryReason()} : {}),
  }
}

/** A start that is later than the one recorded is a restart, whoever did it. */
function restartsSeen({restartCount = 0, startedAt}: TaskContainer, seen: ContainerSeen): number {
  const again = startedAt !== undefined && seen.startedAt !== undefined && instant(seen.startedAt) > instant(startedAt)
  return Math.max(restartCount + (again ? 1 : 0), seen.restartCount)
}

function withBindings(container: TaskContainer, document: TaskDefinitionDocument, seen: ContainersSeen): TaskContainer {
  const bindings = bindingsOf(document, container.name, seen) ?? []
  return bindings.length === 0 ? container : {...container, networkBindings: bindings}
}

function statusOf(containers: readonly TaskContainer[], over: boolean): TaskStatus {
  const some = (status: TaskContainer['lastStatus']) => containers.some((container) => container.lastStatus === status)
  if (over) return some('RUNNING') ? 'STOPPING' : 'STOPPED'
  return some('PENDING') ? 'PENDING' : 'RUNNING'
}

/** A task starts when its last container does: until then it was PENDING. One that ended before all had started has started with its first. */
function withMoments(task: Task, seen: ContainersSeen): Task {
  if (task.startedAt !== undefined || task.lastStatus === 'PENDING' || task.stopCode === 'TaskFailedToStart') return task
  const starts = task.containers.flatMap((container) => {
    const one = seen[container.name]
    const startedAt = (one === 'missing' ? undefined : one?.startedAt) ?? container.startedAt
    return startedAt === undefined ? [] : [instant(startedAt)]
  })
  if (starts.length === 0) return task
  return {...task, startedAt: timestamp(starts.length === task.containers.length ? Math.max(...starts) : Math.min(...starts))}
}

/** What becomes known when nothing of the task runs any more. */
function ending(task: Task, document: TaskDefinitionDocument, now: Instant): Partial<Task> {
  const ran = task.containers.filter(({exitCode, internal, runtimeId}) => !internal && (exitCode !== undefined || runtimeId !== undefined))
  const ends = ran.flatMap(({finishedAt}) => (finishedAt === undefined ? [] : [instant(finishedAt)]))
  const starts = ran.flatMap(({startedAt}) => (startedAt === undefined ? [] : [instant(startedAt)]))
  // Docker writes the start of a program that ends at once after its end: the end is never told before the start.
  const stoppedAt = timestamp(Math.max(ends.length === 0 ? now : Math.max(...ends), ...starts))
  const first = firstEnd(task, document)
  const executionStoppedAt = first?.finishedAt === undefined ? stoppedAt : later(first.startedAt, first.finishedAt)
  return {
    desiredStatus: 'STOPPED',
    stopCode: task.stopCode ?? (ran.length > 0 ? 'EssentialContainerExited' : 'TaskFailedToStart'),
    stoppedReason: task.stoppedReason ?? ESSENTIAL_CONTAINER_EXITED,
    endedBy: (task.desiredStatus === 'RUNNING' ? first?.name : undefined) ?? task.endedBy ?? mainContainer(document).name,
    executionStoppedAt,
    stoppingAt: task.stoppingAt ?? executionStoppedAt,
    stoppedAt,
  }
}

/** The essential container that ended first, in the order of the definition where two did at once; one that nobody stopped wins over those that followed. */
export function firstEnd(task: Task, {containerDefinitions}: TaskDefinitionDocument): TaskContainer | undefined {
  const essential = containerDefinitions
    .filter(isEssential)
    .flatMap(({name}) => task.containers.find((one) => one.name === name && !one.internal) ?? [])
  return essential
    .filter(({exitCode, finishedAt}) => exitCode !== undefined && finishedAt !== undefined)
    .reduce<TaskContainer | undefined>(
      (first, one) => (first && instant(first.finishedAt ?? '') <= instant(one.finishedAt ?? '') ? first : one),
      undefined,
    )
}

function later(a: Timestamp | undefined, b: Timestamp): Timestamp {
  return a !== undefined && instant(a) > instant(b) ? a : b
}

/** Built field by field in one order, equal records have equal texts. */
function isSame(a: Task, b: Task): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
