// Which records of the state a host keeps, so that the state can be made anew from the hosts: its cluster, itself, and the definitions of its tasks with the services and
// daemons that keep them; a few hosts of a cluster keep all of these, and definitions that nobody runs, besides.
import {canonicalJson} from '../model/canonical.js'
import type {Cluster} from '../model/cluster.js'
import type {Deployment} from '../model/deployment.js'
import type {Instance, InstanceId} from '../model/instance.js'
import type {KeptRecord, WantedRecord} from '../model/kept-record.js'
import {compareText, daemonsOf, instancesOf, servicesOf, type State, STATE_VERSION} from '../model/state.js'
import type {DefinitionId, TaskDefinition} from '../model/task-definition.js'
import {isService, overviewOf} from '../model/workload-records.js'
import {hashText} from '../placement/rank.js'

/** So many hosts of a cluster keep all definitions of its tasks and those that nobody runs: those that joined first. */
const KEEPERS = 3

/** By the instance's id, for each of the cluster that has joined and does not leave. */
export function recordsWanted(state: State, cluster: Cluster): ReadonlyMap<InstanceId, readonly WantedRecord[]> {
  const instances = instancesOf(state, cluster.id).filter(({status}) => status === 'ACTIVE' || status === 'DRAINING')
  const keepers = instances.toSorted((a, b) => compareText(a.registeredAt, b.registeredAt) || compareText(a.id, b.id)).slice(0, KEEPERS)
  const used = definitionsUsed(state)
  const ours = new Set(instances.flatMap(({id}) => [...(used.get(id) ?? [])]))
  const others = new Set([...used].flatMap(([, ids]) => [...ids]).filter((id) => !ours.has(id)))
  const workloads = workloadRecords(state, cluster)
  const everything =
    keepers.length === 0
      ? []
      : [
          ...Object.values(state.definitions)
            .filter(({id}) => !others.has(id))
            .map((one) => definitionRecord(cluster, one)),
          ...outlived(state, cluster),
          ...workloads.map(({wanted}) => wanted),
        ]
  return new Map(
    instances.map((instance) => {
      const concerned = keepers.includes(instance)
        ? everything
        : [
            ...ofIds(state, used.get(instance.id)).map((one) => definitionRecord(cluster, one)),
            ...workloads.filter(({on}) => on.has(instance.id)).map(({wanted}) => wanted),
          ]
      return [instance.id, [clusterRecord(cluster), instanceRecord(instance), ...concerned]]
    }),
  )
}

/** The same for the same records, whoever computes it: what `keptRecordsHash` of an instance is set against. */
export function hashOfRecords(records: readonly WantedRecord[]): string {
  const text = records
    .map(({kind, name, record}) => `${kind} ${name} ${fingerprint(record)}`)
    .sort(compareText)
    .join('\n')
  return [`1${text}`, `2${text}`].map((one) => hashText(one).toString(16).padStart(8, '0')).join('')
}

export interface RecordChanges {
  /** Somebody with a newer state was there: what it has written stands. */
  readonly isOutdated: boolean
  readonly keep: readonly KeptRecord[]
  readonly drop: readonly KeptRecord[]
}

/**
 * What makes a host keep the wanted records of the cluster and no others, at this epoch. What a client of a later epoch has written stays: it knows more.
 */
export function recordChanges(
  found: readonly KeptRecord[],
  wanted: readonly WantedRecord[],
  clusterId: string,
  epoch: number,
): RecordChanges {
  const known = found.filter((one) => one.clusterId === clusterId)
  const newest = newestRecords(known)
  const isNewer = (one: WantedRecord) => (newest.get(keyOf(one))?.generation ?? -1) > epoch
  const stands = (one: WantedRecord) => isNewer(one) || isSame(newest.get(keyOf(one)), one)
  const keep = wanted.filter((one) => !stands(one)).map((one) => ({...one, generation: epoch, version: STATE_VERSION}))
  const wantedKeys = new Set(wanted.map(keyOf))
  const isOld = (one: KeptRecord) =>
    one.generation <= epoch &&
    (!wantedKeys.has(keyOf(one)) || one !== newest.get(keyOf(one)) || keep.some((other) => keyOf(other) === keyOf(one)))
  // One that is written anew under its own name and generation takes its own place.
  const drop = known.filter(
    (one) => isOld(one) && !keep.some((other) => keyOf(other) === keyOf(one) && other.generation === one.generation),
  )
  return {keep, drop, isOutdated: known.some(({generation}) => generation > epoch)}
}

