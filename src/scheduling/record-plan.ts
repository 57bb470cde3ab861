// What the state says once a plan is decided and before any of it is done: the intents, and the resources they hold.
import type {Instance, InstanceId} from '../model/instance.js'
import type {Action, Plan, StartTask} from '../model/plan.js'
import {isInternal, runDocument} from '../model/run-document.js'
import {instancesOf, put, type State, the, withoutCluster} from '../model/state.js'
import {withRecords} from '../model/state-changes.js'
import type {Task, TaskId} from '../model/task.js'
import type {DefinitionId, TaskDefinition} from '../model/task-definition.js'
import {type Instant, timestamp} from '../model/time.js'
import {withoutDeleted} from './definitions.js'
import {isServiceAction} from '../model/service-actions.js'
import {recordDriftAction} from './drift/record.js'
import {recordServiceAction} from './services/record.js'
import {withTaskEvents} from './services/events.js'

/** The id for a slot of the plan: asked twice for one slot it gives the same, so that a plan can be recorded again after a conflict. */
export type IdOfSlot = (slot: string) => string

/** `state` with every intent of `plan`: tasks PENDING or wanted stopped, records created; what a host must be asked for stays until it is done. */
export function recordPlan(state: State, plan: Plan, idOf: IdOfSlot, now: Instant): State {
  const recorded = plan.actions.reduce((before, action) => recordAction(before, action, idOf, now), state)
  return withTaskEvents(recorded, plan, idOf, now)
}

function recordAction(state: State, action: Action, idOf: IdOfSlot, now: Instant): State {
  switch (action.kind) {
    case 'createCluster': {
      const id = idOf(`cluster/${action.name}`)
      return {...state, clusters: put(state.clusters, id, {id, name: action.name, createdAt: timestamp(now), version: 1})}
    }
    case 'joinInstance':
      return {...state, instances: put(state.instances, action.instance.id, action.instance)}
    case 'updateInstance': {
      const instance = the(state.instances, action.instance.id)
      return {...state, instances: put(state.instances, instance.id, {...instance, ...action.change, version: instance.version + 1})}
    }
    case 'registerDefinition':
      return withRegistered(state, action.definition)
    case 'deregisterDefinition':
      return withDefinition(state, action.definition.id, {status: 'INACTIVE', deregisteredAt: timestamp(now)})
    case 'deleteDefinition':
      return withoutDeleted(withDefinition(state, action.definition.id, {status: 'DELETE_IN_PROGRESS'}))
    case 'startTask': {
      const task = taskOf(action, idOf(action.slot), now)
      return {...state, tasks: put(state.tasks, task.id, task)}
    }
    case 'stopTask':
      return wantStopped(state, action.taskId, action.stopCode, action.stoppedReason, now)
    case 'leaveInstance':
      return wantGone(state, action.instance.id)
    case 'deleteCluster':
      // Where no host has a part in it nothing is left to do, and no join can come between.
      return instancesOf(state, action.cluster.id).length === 0 ? withoutCluster(state, action.cluster.id) : state
    case 'restoreState':
    case 'rebuildState':
      return withRecords(state, action.records)
    case 'removeTask':
      return state
    default:
      return isServiceAction(action) ? recordServiceAction(state, action, now) : recordDriftAction(state, action, now)
  }
}

function withRegistered(state: State, definition: TaskDefinition): State {
  const {family, id, revision} = definition
  return {...state, definitions: put(state.definitions, id, definition), families: put(state.families, family, {lastRevision: revision})}
}

function withDefinition(state: State, id: DefinitionId, change: Partial<TaskDefinition>): State {
  return {...state, definitions: put(state.definitions, id, {...the(state.definitions, id), ...change})}
}

function wantStopped(state: State, id: TaskId, stopCode: Task['stopCode'] & string, stoppedReason: string, now: Instant): State {
  const task = the(state.tasks, id)
  if (task.desiredStatus === 'STOPPED') return state
  const stopping: Task = {...task, desiredStatus: 'STOPPED', stopCode, stoppedReason, stoppingAt: timestamp(now), version: task.version + 1}
  return {...state, tasks: put(state.tasks, id, stopping)}
}

/** Placement passes over it from now on; `instance activate` takes the intent back. */
function wantGone(state: State, id: InstanceId): State {
  const instance = the(state.instances, id)
  if (instance.status === 'DEREGISTERING') return state
  const leaving: Instance = {...instance, status: 'DEREGISTERING', version: instance.version + 1}
  return {...state, instances: put(state.instances, id, leaving)}
}

/** The record of a task that is about to be started. */
export function taskOf(
  action: Pick<
    StartTask,
    'definition' | 'instance' | 'group' | 'startedBy' | 'tags' | 'workload' | 'override' | 'removeWhenStopped' | 'need' | 'gpuIds'
  >,
  id: TaskId,
  now: Instant,
): Task {
  const {definition, instance} = action
  const {containerDefinitions} = runDocument(definition.document, action.override)
  return {
    id,
    clusterId: instance.clusterId,
    instanceId: instance.id,
    definitionId: definition.id,
    group: action.group,
    ...(action.startedBy === undefined ? {} : {startedBy: action.startedBy}),
    ...(action.tags === undefined ? {} : {tags: action.tags}),
    ...(action.workload === undefined ? {} : {workload: action.workload}),
    ...(action.override === undefined ? {} : {override: action.override}),
    ...(action.removeWhenStopped === undefined ? {} : {removeWhenStopped: action.removeWhenStopped}),
    need: action.need,
    ...(action.gpuIds === undefined || action.gpuIds.length === 0 ? {} : {gpuIds: action.gpuIds}),
    desiredStatus: 'RUNNING',
    lastStatus: 'PENDING',
    containers: containerDefinitions.map(({image, name}) => ({
      name,
      containerName: `berth-${definition.family}-${definition.revision}-${name}-${id.slice(0, 16)}`,
      image,
      lastStatus: 'PENDING',
      ...(isInternal(name) ? {internal: true} : {}),
    })),
    createdAt: timestamp(now),
    version: 1,
  }
}
