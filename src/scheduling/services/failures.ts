// What of a deployment has failed, when that is enough, and how long to wait before the next try (developer guide, "Deployment circuit breaker" and
// "Service throttle logic", read 2026-11-23).
import type {CircuitBreaker, Deployment} from '../../model/deployment.js'
import type {Workload} from '../../model/service.js'
import type {State} from '../../model/state.js'
import {START_ABANDONED, START_INTERRUPTED, type Task} from '../../model/task.js'
import {type Instant, instant} from '../../model/time.js'
import {firstHealthyAt} from './standing.js'
import {FAILED_HEALTH_CHECKS} from './stops.js'

export interface Failures {
  /** What the breaker counts: one after the other, or all where a healthy task does not set it back. */
  readonly count: number
  /** The newest first. */
  readonly tasks: readonly Task[]
  /** Before it no more tasks are started; absent: at once. */
  readonly retryAt?: Instant
  /** Have tasks again and again not come to run? */
  readonly isThrottled: boolean
}

/** Without a word from ECS: so many tries in a row fail before the pauses begin. */
const FREE_TRIES = 3
const FIRST_PAUSE_MS = 10_000
/** ECS's longest. */
const LONGEST_PAUSE_MS = 27 * 60 * 1000
/** ECS does not throttle what ran and died, its own pace does; here a crash loop would fill the host's disk with stopped containers. */
const FIRST_CRASH_PAUSE_MS = 1000
const LONGEST_CRASH_PAUSE_MS = 60_000

/** Of the deployment since it became PRIMARY. Tasks that somebody else stopped, and those that were well before they ended, are no failures of it. */
export function failuresOf(state: State, workload: Workload, deployment: Deployment, tasks: readonly Task[], now: Instant): Failures {
  const begunAt = instant(deployment.begunAt)
  const document = state.definitions[deployment.definitionId]?.document
  if (!document) return {count: 0, tasks: [], isThrottled: false}
  const own = tasks.filter((task) => task.workload?.deploymentId === deployment.id)
  const healthyAt = own.map((task) => firstHealthyAt(workload, task, document))
  const lastHealthyAt = Math.max(0, ...healthyAt.filter((at): at is number => at !== undefined && at <= now))
  const failed = own
    .filter((task, index) => isSince(task, begunAt) && isFailure(task, healthyAt[index] !== undefined))
    .sort((a, b) => endedAt(b) - endedAt(a))
  const since = failed.filter((task) => endedAt(task) > lastHealthyAt)
  const {resetOnHealthyTask} = workload.deploymentConfiguration.circuitBreaker
  const count = (resetOnHealthyTask ? since : failed).length
  return {count, tasks: failed, ...pauseAfter(own, since, now)}
}

function isFailure(task: Task, wasHealthy: boolean): boolean {
  if (task.lastStatus !== 'STOPPED') return false
  if (task.stopCode === 'TaskFailedToStart') return task.stoppedReason !== START_INTERRUPTED && task.stoppedReason !== START_ABANDONED
  if (task.stopCode === 'ServiceSchedulerInitiated') return task.stoppedReason === FAILED_HEALTH_CHECKS
  return task.stopCode === 'EssentialContainerExited' && !wasHealthy
}

/** Ended since then. When a task ended its host says, whose clock may be behind: one that was made since has also ended since. */
function isSince(task: Task, begunAt: Instant): boolean {
  return Math.max(endedAt(task), instant(task.createdAt)) >= begunAt
}

function endedAt({createdAt, lastStatus, stoppedAt}: Task): Instant {
  return lastStatus === 'STOPPED' ? instant(stoppedAt ?? createdAt) : 0
}

/** Tasks that were started at once are one try. */
function pauseAfter(own: readonly Task[], failed: readonly Task[], now: Instant): Pick<Failures, 'retryAt' | 'isThrottled'> {
  const lastRan = Math.max(0, ...own.flatMap(({startedAt}) => (startedAt === undefined ? [] : [instant(startedAt)])))
  const unstarted = failed.filter((task) => task.stopCode === 'TaskFailedToStart' && endedAt(task) > lastRan)
  const crashed = failed.filter(({stopCode}) => stopCode === 'EssentialContainerExited')
  const ends = [
    retryAfter(unstarted, FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
    retryAfter(crashed, FIRST_CRASH_PAUSE_MS, LONGEST_CRASH_PAUSE_MS),
  ].filter((at) => at > now)
  const isThrottled = triesOf(unstarted) >= FREE_TRIES
  return ends.length === 0 ? {isThrottled} : {isThrottled, retryAt: Math.max(...ends)}
}

function retryAfter(failed: readonly Task[], firstMs: number, longestMs: number): Instant {
  const tries = triesOf(failed)
  if (tries < FREE_TRIES) return 0
  return Math.max(...failed.map(endedAt)) + Math.min(firstMs * 2 ** (tries - FREE_TRIES), longestMs)
}

function triesOf(failed: readonly Task[]): number {
  return new Set(failed.map(({createdAt}) => createdAt)).size
}

/** So many failures trip the breaker, of the desired count as it is now; `value` is 1 to 100 where it is a percentage. */
export function breakerThreshold({threshold: {type, value}}: CircuitBreaker, desiredCount: number): number {
  switch (type) {
    case 'COUNT':
      return value
    case 'UNBOUNDED_PERCENT':
      return Math.max(1, Math.ceil((value / 100) * desiredCount))
    case 'BOUNDED_PERCENT':
      return Math.min(200, Math.max(3, Math.ceil((value / 100) * desiredCount)))
  }
}
