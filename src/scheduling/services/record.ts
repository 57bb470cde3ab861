// What the state says once a decision about services and daemons is made: all of it is done by then.
import type {Deployment} from '../../model/deployment.js'
import type {HandHealing, ProtectTask, ServiceAction} from '../../model/service-actions.js'
import type {Workload} from '../../model/service.js'
import {compareText, put, recordAt, type State, type Table, the, without} from '../../model/state.js'
import type {Task, TaskId} from '../../model/task.js'
import {type Instant, timestamp} from '../../model/time.js'
import {withEvent, withoutEvents} from './events.js'

/** ECS keeps service deployments for 90 days; here the newest of each workload. */
const KEPT_DEPLOYMENTS = 20

export function recordServiceAction(state: State, action: ServiceAction, now: Instant): State {
  switch (action.kind) {
    case 'putService':
      return {...state, services: put(state.services, action.service.id, action.service)}
    case 'putDaemon':
      return {...state, daemons: put(state.daemons, action.daemon.id, action.daemon)}
    case 'beginDeployment':
      return withPrimary(state, action.deployment)
    case 'endDeployment':
      return withDeployment(state, action.deploymentId, now, {
        rolloutState: action.rolloutState,
        rolloutStateReason: action.reason,
        finishedAt: timestamp(now),
      })
    case 'pinImages': {
      const {images} = recordAt(state.deployments, action.deploymentId) ?? {}
      return withDeployment(state, action.deploymentId, now, {images: {...action.images, ...images}})
    }
    case 'deleteWorkload':
      return action.workload === 'service'
        ? {...state, services: changed(state.services, action.id, {status: 'DRAINING', desiredCount: 0})}
        : {...state, daemons: changed(state.daemons, action.id, {status: 'DRAINING'})}
    case 'forgetWorkload':
      return withoutWorkload(state, action.id)
    case 'tellEvent':
      return withEvent(state, action.workloadId, action.message, now)
    case 'moveTask':
      return withTask(state, action.taskId, {moves: true})
    case 'handHealing':
      return state
    case 'protectTask':
      return withProtection(state, action)
  }
}

function withTask(state: State, taskId: TaskId, change: Partial<Task>): State {
  const task = the(state.tasks, taskId)
  return {...state, tasks: put(state.tasks, taskId, {...task, ...change, version: task.version + 1})}
}

/** Its tasks have all stopped; what is told of them stays. */
function withoutWorkload(state: State, id: string): State {
  const deployments = Object.entries(state.deployments).filter(([, one]) => one.workloadId !== id)
  const others = {services: without(state.services, id), daemons: without(state.daemons, id), deployments: Object.fromEntries(deployments)}
  return withoutEvents({...state, ...others}, id)
}

function withProtection(state: State, {taskId, until}: ProtectTask): State {
  const {protectedUntil: _, ...task} = the(state.tasks, taskId)
  const change = until === undefined ? {} : {protectedUntil: until}
  return {...state, tasks: put(state.tasks, task.id, {...task, ...change, version: task.version + 1})}
}

/** A change of a record that counts its versions. */
function changed<T extends Workload>(table: Table<T>, id: string, change: Partial<T>): Table<T> {
  const record = recordAt(table, id)
  return record ? put(table, id, {...record, ...change, version: record.version + 1}) : table
}

/** The newest of its workload; the oldest of too many are forgotten, never one that tasks still run or that a rollback may need. */
function withPrimary(state: State, deployment: Deployment): State {
  const {id, workloadId} = deployment
  const primary = {deploymentId: id}
  const recorded = {
    ...state,
    deployments: put(state.deployments, id, deployment),
    services: changed(state.services, workloadId, primary),
    daemons: changed(state.daemons, workloadId, primary),
  }
  const ours = Object.values(recorded.deployments)
    .filter((one) => one.workloadId === workloadId)
    .sort((a, b) => compareText(b.createdAt, a.createdAt) || compareText(b.id, a.id))
  if (ours.length <= KEPT_DEPLOYMENTS) return recorded
  const run = new Set(
    Object.values(state.tasks).flatMap(({lastStatus, workload}) => (lastStatus === 'STOPPED' ? [] : (workload?.deploymentId ?? []))),
  )
  const lastCompleted = ours.find(({rolloutState}) => rolloutState === 'COMPLETED')
  const old = ours.slice(KEPT_DEPLOYMENTS).filter((one) => !run.has(one.id) && one !== lastCompleted)
  return {...recorded, deployments: old.reduce((table, one) => without(table, one.id), recorded.deployments)}
}

function withDeployment(state: State, id: string, now: Instant, change: Partial<Deployment>): State {
  const deployment = recordAt(state.deployments, id)
  if (!deployment) return state
  const next = {...deployment, ...change, updatedAt: timestamp(now), version: deployment.version + 1}
  return {...state, deployments: put(state.deployments, id, next)}
}

/** What becomes true once the engine does as it was told. */
export function healingHanded(state: State, {taskId, to}: HandHealing): State {
  const known = recordAt(state.tasks, taskId)
  if (!known) return state
  const {engineRestarts: _, ...task} = known
  return {
    ...state,
    tasks: put(state.tasks, taskId, {...task, ...(to === 'engine' ? {engineRestarts: true} : {}), version: task.version + 1}),
  }
}
