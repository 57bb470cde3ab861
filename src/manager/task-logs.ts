// What a task prints, of all its containers in the order of time.
import {NotFoundError} from '../errors.js'
import type {LogMark} from '../model/log-mark.js'
import {quoted} from '../model/names.js'
import {type State, the} from '../model/state.js'
import type {Task, TaskContainer} from '../model/task.js'
import {timestamp} from '../model/time.js'
import type {LogOptions, Output} from '../world/engine.js'
import type {World} from '../world/world.js'
import {followContainer, shownContainers} from './container-logs.js'
import {asDocuments} from './log-documents.js'
import {mergeByTime} from './log-merge.js'
import {newest, remembering} from './log-pieces.js'
import {type MarkOf, prefixed} from './prefix.js'
import {clusterNamed, findTask} from './resolve.js'
import {steadyLogs} from './steady.js'

export interface LogsWanted {
  readonly cluster: string | undefined
  readonly task: string
  /** Absent: all of them. */
  readonly container: string | undefined
  readonly follow: boolean
  /** Only what was printed in the last seconds. */
  readonly sinceSeconds: number | undefined
  readonly tail: number | undefined
  readonly timestamps: boolean
  /** Each line as a JSON document. */
  readonly documents: boolean
}

/** A log that is followed waits so long for the others, which may have something older to tell. */
export const MERGE_PATIENCE_MS = 250

/**
 * What the task printed, from its containers while they are there, else its last words. Lines of several containers bear the names of theirs.
 * Throws `TaskNotFound`, `ContainerNotFound`.
 */
export async function* taskLogs(world: World, wanted: LogsWanted): Output {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const task = findTask(state, cluster, wanted.task)
  const containers = wanted.container === undefined ? shownContainers(task) : [containerNamed(task, wanted.container)]
  const there = await standing(world, state, task, containers)
  if (there.length > 0) yield* logsOf(world, state, task, wanted.follow ? containers : there, wanted)
  else yield* lastWords(world, task, wanted)
}

/** The container of that name. Throws `ContainerNotFound` with the names there are. */
export function containerNamed(task: Task, name: string): TaskContainer {
  const containers = shownContainers(task)
  const found = containers.find((container) => container.name === name)
  if (found) return found
  const names = containers.map((container) => container.name)
  throw new NotFoundError('ContainerNotFound', `Task ${task.id} has no container ${quoted(name)}; it has ${names.join(', ')}.`, {
    suggestions: names.slice(0, 2).map((one) => `berth task logs ${task.id} --container ${one}`),
  })
}

/** The mark of a container's lines: its name where there are several, and the moment where it is wanted. */
export function markOf(
  container: TaskContainer,
  {names, timestamps}: {readonly names: boolean; readonly timestamps: boolean},
): MarkOf | undefined {
  if (!names && !timestamps) return undefined
  const name = names ? `${container.name}  ` : ''
  return (at) => `${timestamps && at !== undefined ? `${at} ` : ''}${name}`
}

async function* logsOf(world: World, state: State, task: Task, containers: readonly TaskContainer[], wanted: LogsWanted): Output {
  const since = wanted.sinceSeconds === undefined ? {} : {since: timestamp(world.clock.now() - wanted.sinceSeconds * 1000)}
  const instance = the(state.instances, task.instanceId)
  const marked = (container: TaskContainer, output: Output) => {
    if (wanted.documents) return asDocuments(output, {taskId: task.id, container: container.name, instance: instance.name})
    const mark = markOf(container, {names: containers.length > 1, timestamps: wanted.timestamps})
    return mark ? prefixed(output, mark) : output
  }
  const past = (container: TaskContainer, options: LogOptions) =>
    steadyLogs(world, instance, container.containerName, {...since, ...options}, world.signal)
  const merged = (streams: readonly Output[], patienceMs?: number) =>
    mergeByTime(streams, {clock: world.clock, signal: world.signal, ...(patienceMs === undefined ? {} : {patienceMs})})
  const marks = new Map<string, LogMark>()
  if (wanted.tail !== undefined || !wanted.follow) {
    const {tail} = wanted
    const streams = containers.map((container) =>
      marked(container, remembering(marks, container.name, past(container, tail === undefined ? {} : {tail}))),
    )
    yield* newest(merged(streams), tail)
  }
  if (!wanted.follow) return
  const terms = {world, state, task, signal: world.signal}
  const streams = containers.map((container) => {
    const mark = marks.get(container.name)
    return marked(container, followContainer(terms, container, {...since, ...(mark ? {mark} : {})}))
  })
  yield* merged(streams, MERGE_PATIENCE_MS)
}

/** Those that are on the host; none where the instance has left. */
async function standing(world: World, state: State, task: Task, containers: readonly TaskContainer[]): Promise<readonly TaskContainer[]> {
  const instance = state.instances[task.instanceId]
  if (!instance) return []
  const engine = await world.engines.open(instance.address, {}, world.signal)
  const seen = await Promise.all(containers.map(({containerName}) => engine.inspect(containerName, world.signal)))
  return containers.filter((_, index) => seen[index] !== undefined)
}

/** Kept as they were shown: which container told what stands in the lines alone. */
async function* lastWords(world: World, task: Task, {documents, tail}: LogsWanted): Output {
  const kept = await world.records.lastWords(task.id)
  if (kept === undefined || kept === '') return
  const lines = kept.split(/(?<=\n)/)
  const shown = tail === undefined ? lines : tail === 0 ? [] : lines.slice(-tail)
  const bytes = new TextEncoder().encode(documents ? shown.map((line) => documentOf(task, line)).join('') : shown.join(''))
  yield [{stream: 'stdout', bytes}]
}

function documentOf({id}: Task, line: string): string {
  return `${JSON.stringify({taskId: id, message: line.replace(/\n$/, '')})}\n`
}
