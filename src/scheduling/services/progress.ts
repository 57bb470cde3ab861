// How far a service is from what it is wanted to be, as a person and a waiting command want to know it.
import type {Observation} from '../../model/observation.js'
import type {Workload} from '../../model/service.js'
import type {State} from '../../model/state.js'
import type {Instant} from '../../model/time.js'
import {buildFleet} from '../../placement/fleet.js'
import {daemonScene} from '../daemons/daemon-scene.js'
import {failuresOf} from './failures.js'
import type {Scene} from './scene.js'
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