/** Of each kind and name the one of the highest generation; of equal ones the first. */
export function newestRecords(records: Iterable<KeptRecord>): ReadonlyMap<string, KeptRecord> {
  const newest = new Map<string, KeptRecord>()
  for (const one of records) {
    const other = newest.get(keyOf(one))
    if (other === undefined || other.generation < one.generation) newest.set(keyOf(one), one)
  }
  return newest
}

function keyOf({kind, name}: WantedRecord): string {
  return `${kind} ${name}`
}

function isSame(found: KeptRecord | undefined, wanted: WantedRecord): boolean {
  return found?.version === STATE_VERSION && canonicalJson(found.record) === canonicalJson(wanted.record)
}

/**
 * Services and daemons, and of their deployments those that say what runs or what to go back to; each with the instances that have tasks of it. How far a deployment is
 * changes too often to be kept: it is as far as its tasks are.
 */
function workloadRecords(
  state: State,
  {id: clusterId}: Cluster,
): readonly {readonly wanted: WantedRecord; readonly on: ReadonlySet<InstanceId>}[] {
  const overview = overviewOf(state)
  return [...servicesOf(state, clusterId), ...daemonsOf(state, clusterId)].flatMap((workload) => {
    const {deployments, tasks} = overview(workload.id)
    const unstopped = tasks.filter(({lastStatus}) => lastStatus !== 'STOPPED')
    const on = new Set(unstopped.map(({instanceId}) => instanceId))
    const run = new Set([workload.deploymentId, ...unstopped.flatMap((task) => task.workload?.deploymentId ?? [])])
    const completed = deployments.find(({id, rolloutState}) => id !== workload.deploymentId && rolloutState === 'COMPLETED')
    const kept = deployments.filter((one) => run.has(one.id) || one === completed)
    const {version: _, ...record} = workload
    const kind = isService(workload) ? ('service' as const) : ('daemon' as const)
    return [
      {wanted: {kind, clusterId, name: workload.id, record}, on},
      ...kept.map((one) => ({wanted: {kind: 'deployment' as const, clusterId, name: one.id, record: deploymentRecord(one)}, on})),
    ]
  })
}

function deploymentRecord({updatedAt: _, version: __, ...deployment}: Deployment): object {
  return deployment
}

/** A definition never changes but for its status. Its text is short: with hundreds of definitions every look hashes it. */
function fingerprint(record: object): string {
  if (!('hash' in record && 'document' in record)) return canonicalJson(record)
  const {hash, status} = record as TaskDefinition
  return `${hash.slice(0, 16)} ${status}`
}

function clusterRecord({createdAt, id, name}: Cluster): WantedRecord {
  return {kind: 'cluster', clusterId: id, name: id, record: {id, name, createdAt}}
}

function instanceRecord(instance: Instance): WantedRecord {
  const {keptRecordsHash: _, silentSince: __, version: ___, ...record} = instance
  return {kind: 'instance', clusterId: instance.clusterId, name: instance.id, record}
}

function definitionRecord({id: clusterId}: Cluster, definition: TaskDefinition): WantedRecord {
  return {kind: 'definition', clusterId, name: definition.id, record: definition}
}

/** The families whose last number no definition bears any more. */
function outlived(state: State, {id: clusterId}: Cluster): readonly WantedRecord[] {
  return Object.entries(state.families)
    .filter(([family, {lastRevision}]) => state.definitions[`${family}:${lastRevision}`] === undefined)
    .map(([family, {lastRevision}]) => ({kind: 'family', clusterId, name: family, record: {lastRevision}}))
}

function definitionsUsed({tasks}: State): ReadonlyMap<InstanceId, ReadonlySet<DefinitionId>> {
  const used = new Map<InstanceId, Set<DefinitionId>>()
  for (const {definitionId, instanceId} of Object.values(tasks)) {
    const known = used.get(instanceId)
    if (known) known.add(definitionId)
    else used.set(instanceId, new Set([definitionId]))
  }
  return used
}

function ofIds({definitions}: State, ids: ReadonlySet<DefinitionId> = new Set()): readonly TaskDefinition[] {
  return [...ids].flatMap((id) => definitions[id] ?? [])
}
