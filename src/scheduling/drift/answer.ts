// Answers that a person gives to drift, as a plan: of several about one task one action each, a replacement before all others.
import {ConflictError, PlacementError} from '../../errors.js'
import type {AnswerName, Drift, Remedy} from '../../model/drift.js'
import type {RemoveContainers} from '../../model/drift-actions.js'
import type {Action, Plan, StartTask} from '../../model/plan.js'
import {put, recordAt, type State, the} from '../../model/state.js'
import type {Task, TaskId} from '../../model/task.js'
import {needOf, overridden} from '../../model/task-definition.js'
import {buildFleet} from '../../placement/fleet.js'
import {placeOn} from '../../placement/place-on.js'
import {refusalText} from '../../placement/refusal-text.js'
import type {DriftAsked} from './asked.js'
import {stopOf} from '../stop.js'

/** Drift with the answer that it gets. */
export interface Answered {
  readonly drift: Drift
  readonly answer: AnswerName
}

type RemedyOf<K extends Remedy['kind']> = Extract<Remedy, {readonly kind: K}>

/**
 * The plan of the answers, in their order; `forgotten`: what was ignored and is no more, by id. Throws `NoSuchAnswer` where a drift does not have the answer,
 * and `NoInstanceFits` where the place of a task that is to be replaced has no room for another.
 */
export function planAnswers(asked: DriftAsked, answers: readonly Answered[], forgotten: readonly string[], by: string): Plan {
  const replaced = new Map<TaskId, Task>()
  for (const {answer, drift} of answers) {
    const remedy = answer === 'ignore' ? undefined : remedyOf(drift, answer)
    if (remedy?.kind === 'replace') replaced.set(remedy.taskId, remedy.found)
  }
  const others = answers.flatMap((one) => actionsOf(one, replaced, by))
  const removals = others.filter((action) => action.kind === 'removeContainers')
  const replacements = replaceAll(asked, replaced, removals)
  const records = recordAll(asked, answers, replaced)
  const heeded: readonly Action[] =
    forgotten.length === 0 ? [] : [{kind: 'heedDrift', ids: forgotten, because: 'it is no more, or counts again'}]
  const rest = others.filter((action) => action.kind !== 'removeContainers')
  return {actions: [...removals, ...replacements, ...records, ...rest, ...heeded], notes: [], refusals: []}
}

/** What the answer does to it. Throws `NoSuchAnswer`. */
export function remedyOf(drift: Drift, name: 'adopt' | 'revert'): Remedy {
  const answer = drift[name]
  if (answer.possible) return answer.remedy
  throw new ConflictError(
    'NoSuchAnswer',
    `Drift ${drift.id} (${drift.kind}, ${drift.subject}) cannot be answered with --${name}: ${answer.said}.`,
    {
      suggestions: [...(answer.mend === undefined ? [] : [answer.mend]), `berth cluster drift --ignore ${drift.id}`],
    },
  )
}

/** Each start after the stop of the one whose place it takes, and after what goes, which may hold a port of it. The removals stand before in the plan. */
function replaceAll(asked: DriftAsked, replaced: ReadonlyMap<TaskId, Task>, removals: readonly RemoveContainers[]): readonly Action[] {
  const actions: Action[] = []
  const gone = removals.map((_, index) => index)
  const names = new Set(removals.flatMap(({containers}) => containers.map(({name}) => name)))
  let state = [...replaced.values()].reduce((all, task) => withTask(all, {...task, lastStatus: 'STOPPED'}), asked.state)
  for (const [id, found] of replaced) {
    const old = the(asked.state.tasks, id)
    const start = startInPlace(asked, state, old, names)
    const stops = found.lastStatus === 'STOPPED' ? [] : [stopped(asked.state, old)]
    const records: readonly Action[] =
      stops.length > 0 ? [] : [{kind: 'recordTask', task: found, instance: start.instance, because: 'it was found so'}]
    actions.push(...stops, ...records)
    const after = [...gone, ...stops.map(() => removals.length + actions.length - 1)]
    actions.push({...start, ...(after.length === 0 ? {} : {after})})
    state = withTask(state, {...old, id: start.slot, need: start.need, lastStatus: 'PENDING', containers: []})
  }
  return actions
}

function stopped(state: State, task: Task): Action {
  const stoppedReason = 'It drifted, and another takes its place'
  return {...stopOf(state, task, {stopCode: 'UserInitiated', stoppedReason}), destructive: true}
}

