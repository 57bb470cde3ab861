// How a host becomes an instance: one look at its engine, a record in the state, a mark on the host.
import {builtInAttributes} from '../ecs/attributes.js'
import {ConflictError, EngineError, InvalidInputError} from '../errors.js'
import {parseAttributes} from '../model/attributes.js'
import type {Cluster} from '../model/cluster.js'
import {type HostAddress, hostText, parseHost, type TlsFiles} from '../model/host-address.js'
import type {EngineFacts, Instance, InstanceId} from '../model/instance.js'
import {checkInstanceName} from '../model/names.js'
import type {HostRecord} from '../model/ownership.js'
import {registeredResources} from '../model/register-resources.js'
import type {ResourceSettings} from '../model/resources.js'
import {instancesOf, type State} from '../model/state.js'
import {timestamp} from '../model/time.js'
import {planJoin} from '../scheduling/instances.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {type FoundInstances, foundInstances} from './instances.js'
import {clusterNamed} from './resolve.js'
import {settle} from './settle.js'

export interface JoinWanted {
  readonly cluster: string | undefined
  /** As typed; absent: the person is asked. */
  readonly host: string | undefined
  readonly tls: TlsFiles | undefined
  readonly name: string | undefined
  readonly zone: string | undefined
  readonly instanceType: string | undefined
  /** `name=value` or `name`, each. */
  readonly attributes: readonly string[]
  readonly resources: ResourceSettings
  readonly dryRun: boolean
}

/**
 * The instance that the host has become. Throws `InvalidHost`, `UnreachableError`s, `InstanceAlreadyJoined` when the engine is in a cluster
 * already, `InstanceNameTaken`.
 */
export async function joinInstance(world: World, wanted: JoinWanted): Promise<Done<FoundInstances>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const address = await world.hosts.resolve(parseHost(wanted.host ?? (await askForHost(world)), wanted.tls))
  const stage = world.reporter.stage(`looking at ${hostText(address)}`)
  const engine = await world.engines.open(address, {interactive: world.person.present}, world.signal)
  const [facts, records] = await Promise.all([engine.facts(world.signal), engine.records(world.signal)])
  stage.done()
  const begun = begunJoin(state, records, cluster, address)
  const instance = instanceOf(wanted, cluster, address, facts, begun ?? world.ids.next(), world.clock.now())
  const settled = await settle(world, {
    because: `join ${hostText(address)} to cluster ${cluster.name}`,
    decide: (current) => planJoin(current, cluster, instance),
    dryRun: wanted.dryRun,
  })
  if (!wanted.dryRun) await refuseRival(world, engine, cluster, instance)
  return done(settled, wanted.dryRun, () => foundInstances(settled.state, cluster, [instance.id]))
}

/**
 * The id of a join that this state began and did not end: it is taken up again. Throws `InstanceAlreadyJoined` for any mark on the host but that
 * join's own, since one engine is in one cluster once; the mark proves it, where cloned machines share an engine id.
 */
function begunJoin(state: State, records: readonly HostRecord[], cluster: Cluster, address: HostAddress): InstanceId | undefined {
  const begun = instancesOf(state, cluster.id).filter((instance) => instance.status === 'REGISTERING')
  const own = begun.find((instance) => records.some((record) => record.instanceId === instance.id))
  const other = records.find((record) => record.instanceId !== own?.id)
  if (other) throw alreadyJoined(other, address, state.instances[other.instanceId])
  return (own ?? begun.find((instance) => hostText(instance.address) === hostText(address)))?.id
}

/** Two joins at once both leave a mark: the older mark stays, the younger join withdraws. */
async function refuseRival(world: World, engine: Engine, cluster: Cluster, instance: Instance): Promise<void> {
  const [oldest, ...younger] = await engine.records(world.signal)
  if (!oldest || oldest.instanceId === instance.id || younger.length === 0) return
  await engine.removeRecord({kind: 'instance', cluster: cluster.name, clusterId: cluster.id, instanceId: instance.id}, world.signal)
  await world.store.update({...world.why, because: `another join of ${instance.name} came first`}, (state) => {
    const {[instance.id]: _, ...instances} = state.instances
    return {state: {...state, instances}, result: undefined}
  })
  throw alreadyJoined(oldest, instance.address, undefined)
}

function alreadyJoined(record: HostRecord, address: HostAddress, instance: Instance | undefined): ConflictError {
  const name = instance ? `"${instance.name}"` : record.instanceId
  return new ConflictError(
    'InstanceAlreadyJoined',
    `The engine at ${hostText(address)} is in cluster "${record.cluster}" already, as instance ${name}.`,
    {
      suggestions: [
        `berth instance describe ${instance?.name ?? record.instanceId} -c ${record.cluster}`,
        `berth instance leave ${instance?.name ?? record.instanceId} -c ${record.cluster}`,
      ],
    },
  )
}

function instanceOf(wanted: JoinWanted, cluster: Cluster, address: HostAddress, facts: EngineFacts, id: string, now: number): Instance {
  if (facts.osType !== 'linux')
    throw new EngineError('UnsupportedEngine', `The engine at ${hostText(address)} runs ${facts.osType} containers; Berth runs Linux ones.`)
  return {
    id,
    clusterId: cluster.id,
    name: checkInstanceName(wanted.name ?? facts.hostName),
    address,
    status: 'REGISTERING',
    builtInAttributes: builtInAttributes(facts, {
      ...(wanted.zone === undefined ? {} : {zone: wanted.zone}),
      ...(wanted.instanceType === undefined ? {} : {instanceType: wanted.instanceType}),
    }),
    customAttributes: parseAttributes(wanted.attributes),
    registered: registeredResources(facts, wanted.resources),
    resourceSettings: wanted.resources,
    engine: facts,
    registeredAt: timestamp(now),
    version: 1,
  }
}

async function askForHost(world: World): Promise<string> {
  const missing = 'HOST'
  if (!world.person.present)
    throw new InvalidInputError('MissingArgument', 'Name the host to join.', {
      suggestions: ['berth instance join local', 'berth instance join ssh://user@host.example'],
    })
  const known = await world.hosts.known()
  const local = {value: 'local', name: 'local  (the engine that docker itself would use here)'}
  const other = {value: undefined, name: 'another host...'}
  const chosen = await world.person.choose(
    'Which host joins?',
    [local, ...known.map(({host, origin}) => ({value: host, name: `${host}  (${origin})`})), other],
    missing,
  )
  return chosen ?? world.person.ask('Host (local, unix:///path, ssh://user@host, tcp://host:2376):', missing)
}
