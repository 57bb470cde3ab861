// The records that hosts keep, as a state is made anew of them: in the shape of this Berth, each of the newest generation, and none that another cluster left there.
import {ConflictError} from '../errors.js'
import {epochOf} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import {hostText} from '../model/host-address.js'
import type {KeptKind, KeptRecord} from '../model/kept-record.js'
import {quoted} from '../model/names.js'
import type {Deployment} from '../model/deployment.js'
import type {Note} from '../model/plan.js'
import {recordAt, type State, STATE_VERSION} from '../model/state.js'
import {migrated} from '../model/state-migrations.js'
import type {Daemon, Service} from '../model/service.js'
import type {TaskDefinition} from '../model/task-definition.js'
import {newestRecords} from '../scheduling/kept-records.js'
import type {FoundInstance} from './found-host.js'

export interface Told<T> extends Omit<KeptRecord, 'record'> {
  readonly record: T
}

/** By kind, the newest of each name. */
export interface ToldRecords {
  readonly cluster: readonly Told<{readonly createdAt: string}>[]
  readonly instance: readonly Told<Instance>[]
  readonly family: readonly Told<{readonly lastRevision: number}>[]
  readonly definition: readonly Told<TaskDefinition>[]
  readonly service: readonly Told<Service>[]
  readonly daemon: readonly Told<Daemon>[]
  readonly deployment: readonly Told<Deployment>[]
  readonly notes: readonly Note[]
}

/** Throws `DefinitionConflict` where two hosts, or a host and the state, mean different things by one task definition. */
export function toldRecords(state: State, hosts: readonly FoundInstance[]): ToldRecords {
  const notes: Note[] = []
  const all = hosts.flatMap((host) => {
    const own = host.kept.filter(({clusterId}) => clusterId === host.identity?.clusterId)
    const sound = own.flatMap((one) => inOurShape(one) ?? [])
    const odd = own.length - sound.length
    if (odd > 0)
      notes.push({
        said: `${hostText(host.address)} keeps ${odd === 1 ? 'a record' : `${odd} records`} that this Berth cannot read, left out`,
      })
    return sound
  })
  refuseConflict(state, all)
  const of = <T>(kind: KeptKind) => [...newestRecords(all).values()].filter((one) => one.kind === kind) as unknown as readonly Told<T>[]
  return {
    cluster: of('cluster'),
    instance: of('instance'),
    family: of('family'),
    definition: of('definition'),
    service: of('service'),
    daemon: of('daemon'),
    deployment: of('deployment'),
    notes,
  }
}

/** Was it written by somebody whose state was newer than this one? Also where this one does not know the cluster. */
export function isNewer(before: State, {clusterId, generation}: Pick<KeptRecord, 'clusterId' | 'generation'>): boolean {
  const cluster = recordAt(before.clusters, clusterId)
  return cluster === undefined || generation > epochOf(cluster, before.revision)
}

const TABLES = {
  cluster: 'clusters',
  instance: 'instances',
  family: 'families',
  definition: 'definitions',
  service: 'services',
  daemon: 'daemons',
  deployment: 'deployments',
} as const

/** `undefined` where a later Berth wrote it, or it is none. */
function inOurShape(kept: KeptRecord): KeptRecord | undefined {
  const table = migrated({version: kept.version, [TABLES[kept.kind]]: {[kept.name]: kept.record}}, STATE_VERSION)?.[TABLES[kept.kind]]
  const record: unknown = typeof table === 'object' && table !== null ? Reflect.get(table, kept.name) : undefined
  return isSound(kept, record) ? {...kept, record: record as object} : undefined
}

/** What all that reads such a record relies on. */
function isSound({kind, name}: KeptRecord, record: unknown): boolean {
  if (!isObject(record)) return false
  const {id} = record
  switch (kind) {
    case 'cluster':
      return id === name && typeof record['createdAt'] === 'string'
    case 'instance':
      return (
        id === name &&
        ['address', 'engine', 'registered', 'resourceSettings', 'builtInAttributes', 'customAttributes'].every((field) =>
          isObject(record[field]),
        )
      )
    case 'service':
    case 'daemon':
      return (
        id === name &&
        typeof record['name'] === 'string' &&
        typeof record['deploymentId'] === 'string' &&
        isObject(record['deploymentConfiguration']) &&
        (kind === 'daemon' || Number.isSafeInteger(record['desiredCount']))
      )
    case 'deployment':
      return id === name && typeof record['workloadId'] === 'string' && typeof record['definitionId'] === 'string'
    case 'family':
      return Number.isSafeInteger(record['lastRevision'])
    case 'definition': {
      const {document, family, hash, revision} = record
      return (
        id === name &&
        id === `${String(family)}:${String(revision)}` &&
        typeof hash === 'string' &&
        isObject(document) &&
        Array.isArray(document['containerDefinitions'])
      )
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A revision never changes what it says: two that differ are of two states. */
function refuseConflict(state: State, kept: readonly KeptRecord[]): void {
  const hashes = new Map(Object.values(state.definitions).map(({hash, id}) => [id, hash]))
  for (const {kind, record} of kept) {
    if (kind !== 'definition') continue
    const {hash, id} = record as TaskDefinition
    const known = hashes.get(id)
    if (known !== undefined && known !== hash)
      throw new ConflictError(
        'DefinitionConflict',
        `Task definition ${quoted(id)} is one thing in this state or on one host, and another on a second one: they are of two states.`,
        {
          suggestions: ['berth state rebuild --state ANOTHER-FILE --hosts HOST', 'berth state rebuild --hosts HOST'],
        },
      )
    hashes.set(id, hash)
  }
}
