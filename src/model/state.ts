// The whole document that the cluster manager keeps: flat tables keyed by id, never a table inside a record.
import type {Cluster, ClusterId} from './cluster.js'
import type {Deployment, DeploymentId} from './deployment.js'
import type {IgnoredDrift} from './ignored-drift.js'
import type {Instance, InstanceId} from './instance.js'
import type {Intent} from './intent.js'
import type {Daemon, Service, ServiceEvent} from './service.js'
import type {Task, TaskId} from './task.js'
import type {DefinitionId, TaskDefinition} from './task-definition.js'

/** The version of the document that this Berth writes. */
export const STATE_VERSION = 4

export type Table<T> = Readonly<Record<string, T>>

/** What of a family outlives its revisions: the last number given, which is never given again. */
export interface Family {
  readonly lastRevision: number
}

export interface State {
  readonly version: typeof STATE_VERSION
  /** 32 hex digits, drawn once: two documents of different lineage are never mixed. */
  readonly lineage: string
  /** Rises by one at each commit. */
  readonly revision: number
  readonly clusters: Table<Cluster>
  readonly instances: Table<Instance>
  readonly families: Table<Family>
  readonly definitions: Table<TaskDefinition>
  readonly tasks: Table<Task>
  readonly services: Table<Service>
  readonly daemons: Table<Daemon>
  /** Of services and daemons, the newest of each and some before it. */
  readonly deployments: Table<Deployment>
  /** Of services and daemons, the newest hundred of each. */
  readonly serviceEvents: Table<ServiceEvent>
  /** What clients have begun on hosts and not ended. */
  readonly intents: Table<Intent>
  /** Drift that is known and does not count, by its id. */
  readonly ignoredDrift: Table<IgnoredDrift>
}

/** The names of the tables, in the order in which their changes are told. */
export const TABLES = [
  'clusters',
  'instances',
  'families',
  'definitions',
  'tasks',
  'services',
  'daemons',
  'deployments',
  'serviceEvents',
  'intents',
  'ignoredDrift',
] as const
export type TableName = (typeof TABLES)[number]

export function emptyState(lineage: string): State {
  return {
    version: STATE_VERSION,
    lineage,
    revision: 0,
    clusters: {},
    instances: {},
    families: {},
    definitions: {},
    tasks: {},
    services: {},
    daemons: {},
    deployments: {},
    serviceEvents: {},
    intents: {},
    ignoredDrift: {},
  }
}

/** The tables and the head of the document that `content` holds, and nothing else of it; the caller knows that they are there. */
export function stateIn(content: Readonly<Record<string, unknown>>): State {
  const names = ['version', 'lineage', 'revision', ...TABLES]
  return Object.fromEntries(names.map((name) => [name, content[name]])) as unknown as State
}

/** `table` with `record` under `id`. */
export function put<T>(table: Table<T>, id: string, record: T): Table<T> {
  return {...table, [id]: record}
}

/** `table` without `id`. */
export function without<T>(table: Table<T>, id: string): Table<T> {
  const {[id]: _, ...rest} = table
  return rest
}

/** `state` without the cluster, its tasks and what keeps them running; its instances must have left. */
export function withoutCluster(state: State, clusterId: ClusterId): State {
  const others = <T extends {readonly clusterId: ClusterId}>(table: Table<T>): Table<T> =>
    Object.fromEntries(Object.entries(table).filter(([, one]) => one.clusterId !== clusterId))
  const [services, daemons] = [others(state.services), others(state.daemons)]
  const events = Object.entries(state.serviceEvents).filter(([, {workloadId}]) => services[workloadId] ?? daemons[workloadId])
  return {
    ...state,
    clusters: without(state.clusters, clusterId),
    tasks: others(state.tasks),
    services,
    daemons,
    deployments: others(state.deployments),
    serviceEvents: Object.fromEntries(events),
  }
}

/** The services of a cluster in order of their names. */
export function servicesOf(state: State, clusterId: ClusterId): readonly Service[] {
  return ofCluster(state.services, clusterId)
}

/** The daemons of a cluster in order of their names. */
export function daemonsOf(state: State, clusterId: ClusterId): readonly Daemon[] {
  return ofCluster(state.daemons, clusterId)
}

function ofCluster<T extends {readonly clusterId: ClusterId; readonly name: string}>(table: Table<T>, clusterId: ClusterId): readonly T[] {
  return Object.values(table)
    .filter((one) => one.clusterId === clusterId)
    .sort((a, b) => compareText(a.name, b.name))
}

/** The clusters in order of their names. */
export function clustersOf(state: State): readonly Cluster[] {
  return Object.values(state.clusters).sort((a, b) => compareText(a.name, b.name))
}

/** The instances of a cluster in order of their names. */
export function instancesOf(state: State, clusterId: ClusterId): readonly Instance[] {
  return ofCluster(state.instances, clusterId)
}

/** The tasks of a cluster, the oldest first, then by id. */
export function tasksOf(state: State, clusterId: ClusterId): readonly Task[] {
  return Object.values(state.tasks)
    .filter((task) => task.clusterId === clusterId)
    .sort((a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id))
}

/** The record under what a person typed: a family may be called `constructor`, which every object answers to. */
export function recordAt<T>(table: Table<T>, id: string): T | undefined {
  return Object.hasOwn(table, id) ? table[id] : undefined
}

/** The record under `id`, which the caller knows to be there. */
export function the<T>(table: Table<T>, id: ClusterId | InstanceId | TaskId | DefinitionId | DeploymentId): T {
  const record = table[id]
  if (record === undefined) throw new Error(`The state refers to ${id}, which it does not hold.`)
  return record
}

/** Order by code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
