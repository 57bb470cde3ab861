// How far a service is from what it is wanted to be, as a person and a waiting command want to know it.
import type {Observation} from '../../model/observation.js'
import type {Workload} from '../../model/service.js'
import type {State} from '../../model/state.js'
import type {Instant} from '../../model/time.js'
import {failuresOf} from './failures.js'
import {isService, overviewOf, primaryOf} from '../../model/workload-records.js'
import {hasHealthCheck, type Standing, standingsOf} from './standing.js'

export interface RolloutProgress {
  readonly desiredCount: number
  /** Of the PRIMARY deployment. */
  readonly pendingCount: number
  readonly runningCount: number
  readonly healthyCount: number
  /** Of older deployments, or on instances that are drained. */
  readonly oldCount: number
  readonly stoppingCount: number
  readonly failedCount: number
  /** ECS's steady state: one deployment, and as many tasks run as are wanted; those with a health check are healthy, the others have outlived their start. */
  readonly isSteady: boolean
  /** The deployment has failed, and nothing goes on by itself. */
  readonly isStalled: boolean
}

/** A task without a health check must outlive its start by so much, or by the shorter time after which it counts as healthy. */
const OUTLIVED_MS = 3000

export function rolloutProgress(state: State, workload: Workload, seen: Observation, now: Instant): RolloutProgress {
  const records = overviewOf(state)(workload.id)
  const primary = primaryOf(workload, records)
  const standings = standingsOf(state, workload, records.tasks, seen, now).filter(({isLost}) => !isLost)
  const live = standings.filter(({isStopping}) => !isStopping)
  const current = live.filter(({isCurrent, isLeaving}) => isCurrent && !isLeaving)
  const running = current.filter(({isRunning}) => isRunning)
  const desiredCount = isService(workload) ? workload.desiredCount : current.length
  const document = state.definitions[primary.definitionId]?.document
  const isChecked = document !== undefined && hasHealthCheck(document)
  const isWell = (one: Standing) => one.health === 'HEALTHY' || (!isChecked && hasOutlived(one, workload, now))
  const oldCount = live.length - current.length
  return {
    desiredCount,
    pendingCount: current.filter(({task}) => task.lastStatus === 'PENDING').length,
    runningCount: running.length,
    healthyCount: current.filter(({health}) => health === 'HEALTHY').length,
    oldCount,
    stoppingCount: standings.length - live.length,
    failedCount: failuresOf(state, workload, primary, records.tasks, now).count,
    isSteady:
      workload.status === 'ACTIVE' &&
      primary.rolloutState !== 'FAILED' &&
      oldCount === 0 &&
      standings.length === live.length &&
      current.length === desiredCount &&
      running.length === desiredCount &&
      running.every(isWell),
    isStalled: primary.rolloutState === 'FAILED',
  }
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
