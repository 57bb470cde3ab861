// How each task of a service or daemon stands, as ECS's scheduler counts (developer guide, "Deployment configuration" and "Task health", read 2026-11-23).
import {isEssential} from '../../model/container-definition.js'
import type {Instance} from '../../model/instance.js'
import type {Observation} from '../../model/observation.js'
import type {Workload} from '../../model/service.js'
import type {State} from '../../model/state.js'
import type {HealthStatus, Task} from '../../model/task.js'
import type {TaskDefinitionDocument} from '../../model/task-definition.js'
import {type Instant, instant} from '../../model/time.js'

/** A task that has not stopped. */
export interface Standing {
  readonly task: Task
  /** Of the PRIMARY deployment. */
  readonly isCurrent: boolean
  /** Its instance takes no tasks any more, or has gone; or it is to be moved. */
  readonly isLeaving: boolean
  /** It is wanted stopped, or ends by itself. */
  readonly isStopping: boolean
  /** Its host is silent, for how long does not matter: nobody knows whether it runs, and nobody can stop it. */
  readonly isSilent: boolean
  /** Its host has been silent past the grace period: it counts no more. */
  readonly isLost: boolean
  readonly isProtected: boolean
  /** All its containers are up, as far as anybody knows. */
  readonly isRunning: boolean
  /** UNKNOWN is no failure. */
  readonly health: HealthStatus
  /** When time alone changes how it stands. */
  readonly wakeAt?: Instant
}

/** How the unstopped tasks stand, in their order. */
export function standingsOf(
  state: State,
  workload: Workload,
  tasks: readonly Task[],
  seen: Observation,
  now: Instant,
): readonly Standing[] {
  return tasks.filter(({lastStatus}) => lastStatus !== 'STOPPED').map((task) => standingOf(state, workload, task, seen, now))
}

function standingOf(state: State, workload: Workload, task: Task, seen: Observation, now: Instant): Standing {
  const instance = state.instances[task.instanceId]
  const silentSince = silenceOf(instance, seen)
  const lostAt = silentSince === undefined ? undefined : silentSince + workload.silenceGraceSeconds * 1000
  const isSilent = silentSince !== undefined
  const isStopping = task.desiredStatus === 'STOPPED' || isEnding(task)
  const isRunning = task.lastStatus === 'RUNNING' && !isStopping && !isSilent
  const document = state.definitions[task.definitionId]?.document
  const {health, wakeAt: healthyAt} =
    isRunning && document ? healthOf(workload, task, document, now) : {health: 'UNKNOWN' as const, wakeAt: undefined}
  const protectedUntil = task.protectedUntil === undefined ? 0 : instant(task.protectedUntil)
  const wakes = [healthyAt, lostAt, protectedUntil].filter((at) => at !== undefined && at > now) as number[]
  return {
    task,
    isCurrent: task.workload?.deploymentId === workload.deploymentId,
    isLeaving: instance?.status !== 'ACTIVE' || task.moves === true,
    isStopping,
    isSilent,
    isLost: lostAt !== undefined && lostAt <= now,
    isProtected: protectedUntil > now,
    isRunning,
    health,
    ...(wakes.length === 0 ? {} : {wakeAt: Math.min(...wakes)}),
  }
}

/** Since when the host is silent, as the look or, where it was not looked at, its record says. */
function silenceOf(instance: Instance | undefined, seen: Observation): Instant | undefined {
  const look = instance && seen.instances[instance.id]
  if (look) return look.answered ? undefined : instant(look.since)
  return instance?.silentSince === undefined ? undefined : instant(instance.silentSince)
}

function isEnding({lastStatus}: Task): boolean {
  return lastStatus === 'DEACTIVATING' || lastStatus === 'STOPPING' || lastStatus === 'DEPROVISIONING'
}

/** Has any essential container a health check of its own? */
export function hasHealthCheck({containerDefinitions}: TaskDefinitionDocument): boolean {
  return containerDefinitions.some(isChecked)
}

function isChecked(container: TaskDefinitionDocument['containerDefinitions'][number]): boolean {
  return isEssential(container) && container.healthCheck !== undefined && container.healthCheck.command[0] !== 'NONE'
}

/**
 * Healthy once each essential container that has a check is, and where none has one as soon as the task has run for the service's time. Within the grace period a
 * failed check says nothing.
 */
function healthOf(
  workload: Workload,
  task: Task,
  {containerDefinitions}: TaskDefinitionDocument,
  now: Instant,
): {readonly health: HealthStatus; readonly wakeAt?: Instant} {
  const checked = containerDefinitions.filter(isChecked).map(({name}) => task.containers.find((one) => one.name === name)?.healthStatus)
  const startedAt = instant(task.startedAt ?? task.createdAt)
  if (checked.length === 0) {
    const healthyAt = startedAt + workload.healthyAfterSeconds * 1000
    return healthyAt <= now ? {health: 'HEALTHY'} : {health: 'UNKNOWN', wakeAt: healthyAt}
  }
  if (checked.includes('UNHEALTHY')) {
    const graceEnds = startedAt + workload.healthCheckGracePeriodSeconds * 1000
    return graceEnds > now ? {health: 'UNKNOWN', wakeAt: graceEnds} : {health: 'UNHEALTHY'}
  }
  return {health: checked.every((health) => health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN'}
}

/** When the task, which may have stopped since, first counted as healthy; `undefined` where it never did. */
export function firstHealthyAt(workload: Workload, task: Task, document: TaskDefinitionDocument): Instant | undefined {
  if (task.startedAt === undefined) return undefined
  const checked = document.containerDefinitions.filter(isChecked)
  if (checked.length > 0) {
    const moments = checked.map(({name}) => task.containers.find((one) => one.name === name)?.healthyAt)
    return moments.some((at) => at === undefined) ? undefined : Math.max(...moments.map((at) => instant(at ?? '')))
  }
  // One that ends with its start is not well, however short the time is that was asked for.
  const after = Math.max(workload.healthyAfterSeconds, task.lastStatus === 'STOPPED' ? MOMENT_SECONDS : 0)
  const at = instant(task.startedAt) + after * 1000
  return task.stoppedAt !== undefined && instant(task.stoppedAt) < at ? undefined : at
}

const MOMENT_SECONDS = 1
