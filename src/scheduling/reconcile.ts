// The next small step for all that a cluster keeps running, in one fixed order: what is placed first takes its place first.
import type {RequiredAttribute} from '../model/attributes.js'
import type {ClusterId} from '../model/cluster.js'
import type {Observation} from '../model/observation.js'
import type {Plan} from '../model/plan.js'
import {servicesOf, type State} from '../model/state.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {Instant} from '../model/time.js'
import {buildFleet, type Fleet} from '../placement/fleet.js'
import {overviewOf} from '../model/workload-records.js'
import {keepReplicas} from './services/replicas.js'
import {type Decision, type Scene, type Withheld, waking} from './services/scene.js'

export interface ReconcileWanted {
  readonly clusterId: ClusterId
  /** Only these services and daemons, by id; absent: all of the cluster. */
  readonly only?: ReadonlySet<string>
  readonly requiredAttributes: (document: TaskDefinitionDocument) => readonly RequiredAttribute[]
  /** Definitions whose tasks cannot be started by who asks, such as for want of a secret. */
  readonly withheld?: Withheld
}

export interface Reconciled {
  readonly plan: Plan
  /** When the decision may change although nothing happens. */
  readonly wakeAt?: Instant
}

/** Services by name. Each decision counts on what those before it have taken. The plan is empty where all is as it should be, or has to wait. */
export function reconcile(state: State, seen: Observation, wanted: ReconcileWanted, now: Instant): Reconciled {
  let fleet: Fleet | undefined
  const scene: Scene = {
    state,
    seen,
    now,
    overview: overviewOf(state),
    fleet: () => (fleet ??= buildFleet(state, wanted.clusterId, seen)),
    requiredAttributes: wanted.requiredAttributes,
    ...(wanted.withheld === undefined ? {} : {withheld: wanted.withheld}),
  }
  const decisions: Decision[] = []
  for (const service of servicesOf(state, wanted.clusterId)) {
    if (wanted.only && !wanted.only.has(service.id)) continue
    const decision = keepReplicas(service, scene)
    fleet = decision.fleet ?? fleet
    decisions.push(decision)
  }
  return {
    plan: {
      actions: decisions.flatMap(({actions}) => actions),
      notes: decisions.flatMap(({notes}) => notes),
      refusals: decisions.flatMap(({refusals}) => refusals),
    },
    ...waking(
      decisions.map(({wakeAt}) => wakeAt),
      now,
    ),
  }
}
