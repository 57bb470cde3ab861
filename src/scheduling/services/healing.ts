// Which tasks of services and daemons are handed to their engines to be started again when they end, and which are taken back.
import {isHealedByEngine} from '../../model/healing.js'
import type {Plan} from '../../model/plan.js'
import {recordAt, type State, tasksOf} from '../../model/state.js'

/**
 * To the engines, where nobody is in charge: every running task that they can bring back alone. To us: every task that is theirs, so that it is replaced as ECS does. Those
 * on silent hosts stay as they are.
 */
export function planHealing(
  state: State,
  {clusterId, only, to}: {readonly clusterId: string; readonly only?: ReadonlySet<string>; readonly to: 'engine' | 'us'},
): Plan {
  const actions = tasksOf(state, clusterId).flatMap((task) => {
    const {containers, definitionId, desiredStatus, engineRestarts = false, instanceId, lastStatus, workload} = task
    const instance = recordAt(state.instances, instanceId)
    const isOurs = workload !== undefined && (only === undefined || only.has(workload.id))
    if (!isOurs || !instance || instance.silentSince !== undefined || desiredStatus !== 'RUNNING' || lastStatus !== 'RUNNING') return []
    if (engineRestarts === (to === 'engine')) return []
    const document = recordAt(state.definitions, definitionId)?.document
    if (to === 'engine' && !(document && isHealedByEngine(document))) return []
    const because = to === 'engine' ? 'nobody else would bring it back' : 'somebody is in charge who replaces it'
    return {
      kind: 'handHealing' as const,
      taskId: task.id,
      instance,
      containerNames: containers.map(({containerName}) => containerName),
      to,
      because,
    }
  })
  return {actions, notes: [], refusals: []}
}
