// What a daemon asks of an instance for a task on it, as a request that can be explained; nothing is ever chosen by it.
import type {RequiredAttribute} from '../../model/attributes.js'
import type {Explanation} from '../../model/explanation.js'
import type {PlacementConstraint, PlacementRequest} from '../../model/placement.js'
import {groupOf, type Workload} from '../../model/service.js'
import type {TaskDefinitionDocument} from '../../model/task-definition.js'
import {ownConstraints} from '../run.js'

/** Those of the definition and of the daemon. `distinctInstance` is what a daemon is in any case, and asks nothing of where it belongs. */
export function daemonConstraints(daemon: Workload, document: TaskDefinitionDocument): readonly PlacementConstraint[] {
  return [...ownConstraints(document), ...daemon.placementConstraints].filter(({type}) => type !== 'distinctInstance')
}

/** One task on an instance that has none of the daemon's. */
export function daemonRequest(
  daemon: Workload,
  document: TaskDefinitionDocument,
  requiredAttributes: readonly RequiredAttribute[],
): PlacementRequest {
  return {
    document,
    count: 1,
    group: groupOf('daemon', daemon.name),
    constraints: [...daemonConstraints(daemon, document), {type: 'distinctInstance'}],
    strategies: [],
    requiredAttributes,
    seed: daemon.id,
  }
}

/** The explanation of what no strategy ranks. */
export function withoutRanks({changes, instances}: Explanation): Explanation {
  return {
    strategies: [],
    instances: instances.map(({checks, fits, instance, instanceId}) => ({instanceId, instance, fits, checks})),
    changes,
  }
}
