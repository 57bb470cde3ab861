// How far a deployment is, and what becomes of it: COMPLETED, FAILED by its circuit breaker, or back to the last that was completed (developer guide,
// "Deployment circuit breaker", read 2026-11-23).
import {type Deployment, deploymentName} from '../../model/deployment.js'
import type {Action} from '../../model/plan.js'
import type {BeginDeployment, TellEvent} from '../../model/service-actions.js'
import type {Workload} from '../../model/service.js'
import {type Instant, timestamp} from '../../model/time.js'
import {isNews, STEADY, told} from './events.js'
import {breakerThreshold, type Failures} from './failures.js'
import {isService, type WorkloadRecords} from '../../model/workload-records.js'

export interface Rollout {
  readonly primary: Deployment
  readonly failures: Failures
  /** Tasks that are wanted. */
  readonly desiredCount: number
  /** All of them are healthy and of the PRIMARY deployment, and there are no others. */
  readonly isDone: boolean
}

/** What is to be said of the deployment now; nothing where it goes on. */
export function rolloutActions(workload: Workload, records: WorkloadRecords, rollout: Rollout, now: Instant): readonly Action[] {
  const {failures, isDone, primary} = rollout
  const kind = isService(workload) ? 'service' : 'daemon'
  const who = told(kind, workload.name)
  const tell = (message: string, because: string): readonly TellEvent[] =>
    isNews({serviceEvents: Object.fromEntries(records.events.map((event) => [event.id, event]))}, workload.id, message, now)
      ? [{kind: 'tellEvent', workloadId: workload.id, message, because}]
      : []
  if (primary.rolloutState === 'IN_PROGRESS') {
    if (hasTripped(workload, rollout)) return failed(workload, records, rollout, now)
    if (isDone) return completed(workload, rollout, who)
  }
  if (failures.isThrottled) return tell(`${who} is unable to consistently start tasks successfully.`, 'tasks fail to start again and again')
  return isDone && primary.rolloutState === 'COMPLETED' ? tell(`${who} ${STEADY}`, 'all of it is as it should be') : []
}

/** Has the circuit breaker of the deployment that is under way tripped? */
export function hasTripped({deploymentConfiguration: {circuitBreaker}}: Workload, {desiredCount, failures}: Rollout): boolean {
  return circuitBreaker.enable && desiredCount > 0 && failures.count >= breakerThreshold(circuitBreaker, desiredCount)
}

function completed(workload: Workload, {primary}: Rollout, who: string): readonly Action[] {
  const because = 'all of its tasks are healthy, and no others are left'
  return [
    {
      kind: 'endDeployment',
      deploymentId: primary.id,
      name: workload.name,
      rolloutState: 'COMPLETED',
      reason: `ECS deployment ${deploymentName(primary.id)} completed.`,
      because,
    },
    {
      kind: 'tellEvent',
      workloadId: workload.id,
      message: `${who} (deployment ${deploymentName(primary.id)}) deployment completed.`,
      because,
    },
    {kind: 'tellEvent', workloadId: workload.id, message: `${who} ${STEADY}`, because},
  ]
}

function failed(workload: Workload, records: WorkloadRecords, {failures, primary}: Rollout, now: Instant): readonly Action[] {
  const who = told(isService(workload) ? 'service' : 'daemon', workload.name)
  const never = failures.tasks.every(({startedAt}) => startedAt === undefined)
  const reason = never ? 'tasks failed to start.' : 'tasks failed.'
  const because = `${failures.count} of its tasks failed one after the other`
  const name = deploymentName(primary.id)
  const end: readonly Action[] = [
    {
      kind: 'endDeployment',
      deploymentId: primary.id,
      name: workload.name,
      rolloutState: 'FAILED',
      reason: `ECS deployment circuit breaker: ${reason}`,
      because,
    },
    {kind: 'tellEvent', workloadId: workload.id, message: `${who} (deployment ${name}) deployment failed: ${reason}`, because},
  ]
  const target = workload.deploymentConfiguration.circuitBreaker.rollback ? rollbackTarget(records, primary.id) : undefined
  const back = `ECS deployment circuit breaker: rolling back to deployment ${target && deploymentName(target.id)}.`
  return target ? [...end, ...rollbackTo(workload, primary, target, {because: 'its circuit breaker rolls back', reason: back}, now)] : end
}

/** The completed deployment that was PRIMARY last, before this one. */
export function rollbackTarget({deployments}: WorkloadRecords, currentId: string): Deployment | undefined {
  return deployments.find(({id, rolloutState}) => id !== currentId && rolloutState === 'COMPLETED')
}

/** As ECS: the very deployment becomes PRIMARY again, and is IN_PROGRESS until all runs as it did. */
export function rollbackTo(
  workload: Workload,
  from: Deployment,
  to: Deployment,
  {because, reason}: {readonly because: string; readonly reason: string},
  now: Instant,
): readonly Action[] {
  const {finishedAt: _, ...target} = to
  const who = told(isService(workload) ? 'service' : 'daemon', workload.name)
  const begin: BeginDeployment = {
    kind: 'beginDeployment',
    name: workload.name,
    deployment: {
      ...target,
      cause: 'ROLLBACK',
      sourceId: from.id,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: reason,
      begunAt: timestamp(now),
      updatedAt: timestamp(now),
      version: to.version + 1,
    },
    because,
  }
  return [
    begin,
    {kind: 'tellEvent', workloadId: workload.id, message: `${who} rolling back to deployment ${deploymentName(to.id)}.`, because},
  ]
}
