// Stops that a scheduler asks for, with ECS's reasons.
import {type DeploymentId, deploymentName} from '../../model/deployment.js'
import type {StopTask} from '../../model/plan.js'
import {recordAt, type State} from '../../model/state.js'
import type {Standing} from './standing.js'

/** `stoppedReason` of a task that the scheduler stopped for its health. */
export const FAILED_HEALTH_CHECKS = 'Task failed container health checks'

/** `stoppedReason` of a task that is too many. */
export function scaling(deploymentId: DeploymentId): string {
  return `Scaling activity initiated by (deployment ${deploymentName(deploymentId)})`
}

/** A stop for each, in their order; none for a task whose instance has left. */
export function stopsOf(state: State, standings: readonly Standing[], stoppedReason: string, because: string): readonly StopTask[] {
  return standings.flatMap(({task}) => {
    const instance = recordAt(state.instances, task.instanceId)
    if (!instance) return []
    return {kind: 'stopTask', taskId: task.id, instance, stopCode: 'ServiceSchedulerInitiated', stoppedReason, because}
  })
}
