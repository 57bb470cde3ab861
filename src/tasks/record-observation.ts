// An observation folded into the state: which instances answer, and how far their tasks have come.
import type {Instance} from '../model/instance.js'
import type {InstanceSeen, Observation} from '../model/observation.js'
import {runDocument} from '../model/run-document.js'
import {put, type State, the} from '../model/state.js'
import {START_ABANDONED, type Task} from '../model/task.js'
import {type Instant, instant} from '../model/time.js'
import {told, withEvent} from '../scheduling/services/events.js'
import type {ContainersSeen} from './facts.js'
import {observed} from './progress.js'
import {failedToStart} from './reports.js'

/** The ECS agent's longest pull: a start that has no running container by then was left by a client that is gone. */
const LONGEST_START_MS = 2 * 60 * 60 * 1000

/**
 * The same state when the observation tells nothing new. Tasks of silent instances stay as they were: silence is not death. So does a task whose record is
 * another than `before` the look: what was not seen then may have been started meanwhile.
 */
export function recordObservation(state: State, seen: Observation, before: State): State {
  const withInstances = Object.entries(seen.instances).reduce((recorded, [id, one]) => {
    const instance = recorded.instances[id]
    return instance ? recordInstance(recorded, instance, one) : recorded
  }, state)
  const known = Object.values(withInstances.tasks).filter((task) => before.tasks[task.id]?.version === task.version)
  return known.reduce((recorded, task) => recordTask(recorded, task, seen), withInstances)
}

function recordInstance(state: State, instance: Instance, seen: InstanceSeen): State {
  if (seen.answered === (instance.silentSince === undefined)) return state
  const {silentSince: _, ...answering} = instance
  const changed: Instance = {...answering, ...(seen.answered ? {} : {silentSince: seen.since}), version: instance.version + 1}
  return {...state, instances: put(state.instances, instance.id, changed)}
}

function recordTask(state: State, task: Task, seen: Observation): State {
  const instance = seen.instances[task.instanceId]
  if (task.lastStatus === 'STOPPED' || !instance?.answered) return state
  const document = runDocument(the(state.definitions, task.definitionId).document, task.override)
  const changed = isAbandoned(task, instance, seen.at)
    ? failedToStart(task, '', START_ABANDONED, seen.at)
    : observed(task, document, containersOf(task, instance), seen.at)
  if (changed === task) return state
  return withRestartEvent({...state, tasks: put(state.tasks, task.id, changed)}, task, changed, seen.at)
}

/** Such a restart is the same task: only this tells of it. */
function withRestartEvent(state: State, before: Task, after: Task, now: Instant): State {
  const {workload} = after
  const count = restartsOf(after)
  if (!workload || after.engineRestarts !== true || count <= restartsOf(before)) return state
  const message = `${told(workload.kind, workload.name)} (task ${after.id}) was started again by its engine (restart ${count}).`
  return withEvent(state, workload.id, message, now)
}

function restartsOf({containers}: Task): number {
  return containers.reduce((sum, {restartCount = 0}) => sum + restartCount, 0)
}

/** What the look says of a task's containers: one that is listed and looks as recorded has no entry. */
function containersOf(task: Task, instance: InstanceSeen & {readonly answered: true}): ContainersSeen {
  const seen: {[name: string]: ContainersSeen[string]} = {}
  for (const container of task.containers) {
    const listed = instance.containers.find((one) => one.name === container.containerName)
    const details = listed ? instance.details[listed.runtimeId] : 'missing'
    if (details) seen[container.name] = details
  }
  return seen
}

function isAbandoned(task: Task, instance: InstanceSeen & {readonly answered: true}, now: Instant): boolean {
  if (task.lastStatus !== 'PENDING' || now - instant(task.createdAt) < LONGEST_START_MS) return false
  const listed = task.containers.flatMap((container) => instance.containers.find((one) => one.name === container.containerName) ?? [])
  return listed.every((container) => container.status === 'created')
}
