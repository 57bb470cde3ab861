// Plans as intents, and what is left of them as plans.
import type {IntendedAction, Intent} from '../model/intent.js'
import type {Action, Plan} from '../model/plan.js'
import {recordAt, type State, the} from '../model/state.js'
import {needOf} from '../model/task-definition.js'
import {removalOf} from './stop.js'

/** What of the plan is done on hosts, or waits for that; nothing where all is done once it is recorded. */
export function intendedActions(plan: Plan, idOf: (slot: string) => string): readonly IntendedAction[] {
  const places = new Map<number, number>()
  const intended: IntendedAction[] = []
  for (const [index, action] of plan.actions.entries()) {
    const one = intendedAction(action, idOf)
    if (!one) continue
    places.set(index, intended.length)
    const after = (action.after ?? []).flatMap((before) => places.get(before) ?? [])
    intended.push(after.length === 0 ? one : {...one, after})
  }
  return intended.every(({kind}) => kind === 'deleteCluster') ? [] : intended
}

/** What is still to be done of the intent, with all of its starts; the slot of a start is the id of its task. */
export function planOfIntent(state: State, {actions, because}: Intent): Plan {
  const places = new Map<number, number>()
  const left: Action[] = []
  for (const [index, intended] of actions.entries()) {
    const action = actionLeft(state, intended, because)
    if (!action) continue
    places.set(index, left.length)
    const after = (intended.after ?? []).flatMap((before) => places.get(before) ?? [])
    left.push(after.length === 0 ? action : {...action, after})
  }
  return {actions: left, notes: [], refusals: []}
}

/** Has all of it come to something, as far as the state knows? A task that started did, and one that has stopped. */
export function isOver(state: State, {actions, because}: Intent): boolean {
  return actions.every((action) => {
    if (action.kind !== 'startTask') return actionLeft(state, action, because) === undefined
    const task = recordAt(state.tasks, action.taskId)
    return task === undefined || task.startedAt !== undefined || task.lastStatus === 'STOPPED'
  })
}

/** Is nothing of it there any more: have all tasks that it started stopped, or are they forgotten? */
export function isGone(state: State, intent: Intent): boolean {
  const lives = (id: string) => (recordAt(state.tasks, id)?.lastStatus ?? 'STOPPED') !== 'STOPPED'
  return isOver(state, intent) && intent.actions.every((action) => action.kind !== 'startTask' || !lives(action.taskId))
}

function intendedAction(action: Action, idOf: (slot: string) => string): IntendedAction | undefined {
  switch (action.kind) {
    case 'startTask':
      return {kind: action.kind, taskId: idOf(action.slot), ...(action.pull === undefined ? {} : {pull: action.pull})}
    case 'stopTask':
      return {
        kind: action.kind,
        taskId: action.taskId,
        ...(action.timeoutSeconds === undefined ? {} : {timeoutSeconds: action.timeoutSeconds}),
      }
    case 'removeTask':
      return {kind: action.kind, taskId: action.taskId}
    case 'leaveInstance':
      return {kind: action.kind, instanceId: action.instance.id, forget: action.forget, orphans: action.orphans}
    case 'deleteCluster':
      return {kind: action.kind, clusterId: action.cluster.id}
    default:
      return undefined
  }
}

function actionLeft(state: State, intended: IntendedAction, because: string): Action | undefined {
  switch (intended.kind) {
    case 'leaveInstance': {
      const instance = recordAt(state.instances, intended.instanceId)
      // One that was made ACTIVE again meanwhile does not leave any more.
      if (instance?.status !== 'DEREGISTERING') return undefined
      return {kind: 'leaveInstance', instance, orphans: intended.orphans, forget: intended.forget, because}
    }
    case 'deleteCluster': {
      const cluster = recordAt(state.clusters, intended.clusterId)
      return cluster && {kind: 'deleteCluster', cluster, because}
    }
    default:
      return taskActionLeft(state, intended, because)
  }
}

function taskActionLeft(state: State, intended: Extract<IntendedAction, {readonly taskId: string}>, because: string): Action | undefined {
  const task = recordAt(state.tasks, intended.taskId)
  if (!task) return undefined
  const instance = the(state.instances, task.instanceId)
  switch (intended.kind) {
    case 'startTask': {
      const definition = the(state.definitions, task.definitionId)
      const pull = intended.pull === undefined ? {} : {pull: intended.pull}
      return {
        kind: 'startTask',
        slot: task.id,
        instance,
        definition,
        need: needOf(definition.document),
        group: task.group,
        because,
        ...pull,
      }
    }
    case 'stopTask': {
      if (task.lastStatus === 'STOPPED') return undefined
      const {stopCode = 'UserInitiated', stoppedReason = because} = task
      const timeout = intended.timeoutSeconds === undefined ? {} : {timeoutSeconds: intended.timeoutSeconds}
      return {kind: 'stopTask', taskId: task.id, instance, stopCode, stoppedReason, because, ...timeout}
    }
    case 'removeTask':
      return removalOf(state, task, because)
  }
}
