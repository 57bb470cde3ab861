// The state made anew from what hosts bear: their marks, the records that they keep, and the labels of their containers. What a state knows already stays, unless a
// host was written to by somebody with a newer one.
import {builtInAttributes} from '../ecs/attributes.js'
import {ConflictError} from '../errors.js'
import {type Cluster, epochOf, withEpochsFrom} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import {hostText} from '../model/host-address.js'
import type {KeptKind, KeptRecord} from '../model/kept-record.js'
import {quoted} from '../model/names.js'
import {registeredResources} from '../model/register-resources.js'
import {type Family, instancesOf, put, recordAt, type State, type Table} from '../model/state.js'
import type {TaskDefinition} from '../model/task-definition.js'
import {type Instant, timestamp} from '../model/time.js'
import {newestRecords} from '../scheduling/kept-records.js'
import {type FoundInstance, type HostFound, type HostIdentity, identityOf, type Rebuilt} from './found-host.js'
import {rebuiltTasks} from './rebuilt-task.js'

/** `state` with all that the hosts, in the order in which they were named, tell of their clusters. Throws `ClusterNameTaken`. */
export function rebuilt(state: State, hosts: readonly HostFound[], now: Instant): Rebuilt {
  const all = hosts.map((host): FoundInstance => ({...host, identity: identityOf(host)}))
  const isCopy = ({identity}: FoundInstance, index: number) =>
    identity !== undefined && all.findIndex((other) => other.identity?.instanceId === identity.instanceId) < index
  const found = all.filter((one, index) => one.identity !== undefined && !isCopy(one, index))
  const notes = all.flatMap((one, index) => {
    if (one.identity === undefined) return {said: `${hostText(one.address)} bears nothing of Berth`}
    return isCopy(one, index)
      ? {said: `${hostText(one.address)} is an instance that was told already: named twice, or a copy of its machine`}
      : []
  })
  const kept = found.flatMap((host) => host.kept)
  const withClusters = found.reduce((made, one) => withCluster(made, state, one, kept, now), state)
  const withDefinitions = withFamilies(
    {...withClusters, definitions: {...withClusters.definitions, ...definitionsTold(state, kept)}},
    records<Family>(kept, 'family'),
  )
  const begun: Rebuilt = {state: withDefinitions, notes}
  const instances = found.reduce((made, one) => withInstance(made, state, one, now), begun)
  return found.reduce((made, one) => rebuiltTasks(made, one, now), instances)
}

/** The cluster that the host belongs to, in a state that counts on from all that was ever stamped on the host. */
function withCluster(
  made: State,
  before: State,
  {containers, identity, kept}: FoundInstance,
  all: readonly KeptRecord[],
  now: Instant,
): State {
  if (!identity) return made
  const {cluster: name, clusterId} = identity
  const record = records<Cluster>(all, 'cluster').find(({record}) => record.id === clusterId)?.record
  const known = recordAt(made.clusters, clusterId) ?? {id: clusterId, name, createdAt: record?.createdAt ?? timestamp(now), version: 1}
  const namesake = Object.values(made.clusters).find((one) => one.name === known.name && one.id !== clusterId)
  if (namesake)
    throw new ConflictError(
      'ClusterNameTaken',
      `Two clusters are called ${quoted(known.name)}: one in this state, and another that a host belongs to.`,
      {
        suggestions: ['berth state rebuild --state ANOTHER-FILE'],
      },
    )
  const epochs = [
    ...kept.filter((one) => one.clusterId === clusterId).map(({generation}) => generation),
    ...containers.flatMap(({owner}) => (owner?.clusterId === clusterId ? (owner.epoch ?? []) : [])),
  ]
  const newest = epochs.reduce((most, one) => Math.max(most, one), 0)
  return {...made, clusters: put(made.clusters, clusterId, withEpochsFrom(known, before.revision, newest))}
}

/** Those that the state does not know, or not as they are now. */
function definitionsTold(before: State, kept: readonly KeptRecord[]): Table<TaskDefinition> {
  const told = records<TaskDefinition>(kept, 'definition').filter(
    ({clusterId, generation, record}) => !recordAt(before.definitions, record.id) || isNewer(before, clusterId, generation),
  )
  return Object.fromEntries(told.map(({record}) => [record.id, record]))
}

/** The last number of each family: what a state or a host says it was, and never less than a definition bears. */
function withFamilies(made: State, kept: readonly Kept<Family>[]): State {
  const last = new Map(Object.entries(made.families).map(([family, {lastRevision}]) => [family, lastRevision]))
  const told = kept.map(({name, record}) => ({family: name, revision: record.lastRevision}))
  for (const {family, revision} of [...told, ...Object.values(made.definitions)])
    last.set(family, Math.max(last.get(family) ?? 0, revision))
  return {...made, families: Object.fromEntries([...last].map(([family, lastRevision]) => [family, {lastRevision}]))}
}

function withInstance({notes, state}: Rebuilt, before: State, found: FoundInstance, now: Instant): Rebuilt {
  const {address, identity, kept} = found
  if (!identity) return {state, notes}
  const {clusterId, instanceId} = identity
  const known = recordAt(state.instances, instanceId)
  const record = records<Instance>(kept, 'instance').find(({name}) => name === instanceId)
  if (known && !(record && isNewer(before, clusterId, record.generation))) return {state, notes}
  const instance = record ? {...record.record, address, version: (known?.version ?? 0) + 1} : freshInstance(state, found, identity, now)
  const lost = {
    said: `what was said of instance ${instance.name} when it joined is on no host: its attributes and reserves are those of a new join`,
  }
  return {state: {...state, instances: put(state.instances, instanceId, instance)}, notes: record ? notes : [...notes, lost]}
}

interface Kept<T> extends Omit<KeptRecord, 'record'> {
  readonly record: T
}

/** The newest of each name. */
function records<T>(kept: readonly KeptRecord[], kind: KeptKind): readonly Kept<T>[] {
  return [...newestRecords(kept).values()].filter((one) => one.kind === kind) as unknown as readonly Kept<T>[]
}

/** Was it written by somebody whose state was newer than this one? Also where this one does not know the cluster. */
function isNewer(before: State, clusterId: string, generation: number): boolean {
  const cluster = recordAt(before.clusters, clusterId)
  return cluster === undefined || generation > epochOf(cluster, before.revision)
}

/** As a join without any words would make it, under a name that is free. */
function freshInstance(state: State, {address, facts}: FoundInstance, {clusterId, instanceId}: HostIdentity, now: Instant): Instance {
  const resourceSettings = {reserveMemoryMiB: 0, reservePorts: []}
  const isTaken = instancesOf(state, clusterId).some(({name}) => name === facts.hostName)
  return {
    id: instanceId,
    clusterId,
    name: isTaken || !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/.test(facts.hostName) ? `instance-${instanceId.slice(0, 8)}` : facts.hostName,
    address,
    status: 'ACTIVE',
    builtInAttributes: builtInAttributes(facts, {}),
    customAttributes: {},
    registered: registeredResources(facts, resourceSettings),
    resourceSettings,
    engine: facts,
    registeredAt: timestamp(now),
    version: 1,
  }
}
