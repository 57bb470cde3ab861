// The record of a task made anew from its containers: what it was meant to be by their labels, how far it has come by what a look says.
import type {FoundContainer} from '../model/observation.js'
import {ENGINE_RESTARTS} from '../model/healing.js'
import type {TaskOwnership} from '../model/ownership.js'
import {runDocument} from '../model/run-document.js'
import type {WorkloadSeat} from '../model/service.js'
import {daemonsOf, recordAt, servicesOf, type State, the} from '../model/state.js'
import type {Task} from '../model/task.js'
import {needOf, overridden, type TaskDefinitionDocument} from '../model/task-definition.js'
import {type Instant, instant, type Timestamp} from '../model/time.js'
import {taskOf} from '../scheduling/record-plan.js'
import {observed} from './progress.js'
import type {FoundInstance, Rebuilt} from './found-host.js'
import {parseTaskRecord} from './task-record.js'

/** A container that bears labels of ours. */
export interface Owned extends FoundContainer {
  readonly owner: TaskOwnership
}

/** With the tasks of the host that the state did not know. One whose definition is on no host cannot be told; its containers stay as they are. */
export function rebuiltTasks({notes, state}: Rebuilt, {containers, identity}: FoundInstance, now: Instant): Rebuilt {
  const own = containers.filter((one): one is Owned => one.owner !== undefined && one.owner.instanceId === identity?.instanceId)
  const byTask = new Map<string, Owned[]>()
  for (const one of own) byTask.set(one.owner.taskId, [...(byTask.get(one.owner.taskId) ?? []), one])
  const lost = new Map<string, number>()
  const tasks: Task[] = []
  for (const [taskId, these] of [...byTask].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (recordAt(state.tasks, taskId)) continue
    const task = rebuiltTask(state, taskId, these, now)
    const definitionId = these[0]?.owner.definitionId ?? ''
    if (task) tasks.push(task)
    else lost.set(definitionId, (lost.get(definitionId) ?? 0) + 1)
  }
  const told = [...lost].map(([id, count]) => ({
    said: `task definition ${id} is on no host: ${count === 1 ? 'a task of it is' : `${count} tasks of it are`} left alone`,
  }))
  return {
    state: {...state, tasks: {...state.tasks, ...Object.fromEntries(tasks.map((task) => [task.id, task]))}},
    notes: [...notes, ...told],
  }
}

/** Nothing is started by it: what is down has stopped, also where its restart policy would have it up, for nobody knows whether a person had stopped it. */
function rebuiltTask(state: State, taskId: string, containers: readonly Owned[], now: Instant): Task | undefined {
  const wanted = taskOfLabels(state, containers)
  if (wanted?.id !== taskId) return undefined
  const {document} = the(state.definitions, wanted.definitionId)
  const seen = Object.fromEntries(containers.map((one) => [one.owner.containerName, one]))
  return observed(wanted, withoutRestarts(runDocument(document, wanted.override)), seen, now)
}

function withoutRestarts(document: TaskDefinitionDocument): TaskDefinitionDocument {
  return {...document, containerDefinitions: document.containerDefinitions.map(({restartPolicy: _, ...one}) => one)}
}

/**
 * The task as it was before it began, by the labels of its containers, which bear their names already; `undefined` where definition or instance are not known, or the definition
 * is another than that of the containers.
 */
export function taskOfLabels(state: State, containers: readonly Owned[]): Task | undefined {
  const [first] = containers.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  const definition = first && recordAt(state.definitions, first.owner.definitionId)
  const instance = first && recordAt(state.instances, first.owner.instanceId)
  if (!first || !instance || definition?.hash !== first.owner.definitionHash) return undefined
  const environments = new Map(containers.map(({environment = [], owner}) => [owner.containerName, environment]))
  const {createdAt, gpuIds, override, removeWhenStopped, tags} = parseTaskRecord(first.owner.record, first.createdAt, environments)
  const {group, startedBy, taskId} = first.owner
  const workload = workloadOf(state, first.owner, createdAt)
  const need = needOf(overridden(definition.document, override))
  const optional = {
    ...(startedBy === undefined ? {} : {startedBy}),
    ...(workload === undefined ? {} : {workload}),
    ...(override === undefined ? {} : {override}),
    ...(gpuIds === undefined ? {} : {gpuIds}),
    ...(removeWhenStopped === undefined ? {} : {removeWhenStopped}),
    ...(tags === undefined ? {} : {tags}),
  }
  const wanted = taskOf({definition, instance, group, need, ...optional}, taskId, instant(createdAt))
  const names = new Map(containers.map(({name, owner}) => [owner.containerName, name]))
  const restarts = workload !== undefined && first.restartPolicy === ENGINE_RESTARTS ? ({engineRestarts: true} as const) : {}
  return {
    ...wanted,
    ...restarts,
    containers: wanted.containers.map((one) => ({...one, containerName: names.get(one.name) ?? one.containerName})),
  }
}

/**
 * Of a service or daemon that the state does not know the task is kept running by nobody, and says so by its group alone; so it is where one of the same name was made after it,
 * and has no such deployment.
 */
function workloadOf(
  state: State,
  {clusterId, daemon, deployment, service, slot}: TaskOwnership,
  createdAt: Timestamp,
): WorkloadSeat | undefined {
  const [kind, name] = service === undefined ? (['daemon', daemon] as const) : (['service', service] as const)
  if (name === undefined || deployment === undefined) return undefined
  const known = (kind === 'service' ? servicesOf(state, clusterId) : daemonsOf(state, clusterId)).find((one) => one.name === name)
  if (!known || (createdAt < known.createdAt && recordAt(state.deployments, deployment)?.workloadId !== known.id)) return undefined
  const number = Number(slot?.slice(slot.lastIndexOf('/') + 1))
  return {kind, id: known.id, name, deploymentId: deployment, ...(Number.isSafeInteger(number) && number > 0 ? {slot: number} : {})}
}
