// What all tasks of a service or a daemon print, on all hosts, in the order of time; followed, also what its later tasks print.
import {UnreachableError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {LogMark} from '../model/log-mark.js'
import type {Workload} from '../model/service.js'
import {recordAt, type State} from '../model/state.js'
import type {Task, TaskContainer} from '../model/task.js'
import {timestamp} from '../model/time.js'
import {overviewOf} from '../model/workload-records.js'
import type {LogOptions, Output, OutputChunk} from '../world/engine.js'
import type {World} from '../world/world.js'
import {findDaemon} from './daemons.js'
import {followContainer, shownContainers} from './container-logs.js'
import {asDocuments} from './log-documents.js'
import {mergeByTime} from './log-merge.js'
import {newest, remembering} from './log-pieces.js'
import {prefixed} from './prefix.js'
import {clusterNamed} from './resolve.js'
import {findService} from './services.js'
import {steadyLogs} from './steady.js'
import {MERGE_PATIENCE_MS} from './task-logs.js'

export interface WorkloadLogsWanted {
  readonly kind: 'service' | 'daemon'
  readonly cluster: string | undefined
  readonly name: string
  readonly follow: boolean
  readonly sinceSeconds: number | undefined
  readonly tail: number | undefined
  /** Only lines that hold this text. */
  readonly grep: string | undefined
  readonly container: string | undefined
  readonly timestamps: boolean
  /** Each line as a JSON document. */
  readonly documents: boolean
  /** What stands before a line of the `index`-th log, made a person's. */
  readonly paint: (mark: string, index: number) => string
}

/** Of tasks that have stopped the newest are told too, where their containers are there yet. */
const MOST_STOPPED = 10

/** One of the logs that are merged. */
interface Piece {
  readonly task: Task
  readonly container: TaskContainer
  readonly index: number
}

/** Lines bear slot and id of their task. A host that does not answer is told of, and left out. Throws `ServiceNotFoundException` and `DaemonNotFoundException`. */
export async function* workloadLogs(world: World, wanted: WorkloadLogsWanted): Output {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const workload = (wanted.kind === 'service' ? findService : findDaemon)(state, cluster, wanted.name)
  const pieces = new Pieces(world, state, wanted)
  const tasks = tasksShown(state, workload)
  const marks = new Map<string, LogMark>()
  if (wanted.tail !== undefined || !wanted.follow) {
    const past = tasks.flatMap((task) => pieces.of(task)).map((piece) => pieces.past(piece, marks))
    yield* newest(mergeByTime(past, {clock: world.clock, signal: world.signal}), wanted.tail)
  }
  if (!wanted.follow) return
  const current = tasks.filter(({lastStatus}) => lastStatus !== 'STOPPED')
  const streams = current.flatMap((task) => pieces.of(task)).map((piece) => pieces.followed(state, piece, marks))
  const terms = {clock: world.clock, signal: world.signal, patienceMs: MERGE_PATIENCE_MS}
  yield* mergeByTime(streams, terms, joining(world, cluster, workload, pieces, state))
}

/** The logs of tasks that are begun later, by anybody. */
async function* joining(world: World, {id: clusterId}: Cluster, {id}: Workload, pieces: Pieces, since: State): AsyncGenerator<Output> {
  const known = new Set(overviewOf(since)(id).tasks.map((task) => task.id))
  for await (const _ of world.store.changes(since.revision, world.signal)) {
    const {state} = await world.store.read()
    for (const task of overviewOf(state)(id).tasks) {
      if (known.has(task.id) || task.lastStatus === 'PENDING') continue
      known.add(task.id)
      for (const piece of pieces.of(task)) yield pieces.followed(state, piece, new Map())
    }
    if (!recordAt(state.clusters, clusterId)) return
  }
}

function tasksShown(state: State, {id}: Workload): readonly Task[] {
  const {tasks} = overviewOf(state)(id)
  const stopped = tasks.filter(({lastStatus, startedAt}) => lastStatus === 'STOPPED' && startedAt !== undefined).slice(-MOST_STOPPED)
  return [...stopped, ...tasks.filter(({lastStatus}) => lastStatus !== 'STOPPED' && lastStatus !== 'PENDING')]
}

class Pieces {
  #count = 0

  constructor(
    private readonly world: World,
    private readonly state: State,
    private readonly wanted: WorkloadLogsWanted,
  ) {}

  of(task: Task): readonly Piece[] {
    if (!recordAt(this.state.instances, task.instanceId)) return []
    const containers = shownContainers(task).filter(({name}) => this.wanted.container === undefined || name === this.wanted.container)
    return containers.map((container) => ({task, container, index: this.#count++}))
  }

  past(piece: Piece, marks: Map<string, LogMark>): Output {
    const {container, task} = piece
    const instance = recordAt(this.state.instances, task.instanceId)
    if (!instance) return nothing()
    const {tail} = this.wanted
    const options: LogOptions = {...this.#since, ...(tail === undefined ? {} : {tail})}
    const output = steadyLogs(this.world, instance, container.containerName, options, this.world.signal)
    return this.#shown(piece, remembering(marks, container.containerName, output))
  }

  followed(state: State, piece: Piece, marks: ReadonlyMap<string, LogMark>): Output {
    const {container, task} = piece
    const mark = marks.get(container.containerName)
    const terms = {world: this.world, state, task, signal: this.world.signal}
    return this.#shown(piece, followContainer(terms, container, {...this.#since, ...(mark ? {mark} : {})}))
  }

  get #since(): LogOptions {
    const {sinceSeconds} = this.wanted
    return sinceSeconds === undefined ? {} : {since: timestamp(this.world.clock.now() - sinceSeconds * 1000)}
  }

  #shown({container, index, task}: Piece, output: Output): Output {
    const {documents, grep, kind, paint, timestamps} = this.wanted
    const {name, slot} = task.workload ?? {name: ''}
    const answering = this.#answering(task, output)
    const lines =
      grep === undefined
        ? answering
        : holding(
            prefixed(answering, () => ''),
            grep,
          )
    const instance = recordAt(this.state.instances, task.instanceId)?.name
    if (documents) {
      const origin = {[kind]: name, taskId: task.id, container: container.name, ...(instance === undefined ? {} : {instance})}
      return asDocuments(lines, origin)
    }
    const seat = slot === undefined ? name : `${name}/${slot}`
    const several = shownContainers(task).length > 1 ? ` ${container.name}` : ''
    const mark = paint(`${seat} ${task.id.slice(0, 8)}${several}  `, index)
    return prefixed(lines, (at) => `${timestamps && at !== undefined ? `${at} ` : ''}${mark}`)
  }

  /** Ends where the host falls silent for good: the others go on. */
  async *#answering({instanceId}: Task, output: Output): Output {
    try {
      yield* output
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error
      this.world.reporter.note(
        `the logs on ${recordAt(this.state.instances, instanceId)?.name ?? instanceId} are left out: ${error.message}`,
      )
    }
  }
}

async function* nothing(): Output {}

/** Only lines that hold the text, of whole ones. */
async function* holding(output: Output, text: string): Output {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  for await (const batch of output) {
    const kept = batch.flatMap((chunk): readonly OutputChunk[] => {
      const lines = decoder
        .decode(chunk.bytes)
        .split(/(?<=\n)/)
        .filter((line) => line.includes(text))
      return lines.length === 0 ? [] : [{...chunk, bytes: encoder.encode(lines.join(''))}]
    })
    if (kept.length > 0) yield kept
  }
}
