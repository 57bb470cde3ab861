// The state made anew from what hosts bear: their marks, the records that they keep, and the labels of their containers. What a state knows already stays, unless a
// host was written to by somebody with a newer one.
import {builtInAttributes} from '../ecs/attributes.js'
import {ConflictError} from '../errors.js'
import {withEpochsFrom} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import {hostText} from '../model/host-address.js'
import {isInstanceName, quoted} from '../model/names.js'
import {registeredResources} from '../model/register-resources.js'
import {instancesOf, put, recordAt, type State, type Table} from '../model/state.js'
import type {TaskDefinition} from '../model/task-definition.js'
import {type Instant, timestamp} from '../model/time.js'
import {type FoundInstance, type HostFound, type HostIdentity, identityOf, type Rebuilt} from './found-host.js'
import {rebuiltTasks} from './rebuilt-task.js'
import {withWorkloads} from './rebuilt-workloads.js'
import {isNewer, type ToldRecords, toldRecords} from './told-records.js'

/** `state` with all that the hosts, in the order in which they were named, tell of their clusters. Throws `ClusterNameTaken` and `DefinitionConflict`. */
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
  const told = toldRecords(state, found)
  const withClusters = found.reduce((made, one) => withCluster(made, state, one, told, now), state)
  const withDefinitions = withFamilies(
    {...withClusters, definitions: {...withClusters.definitions, ...definitionsTold(state, found, told)}},
    told,
  )
  const begun: Rebuilt = {state: withWorkloads(withDefinitions, state, told), notes: [...notes, ...told.notes]}
  const instances = found.reduce((made, one) => withInstance(made, state, one, told, now), begun)
  return found.reduce((made, one) => rebuiltTasks(made, one, now), instances)
}

/** The cluster that the host belongs to, in a state that counts on from all that was ever stamped on the host. */
function withCluster(made: State, before: State, {containers, identity, kept}: FoundInstance, told: ToldRecords, now: Instant): State {
  if (!identity) return made
  const {cluster: name, clusterId} = identity
  const createdAt = told.cluster.find((one) => one.name === clusterId)?.record.createdAt ?? timestamp(now)
  const known = recordAt(made.clusters, clusterId) ?? {id: clusterId, name, createdAt, version: 1}
  const namesake = Object.values(made.clusters).find((one) => one.name === known.name && one.id !== clusterId)
  if (namesake)
    throw new ConflictError(
      'ClusterNameTaken',
      `Two clusters are called ${quoted(known.name)}: one in this state, and another that a host belongs to.`,
      {suggestions: ['berth state rebuild --state ANOTHER-FILE']},
    )
  const epochs = [
    ...kept.filter((one) => one.clusterId === clusterId).map(({generation}) => generation),
    ...containers.flatMap(({owner}) => (owner?.clusterId === clusterId ? (owner.epoch ?? []) : [])),
  ]
  const newest = epochs.reduce((most, one) => Math.max(most, one), 0)
  return {...made, clusters: put(made.clusters, clusterId, withEpochsFrom(known, before.revision, newest))}
}

/**
 * Those that were written by somebody with a newer state; of the others only what a container bears, for what this state has let go of since was deleted.
 */
function definitionsTold(before: State, hosts: readonly FoundInstance[], {definition}: ToldRecords): Table<TaskDefinition> {
  const borne = new Set(hosts.flatMap(({containers}) => containers.flatMap(({owner}) => owner?.definitionId ?? [])))
  const told = definition.filter((one) => isNewer(before, one) || (borne.has(one.name) && !recordAt(before.definitions, one.name)))
  return Object.fromEntries(told.map(({record}) => [record.id, record]))
}

/** The last number of each family: what a state or a host says it was, and never less than a definition bears. */
function withFamilies(made: State, {family: told}: ToldRecords): State {
  const last = new Map(Object.entries(made.families).map(([family, {lastRevision}]) => [family, lastRevision]))
  const numbers = told.map(({name, record}) => ({family: name, revision: record.lastRevision}))
  for (const {family, revision} of [...numbers, ...Object.values(made.definitions)])
    last.set(family, Math.max(last.get(family) ?? 0, revision))
  return {...made, families: Object.fromEntries([...last].map(([family, lastRevision]) => [family, {lastRevision}]))}
}

function withInstance({notes, state}: Rebuilt, before: State, found: FoundInstance, told: ToldRecords, now: Instant): Rebuilt {
  const {address, identity} = found
  if (!identity) return {state, notes}
  const {instanceId} = identity
  const known = recordAt(state.instances, instanceId)
  const record = told.instance.find(({name}) => name === instanceId)
  if (known && !(record && isNewer(before, record))) return {state, notes}
  const wanted = record ? {...record.record, address, version: (known?.version ?? 0) + 1} : freshInstance(found, identity, now)
  const instance = {...wanted, name: freeName(state, wanted)}
  const lost = {
    said: `what was said of instance ${instance.name} when it joined is on no host: its attributes and reserves are those of a new join`,
  }
  return {state: {...state, instances: put(state.instances, instanceId, instance)}, notes: record ? notes : [...notes, lost]}
}

/** Its own; where another instance of the cluster has it, or nobody may, one that follows from its id. */
function freeName(state: State, {clusterId, id, name}: Instance): string {
  const isTaken = instancesOf(state, clusterId).some((one) => one.name === name && one.id !== id)
  return isTaken || !isInstanceName(name) ? `instance-${id.slice(0, 8)}` : name
}

/** As a join without any words would make it. */
function freshInstance({address, facts}: FoundInstance, {clusterId, instanceId}: HostIdentity, now: Instant): Instance {
  const resourceSettings = {reserveMemoryMiB: 0, reservePorts: []}
  return {
    id: instanceId,
    clusterId,
    name: facts.hostName,
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
