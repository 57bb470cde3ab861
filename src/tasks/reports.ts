// What a driver reports of a task besides what it saw: a container that could not be started, a wait that was given up, a stop that began.
import {ESSENTIAL_CONTAINER_EXITED} from '../ecs/stop-reasons.js'
import {isEssential} from '../model/container-definition.js'
import {type ContainerStatus, laterStatus, type StopCode, type Task, type TaskContainer} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import {type Instant, timestamp} from '../model/time.js'

/** ECS cuts reasons there. */
const MAX_REASON_LENGTH = 1024

/** The record of a task that could not be started at all: STOPPED, with what failed on which container. */
export function failedToStart(task: Task, containerName: string, reason: string, now: Instant): Task {
  const at = timestamp(now)
  const containers = task.containers.map((container) => ({
    ...container,
    lastStatus: 'STOPPED' as const,
    ...(container.name === containerName ? {reason: cut(reason)} : {}),
  }))
  return {
    ...wishedOver({...task, containers}, 'TaskFailedToStart', reason, now),
    lastStatus: 'STOPPED',
    executionStoppedAt: at,
    stoppedAt: at,
    version: task.version + 1,
  }
}

/** One container could not be pulled, made or started: it is over, and with an essential one the whole task. */
export function containerFailed(task: Task, document: TaskDefinitionDocument, name: string, reason: string, now: Instant): Task {
  const containers = task.containers.map((container) =>
    container.name === name ? {...container, lastStatus: 'STOPPED' as const, reason: cut(reason)} : container,
  )
  const failed = {...task, containers, version: task.version + 1}
  const definition = document.containerDefinitions.find((container) => container.name === name)
  if (definition && !isEssential(definition)) return failed
  return wishedOver(failed, task.startedAt === undefined ? 'TaskFailedToStart' : 'EssentialContainerExited', reason, now)
}

/** A container waits for what will never be: the task is over. */
export function gaveUp(task: Task, name: string, reason: string, now: Instant): Task {
  const containers = task.containers.map((container) => (container.name === name ? {...container, reason: cut(reason)} : container))
  return wishedOver({...task, containers, version: task.version + 1}, 'TaskFailedToStart', reason, now)
}

/** The task ends by itself, and its other containers are stopped from now on: whoever looks meanwhile sees that somebody is at it. */
export function beganToStop(task: Task, endedBy: string | undefined, now: Instant): Task {
  if (task.desiredStatus === 'STOPPED') return task
  const known = endedBy === undefined ? task : {...task, endedBy}
  return {...wishedOver(known, 'EssentialContainerExited', ESSENTIAL_CONTAINER_EXITED, now), version: task.version + 1}
}

/** `task` as others have come to want it meanwhile: a wish to stop is never undone. */
export function asWanted(task: Task, latest: Task | undefined): Task {
  if (latest?.desiredStatus !== 'STOPPED') return task
  const {desiredStatus, stopCode, stoppedReason, stoppingAt} = latest
  return {
    ...task,
    desiredStatus,
    ...(stopCode ? {stopCode} : {}),
    ...(stoppedReason ? {stoppedReason} : {}),
    ...(stoppingAt ? {stoppingAt} : {}),
  }
}

/** What one client reports of a task, on top of what others have recorded meanwhile: a wish to stop is never undone, a status never falls, also of no container. */
export function mergeReport(current: Task, report: Task): Task {
  if (current.lastStatus === 'STOPPED') return current
  const merged = asWanted(report, current)
  const containers = report.containers.map((one) => laterOf(current.containers.find(({name}) => name === one.name) ?? one, one))
  return {...merged, containers, lastStatus: laterStatus(current.lastStatus, report.lastStatus), version: current.version + 1}
}

const CONTAINER_STATUSES: readonly ContainerStatus[] = ['PENDING', 'RUNNING', 'STOPPED']

/** The one that has come further; of equals the report, which may know more. */
function laterOf(current: TaskContainer, report: TaskContainer): TaskContainer {
  return CONTAINER_STATUSES.indexOf(current.lastStatus) > CONTAINER_STATUSES.indexOf(report.lastStatus) ? current : report
}

function wishedOver(task: Task, stopCode: StopCode, reason: string, now: Instant): Task {
  return {
    ...task,
    desiredStatus: 'STOPPED',
    stopCode: task.stopCode ?? stopCode,
    stoppedReason: task.stoppedReason ?? cut(reason),
    stoppingAt: task.stoppingAt ?? timestamp(now),
  }
}

/** Never half of a surrogate pair at the end. */
function cut(reason: string): string {
  return reason.slice(0, MAX_REASON_LENGTH).replace(/[\ud800-\udbff]$/, '')
}
