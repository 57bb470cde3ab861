// What runs on a cluster, with what each task would ask if it had to be placed again: what a simulation takes away.
import type {RequiredAttribute} from '../model/attributes.js'
import type {ClusterId} from '../model/cluster.js'
import type {InstanceId} from '../model/instance.js'
import type {Observation} from '../model/observation.js'
import type {PlacementConstraint} from '../model/placement.js'
import {groupOf, type Service} from '../model/service.js'
import {servicesOf, type State, tasksOf, the} from '../model/state.js'
import {holdsResources, type Task, type TaskId} from '../model/task.js'
import {overridden, type TaskDefinitionDocument} from '../model/task-definition.js'
import type {Instant} from '../model/time.js'
import {overviewOf, primaryOf, type WorkloadRecords} from '../model/workload-records.js'
import type {SettledService, Settlement} from '../placement/settlement.js'
import {ownConstraints} from './run.js'
import {replicaRequest} from './services/replica-request.js'
import {type Standing, standingsOf} from './services/standing.js'

export interface Settlements {
  /** Services by name, which somebody would start again, before tasks of runs in the order of their age. */
  readonly settled: readonly Settlement[]
  readonly daemonTasks: ReadonlyMap<InstanceId, number>
}

export interface SettlementsWanted {
  readonly clusterId: ClusterId
  readonly requiredAttributes: (document: TaskDefinitionDocument) => readonly RequiredAttribute[]
  /** What is known of the constraints of a task's run; where nothing is, those of its definition hold. */
  readonly runConstraints: ReadonlyMap<TaskId, readonly PlacementConstraint[]>
}

/**
 * A service's tasks would be of its newest deployment, under its own constraints and strategies; those that stop, or whose host is silent past its grace, are none
 * any more. Tasks of runs ask what they asked, and go where chance falls. Tasks of daemons are counted alone.
 */
export function settlementsOf(state: State, seen: Observation, wanted: SettlementsWanted, now: Instant): Settlements {
  const overview = overviewOf(state)
  const services = servicesOf(state, wanted.clusterId)
  const tasks = tasksOf(state, wanted.clusterId).filter(holdsResources)
  const daemonTasks = new Map<InstanceId, number>()
  for (const {desiredStatus, instanceId, workload} of tasks)
    if (workload?.kind === 'daemon' && desiredStatus === 'RUNNING') daemonTasks.set(instanceId, (daemonTasks.get(instanceId) ?? 0) + 1)
  const runs = tasks.filter(({workload}) => workload === undefined)
  return {
    settled: [
      ...services.flatMap((service) => settledReplicas(state, seen, service, overview(service.id), wanted, now)),
      ...runs.map((task) => settledRun(state, task, wanted)),
    ],
    daemonTasks,
  }
}

function settledReplicas(
  state: State,
  seen: Observation,
  service: Service,
  records: WorkloadRecords,
  {requiredAttributes}: SettlementsWanted,
  now: Instant,
): readonly Settlement[] {
  const present = standingsOf(state, service, records.tasks, seen, now).filter(({isLost, isStopping}) => !isLost && !isStopping)
  const settled: SettledService = {name: service.name, desiredCount: service.desiredCount, presentCount: present.length}
  const definition = the(state.definitions, primaryOf(service, records).definitionId)
  return [...byInstance(present)].map(([instanceId, slots]) => ({
    named: groupOf('service', service.name),
    instanceId,
    service: settled,
    request: replicaRequest({state, now, requiredAttributes}, service, definition, slots),
  }))
}

/** The slots of those on each instance, the lowest first. */
function byInstance(standings: readonly Standing[]): ReadonlyMap<InstanceId, readonly number[]> {
  const slots = new Map<InstanceId, number[]>()
  for (const {task} of standings) slots.set(task.instanceId, [...(slots.get(task.instanceId) ?? []), task.workload?.slot ?? 1])
  for (const own of slots.values()) own.sort((a, b) => a - b)
  return slots
}

function settledRun(state: State, task: Task, {requiredAttributes, runConstraints}: SettlementsWanted): Settlement {
  const document = overridden(the(state.definitions, task.definitionId).document, task.override)
  return {
    named: task.definitionId,
    instanceId: task.instanceId,
    request: {
      document,
      group: task.group,
      count: 1,
      strategies: [],
      constraints: runConstraints.get(task.id) ?? ownConstraints(document),
      requiredAttributes: requiredAttributes(document),
      seed: task.id,
    },
  }
}