/** As the old one was run, on the same instance. Throws `NoInstanceFits`. */
function startInPlace({clusterId, inspection, lens}: DriftAsked, state: State, old: Task, gone: ReadonlySet<string>): StartTask {
  const definition = the(state.definitions, old.definitionId)
  const document = overridden(definition.document, old.override)
  const instance = the(state.instances, old.instanceId)
  const host = inspection.hosts[instance.id]
  const foreign = host?.answered ? host.foreign.filter(({name}) => !gone.has(name)) : []
  const seen = {[instance.id]: {answered: true as const, containers: [], details: {}, foreign}}
  const fleet = buildFleet(state, clusterId, {at: inspection.at, instances: seen})
  const request = {document, group: old.group, requiredAttributes: lens.requiredAttributes(document)}
  const {
    placed: [seat],
    refused: [refusal],
  } = placeOn(request, fleet, [instance.id])
  if (!seat)
    throw new PlacementError(
      'NoInstanceFits',
      `Task ${old.id} cannot be replaced on instance "${instance.name}".${refusal ? `\n${refusalText(refusal)}` : ''}`,
      {suggestions: [`berth instance describe ${instance.name}`, `berth task run ${definition.id}`]},
    )
  return {
    kind: 'startTask',
    slot: `replacement/${old.id}`,
    instance,
    definition,
    need: needOf(document),
    group: old.group,
    ...(old.override === undefined ? {} : {override: old.override}),
    ...(old.startedBy === undefined ? {} : {startedBy: old.startedBy}),
    ...(old.tags === undefined ? {} : {tags: old.tags}),
    ...(old.removeWhenStopped === undefined ? {} : {removeWhenStopped: old.removeWhenStopped}),
    ...(seat.gpuIds.length === 0 ? {} : {gpuIds: seat.gpuIds}),
    because: `it takes the place of task ${old.id}`,
  }
}

/** Each task once: as it was found, and asking for what it has. */
function recordAll({state}: DriftAsked, answers: readonly Answered[], replaced: ReadonlyMap<TaskId, Task>): readonly Action[] {
  const records = new Map<TaskId, Task>()
  const asking = new Set<TaskId>()
  const remedies = answers.flatMap(({answer, drift}) => (answer === 'adopt' ? [{drift, remedy: remedyOf(drift, answer)}] : []))
  for (const {remedy} of remedies) if (remedy.kind === 'record') records.set(remedy.task.id, remedy.task)
  for (const {remedy} of remedies) {
    if (remedy.kind !== 'override') continue
    const task = records.get(remedy.taskId) ?? the(state.tasks, remedy.taskId)
    const need = needOf(overridden(the(state.definitions, task.definitionId).document, remedy.override))
    records.set(task.id, {...task, override: remedy.override, need})
    asking.add(task.id)
  }
  return [...records.values()]
    .filter(({id}) => !replaced.has(id))
    .flatMap((task): readonly Action[] => {
      const instance = the(state.instances, task.instanceId)
      const version = (recordAt(state.tasks, task.id)?.version ?? 0) + 1
      const record: Action = {
        kind: 'recordTask',
        task: {...task, version},
        instance,
        because: asking.has(task.id) ? 'it asks for the limits that it has' : 'it was found so',
      }
      // What is left of a task that is over ends with it, as whichever command looks next would see to.
      if (task.lastStatus !== 'STOPPING') return [record]
      const why = {stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited'} as const
      return [record, {...stopOf(state, task, why), destructive: true}]
    })
}

function actionsOf({answer, drift}: Answered, replaced: ReadonlyMap<TaskId, Task>, by: string): readonly Action[] {
  const {instance} = drift
  const remedy: Remedy = answer === 'ignore' ? {kind: 'know'} : remedyOf(drift, answer)
  const because = `drift ${drift.id}: ${drift.kind}, ${drift.subject}`
  switch (remedy.kind) {
    case 'know': {
      const {found, id, kind, subject} = drift
      return [{kind: 'ignoreDrift', drift: {id, instanceId: instance.id, kind, subject, found}, by, because: 'it is known from now on'}]
    }
    case 'remove':
      return [{kind: 'removeContainers', instance, containers: remedy.containers, because, destructive: true}]
    case 'update':
      return replaced.has(remedy.taskId) ? [] : updatesOf(drift, remedy, because)
    case 'tag':
      return [{kind: 'tagImage', instance, imageId: remedy.imageId, reference: remedy.reference, because}]
    case 'host':
      return [{kind: 'updateInstance', instance, change: remedy.change, because}]
    case 'record':
    case 'override':
    case 'replace':
      return []
  }
}

function updatesOf({instance}: Drift, {containers, taskId}: RemedyOf<'update'>, because: string): readonly Action[] {
  return containers.map(({name, runtimeId, update}) => ({
    kind: 'updateContainer',
    instance,
    taskId,
    containerName: name,
    runtimeId,
    update,
    because,
  }))
}

function withTask(state: State, task: Task): State {
  return {...state, tasks: put(state.tasks, task.id, task)}
}
