// How far a service is from what it is wanted to be, as a person and a waiting command want to know it.
import type {Observation} from '../../model/observation.js'
import type {Workload} from '../../model/service.js'
import type {State} from '../../model/state.js'
import type {Instant} from '../../model/time.js'
import {buildFleet} from '../../placement/fleet.js'
import {daemonScene} from '../daemons/daemon-scene.js'
import {type Failures, failuresOf} from './failures.js'
import type {Scene} from './scene.js'
import {isService, overviewOf, primaryOf} from '../../model/workload-records.js'
import {hasHealthCheck, type Standing, standingsOf} from './standing.js'

export interface RolloutProgress {
  /** Of the PRIMARY deployment. */
  readonly definitionId: string
  readonly desiredCount: number
  /** Of the PRIMARY deployment. */
  readonly pendingCount: number
  readonly runningCount: number
  readonly healthyCount: number
  /** So many of those that run need no more time to prove themselves. */
  readonly readyCount: number
  /** Of older deployments, or on instances that are drained. */
  readonly oldCount: number
  /** What those run, where it is another definition, each once. */
  readonly oldDefinitionIds: readonly string[]
  readonly stoppingCount: number
  readonly failedCount: number
  /** Why the task that failed last did; absent while none has. */
  readonly lastFailure?: string
  /** ECS's steady state: one deployment, and as many tasks run as are wanted; those with a health check are healthy, the others have outlived their start. */
  readonly isSteady: boolean
  /** The deployment has failed, and nothing goes on by itself. */
  readonly isStalled: boolean
}

/** A task without a health check must outlive its start by so much, or by the shorter time after which it counts as healthy. */
const OUTLIVED_MS = 3000

export function rolloutProgress(
  {now, requiredAttributes, seen, state}: Pick<Scene, 'now' | 'requiredAttributes' | 'seen' | 'state'>,
  workload: Workload,
): RolloutProgress {
  const records = overviewOf(state)(workload.id)
  const primary = primaryOf(workload, records)
  // A daemon's task on an instance that is drained waits until all others are gone: nobody else waits for that.
  const isCounted = ({isLeaving, isLost}: Standing) => !isLost && (isService(workload) || !isLeaving)
  const standings = standingsOf(state, workload, records.tasks, seen, now).filter(isCounted)
  const live = standings.filter(({isStopping}) => !isStopping)
  const current = live.filter(({isCurrent, isLeaving}) => isCurrent && !isLeaving)
  const running = current.filter(({isRunning}) => isRunning)
  const desiredCount = isService(workload) ? workload.desiredCount : instancesWanted(state, workload, seen, now, requiredAttributes)
  const document = state.definitions[primary.definitionId]?.document
  const isChecked = document !== undefined && hasHealthCheck(document)
  const isWell = (one: Standing) => one.health === 'HEALTHY' || (!isChecked && hasOutlived(one, workload, now))
  const old = live.filter((one) => !current.includes(one))
  return {
    definitionId: primary.definitionId,
    desiredCount,
    pendingCount: current.filter(({task}) => task.lastStatus === 'PENDING').length,
    runningCount: running.length,
    healthyCount: current.filter(({health}) => health === 'HEALTHY').length,
    readyCount: running.filter(isWell).length,
    oldCount: old.length,
    oldDefinitionIds: [...new Set(old.map(({task}) => task.definitionId))].filter((id) => id !== primary.definitionId).sort(),
    stoppingCount: standings.length - live.length,
    ...failuresTold(failuresOf(state, workload, primary, records.tasks, now)),
    isSteady:
      workload.status === 'ACTIVE' &&
      primary.rolloutState !== 'FAILED' &&
      old.length === 0 &&
      standings.length === live.length &&
      current.length === desiredCount &&
      running.length === desiredCount &&
      running.every(isWell),
    isStalled: primary.rolloutState === 'FAILED',
  }
}

function failuresTold({count, tasks}: Failures): Pick<RolloutProgress, 'failedCount' | 'lastFailure'> {
  const lastFailure = tasks[0]?.stoppedReason
  return {failedCount: count, ...(count === 0 || lastFailure === undefined ? {} : {lastFailure})}
}

/** Of a daemon: how many instances it belongs on. */
function instancesWanted(
  state: State,
  daemon: Workload,
  seen: Observation,
  now: Instant,
  requiredAttributes: Scene['requiredAttributes'],
): number {
  const fleet = buildFleet(state, daemon.clusterId, seen)
  return daemonScene(daemon, {state, seen, now, requiredAttributes, overview: overviewOf(state), fleet: () => fleet}).matching.length
}

function hasOutlived({task}: Standing, {healthyAfterSeconds}: Workload, now: Instant): boolean {
  return now - Date.parse(task.startedAt ?? task.createdAt) >= Math.min(OUTLIVED_MS, healthyAfterSeconds * 1000)
}

/** `3 of 4 running, 2 healthy, 1 pending, 2 old, 1 stopping, 1 failed`. */
export function rolloutText(progress: RolloutProgress): string {
  const {desiredCount, failedCount, healthyCount, oldCount, pendingCount, runningCount, stoppingCount} = progress
  const more = [
    [pendingCount, 'pending'],
    [oldCount, 'old'],
    [stoppingCount, 'stopping'],
    [failedCount, 'failed'],
  ].flatMap(([count, what]) => (count === 0 ? [] : `${count} ${what}`))
  return [`${runningCount} of ${desiredCount} running`, `${healthyCount} healthy`, ...more].join(', ')
}

/** As a person watches it: `web:2: 3 of 4 running, 2 healthy, 1 pending, 2 old (web:1), about 12 s left`, and in a line of its own why the last one failed. */
export function liveText(progress: RolloutProgress, secondsLeft: number | undefined): string {
  const {definitionId, lastFailure, oldDefinitionIds} = progress
  const old = oldDefinitionIds.length === 0 ? '' : ` (${oldDefinitionIds.join(', ')})`
  const left = secondsLeft === undefined ? '' : `, about ${secondsLeft} s left`
  const head = `${definitionId}: ${rolloutText(progress).replace(/\d+ old/, (text) => `${text}${old}`)}${left}`
  return lastFailure === undefined ? head : `${head}\n  failed last: ${lastFailure.replaceAll(/\s+/g, ' ')}`
}

/** When so many tasks were ready. */
export interface Pace {
  readonly at: Instant
  readonly readyCount: number
}

/** At the pace since the first of the two, in whole seconds; `undefined` while none has become ready, and where all are. */
export function secondsLeft(first: Pace, last: Pace, desiredCount: number): number | undefined {
  const gained = last.readyCount - first.readyCount
  const missing = desiredCount - last.readyCount
  if (gained <= 0 || missing <= 0) return undefined
  return Math.max(1, Math.round((((last.at - first.at) / gained) * missing) / 1000))
}
