// The next small step for all that a cluster keeps running, in one fixed order: what is placed first takes its place first.
import type {RequiredAttribute} from '../model/attributes.js'
import type {ClusterId} from '../model/cluster.js'
import type {Observation} from '../model/observation.js'
import type {Plan} from '../model/plan.js'
import type {Workload} from '../model/service.js'
import {daemonsOf, servicesOf, type State} from '../model/state.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {Instant} from '../model/time.js'
import {buildFleet, type Fleet} from '../placement/fleet.js'
import {keepDaemon} from './daemons/keep-daemon.js'
import {overviewOf} from '../model/workload-records.js'
import {keepReplicas} from './services/replicas.js'
import {type Decision, type Scene, waking, type Withheld} from './services/scene.js'

export interface ReconcileWanted {
  readonly clusterId: ClusterId
  /** Only these services and daemons, by id; absent: all of the cluster. */
  readonly only?: ReadonlySet<string>
  readonly requiredAttributes: (document: TaskDefinitionDocument) => readonly RequiredAttribute[]
  /** Absent: whatever tasks need is to be had. */
  readonly withheld?: Withheld
}

export interface Reconciled {
  readonly plan: Plan
  /** When the decision may change although nothing happens. */
  readonly wakeAt?: Instant
}

/** A cluster while it is decided on: what one decision takes is gone for those after it. */
export interface Deciding {
  readonly scene: Scene
  take(decision: Decision): void
}

/** Nothing is decided yet. */
export function beginDeciding(
  state: State,
  seen: Observation,
  wanted: Pick<ReconcileWanted, 'clusterId' | 'requiredAttributes' | 'withheld'>,
  now: Instant,
): Deciding {
  let fleet: Fleet | undefined
  return {
    scene: {
      state,
      seen,
      now,
      overview: overviewOf(state),
      fleet: () => (fleet ??= buildFleet(state, wanted.clusterId, seen)),
      requiredAttributes: wanted.requiredAttributes,
      ...(wanted.withheld === undefined ? {} : {withheld: wanted.withheld}),
    },
    take: (decision) => {
      fleet = decision.fleet ?? fleet
    },
  }
}

/** Daemons before services, each by name: what every instance shall have comes before what any may have. Each decision counts on what those before it have taken. The plan is empty where all is as it should be, or has to wait. */
export function reconcile(state: State, seen: Observation, wanted: ReconcileWanted, now: Instant): Reconciled {
  const deciding = beginDeciding(state, seen, wanted, now)
  const {scene} = deciding
  const decisions: Decision[] = []
  const take = (decision: Decision) => {
    deciding.take(decision)
    decisions.push(decision)
  }
  const isMeant = ({id}: Workload) => wanted.only === undefined || wanted.only.has(id)
  for (const daemon of daemonsOf(state, wanted.clusterId).filter(isMeant)) take(keepDaemon(daemon, scene))
  for (const service of servicesOf(state, wanted.clusterId).filter(isMeant)) take(keepReplicas(service, scene))
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
