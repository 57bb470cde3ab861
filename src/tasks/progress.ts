// What was seen of a task's containers, folded into its record. The status seen only ever rises: late and repeated reports do no harm.
import {ESSENTIAL_CONTAINER_EXITED, outOfMemoryReason, vanishedReason} from '../ecs/stop-reasons.js'
import type {ContainerSeen} from '../model/observation.js'
import {laterStatus, type StopCode, type Task, type TaskContainer, type TaskStatus} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import {type Instant, instant, timestamp} from '../model/time.js'
import type {ContainerPhase, ContainerPhases} from '../scheduling/containers.js'

/** By the container's name in its definition: what the engine says, `missing` when it says there is none, no entry when it was not asked. */
export type ContainersSeen = Readonly<Record<string, ContainerSeen | 'missing'>>

/** Docker's statuses as phases of a start or a stop. */
export function phaseOf(seen: ContainerSeen | 'missing' | undefined): ContainerPhase {
  if (seen === undefined || seen === 'missing') return 'none'
  switch (seen.status) {
    case 'created':
      return 'created'
    case 'running':
    case 'paused':
    case 'restarting':
      return 'running'
    case 'exited':
    case 'dead':
    case 'removing':
      return 'stopped'
  }
}

/** The phases of a task's containers. One whose record says more than the engine does keeps what the record says. */
export function phasesOf(task: Task, seen: ContainersSeen): ContainerPhases {
  return Object.fromEntries(
    task.containers.map((container) => [container.name, container.lastStatus === 'STOPPED' ? 'stopped' : phaseOf(seen[container.name])]),
  )
}

/**
 * The record after the observation: containers with their exit codes, addresses and reasons; the task RUNNING when all its containers have run,
 * STOPPED when none runs any more and either an essential one has stopped or it is wanted stopped. The same task when nothing is new.
 */
export function observed(task: Task, document: TaskDefinitionDocument, seen: ContainersSeen, now: Instant): Task {
  if (task.lastStatus === 'STOPPED') return task
  const containers = task.containers.map((container) => observedContainer(container, seen[container.name]))
  const status = laterStatus(task.lastStatus, statusOf(task, document, containers))
  const starts = times(seen, 'startedAt')
  const startedAt = task.startedAt ?? (starts.length === 0 ? undefined : timestamp(Math.min(...starts)))
  const changed: Task = {
    ...task,
    containers,
    lastStatus: status,
    ...(startedAt === undefined ? {} : {startedAt}),
    ...(status === 'STOPPED' ? ending(task, containers, seen, now) : {}),
  }
  return JSON.stringify(changed) === JSON.stringify(task) ? task : {...changed, version: task.version + 1}
}

/** The record of a task that could not be started: STOPPED, with what failed. */
export function failedToStart(task: Task, containerName: string, reason: string, now: Instant): Task {
  const at = timestamp(now)
  return {
    ...task,
    desiredStatus: 'STOPPED',
    lastStatus: 'STOPPED',
    containers: task.containers.map((container) => ({
      ...container,
      lastStatus: 'STOPPED',
      ...(container.name === containerName ? {reason: reason.slice(0, 1024)} : {}),
    })),
    stopCode: task.stopCode ?? 'TaskFailedToStart',
    stoppedReason: task.stoppedReason ?? reason.slice(0, 1024),
    executionStoppedAt: at,
    stoppingAt: task.stoppingAt ?? at,
    stoppedAt: at,
    version: task.version + 1,
  }
}

function observedContainer(container: TaskContainer, seen: ContainerSeen | 'missing' | undefined): TaskContainer {
  if (seen === undefined || container.lastStatus === 'STOPPED') return container
  if (seen === 'missing')
    return container.lastStatus === 'RUNNING'
      ? {...container, lastStatus: 'STOPPED', reason: vanishedReason(container.containerName)}
      : container
  const phase = phaseOf(seen)
  return {
    ...container,
    runtimeId: seen.runtimeId,
    imageDigest: seen.imageId,
    lastStatus: phase === 'stopped' ? 'STOPPED' : phase === 'running' ? 'RUNNING' : container.lastStatus,
    ...(phase === 'stopped' && seen.exitCode !== undefined ? {exitCode: seen.exitCode} : {}),
    ...(seen.outOfMemory ? {outOfMemory: true, reason: outOfMemoryReason()} : {}),
    ...(seen.ports.length > 0
      ? {networkBindings: seen.ports.map(({containerPort, hostPort, ip, protocol}) => ({bindIP: ip, containerPort, hostPort, protocol}))}
      : {}),
  }
}

function statusOf(task: Task, document: TaskDefinitionDocument, containers: readonly TaskContainer[]): TaskStatus {
  const some = (status: TaskContainer['lastStatus']) => containers.some((container) => container.lastStatus === status)
  const essential = new Set(
    document.containerDefinitions.filter((container) => container.essential !== false).map((container) => container.name),
  )
  const over =
    task.desiredStatus === 'STOPPED' || containers.some((container) => essential.has(container.name) && container.lastStatus === 'STOPPED')
  if (over) return some('RUNNING') ? 'STOPPING' : 'STOPPED'
  return some('PENDING') ? 'PENDING' : 'RUNNING'
}

function ending(task: Task, containers: readonly TaskContainer[], seen: ContainersSeen, now: Instant): Partial<Task> {
  // Docker writes the start of a program that ends at once after its end: the end is never told before the start.
  const stoppedAt = timestamp(Math.max(last(seen, 'finishedAt') ?? now, last(seen, 'startedAt') ?? 0))
  const ran =
    task.startedAt !== undefined || containers.some((container) => container.exitCode !== undefined || container.runtimeId !== undefined)
  const stopCode: StopCode = task.stopCode ?? (ran ? 'EssentialContainerExited' : 'TaskFailedToStart')
  return {
    desiredStatus: 'STOPPED',
    stopCode,
    stoppedReason: task.stoppedReason ?? ESSENTIAL_CONTAINER_EXITED,
    executionStoppedAt: stoppedAt,
    stoppingAt: task.stoppingAt ?? stoppedAt,
    stoppedAt,
  }
}

function times(seen: ContainersSeen, key: 'startedAt' | 'finishedAt'): readonly Instant[] {
  return Object.values(seen).flatMap((one) => (one === 'missing' || one[key] === undefined ? [] : [instant(one[key])]))
}

function last(seen: ContainersSeen, key: 'startedAt' | 'finishedAt'): Instant | undefined {
  const all = times(seen, key)
  return all.length === 0 ? undefined : Math.max(...all)
}

/** What one client reports of a task, on top of what others have recorded meanwhile: a wish to stop is never undone, a status never falls. */
export function mergeReport(current: Task, report: Task): Task {
  if (current.lastStatus === 'STOPPED') return current
  const {desiredStatus, stopCode, stoppedReason, stoppingAt} = current
  const wish =
    desiredStatus === 'STOPPED'
      ? {desiredStatus, ...(stopCode ? {stopCode} : {}), ...(stoppedReason ? {stoppedReason} : {}), ...(stoppingAt ? {stoppingAt} : {})}
      : {}
  return {...report, ...wish, lastStatus: laterStatus(current.lastStatus, report.lastStatus), version: current.version + 1}
}
