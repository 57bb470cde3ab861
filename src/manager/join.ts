// How a host becomes an instance: one look at its engine, a record in the state, a mark on the host.
import {builtInAttributes} from '../ecs/attributes.js'
import {EngineError, InvalidInputError} from '../errors.js'
import {parseAttributes} from '../model/attributes.js'
import type {Cluster} from '../model/cluster.js'
import {placeOfController} from '../model/controller-container.js'
import {type HostAddress, hostText, parseHost, type TlsFiles} from '../model/host-address.js'
import type {EngineFacts, Instance, InstanceId} from '../model/instance.js'
import {checkInstanceName} from '../model/names.js'
import type {InstanceMark} from '../model/ownership.js'
import {registeredResources} from '../model/register-resources.js'
import type {ResourceSettings} from '../model/resources.js'
import {instancesOf, type State} from '../model/state.js'
import {timestamp} from '../model/time.js'
import {planJoin} from '../scheduling/instances.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'
import {alreadyJoined} from './admit.js'
import {controllerOf} from './controllers.js'
import {type Done, done} from './done.js'
import {type FoundInstances, foundInstances} from './instances.js'
import {quietly} from './quietly.js'
import {clusterNamed} from './resolve.js'
import {settle} from './settle.js'
import type {Settled} from './settled.js'
import {settleDaemons} from './settle-cluster.js'
import {staged} from './staged.js'
import {worldWith} from './world-with.js'

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

/** So often two joins may meet on one host before the later one gives up. */
const MOST_MEETINGS = 5

/** Two joins that met come back at different times within this span, which grows with each meeting. */
const MEETING_SPAN_MS = 1000

/**
 * The instance that the host has become. Throws `InvalidHost`, `UnreachableError`s, `InstanceAlreadyJoined` when the engine is in a cluster
 * already, `InstanceNameTaken`.
 */
export async function joinInstance(world: World, wanted: JoinWanted): Promise<Done<FoundInstances>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const address = await world.hosts.resolve(parseHost(wanted.host ?? (await askForHost(world)), wanted.tls))
  const {engine, facts, records} = await staged(world.reporter, `looking at ${hostText(address)}`, async () => {
    const engine = await world.engines.open(address, {interactive: world.person.present}, world.signal)
    const [facts, records] = await Promise.all([engine.facts(world.signal), engine.marks(world.signal)])
    return {engine, facts, records}
  })
  const candidate = {cluster, address, engine, facts}
  // Decided here without a trace, and again below: what is refused or only planned writes nothing.
  planJoin(state, cluster, instanceFor(world, wanted, candidate, state, records))
  if (wanted.dryRun) return joinAlone(world, wanted, candidate)
  // A join of this state that another process is at must not look like one that was left half done.
  const lease = await world.store.lease(`join of ${facts.hostName}`, {...world.why, because: `join ${hostText(address)}`}, world.signal)
  try {
    const signal = AbortSignal.any([world.signal, lease.signal])
    const joined = await joinAlone(worldWith(world, {signal}), wanted, candidate)
    await settleDaemons(world, cluster)
    await tellOfControllers(world, cluster)
    return joined
  } finally {
    // It ends with this process in any case, and what was done is done.
    await quietly(() => lease.release())
  }
}

/** A controller in a container has the hosts that there were when it was installed. */
async function tellOfControllers(world: World, cluster: Cluster): Promise<void> {
  const {leader, standby} = await controllerOf(world, cluster)
  const places = [...(leader ? [leader] : []), ...standby].flatMap(({by}) => placeOfController(by) ?? [])
  for (const place of places)
    world.reporter.note(
      `the controller in a container on ${place} does not know the new host: install it again (berth controller install --on ${place} ...)`,
    )
}

interface Candidate {
  readonly cluster: Cluster
  readonly address: HostAddress
  readonly engine: Engine
  readonly facts: EngineFacts
}

/** Joins while nobody else does with this state; joins with other states may meet it on the host: then it withdraws and comes back. */
async function joinAlone(world: World, wanted: JoinWanted, candidate: Candidate): Promise<Done<FoundInstances>> {
  for (let meetings = 1; ; meetings += 1) {
    const {instance, settled} = await tryToJoin(world, wanted, candidate)
    const met = settled.outcomes.some(({error}) => error?.code === 'InstanceAlreadyJoined')
    if (!met || meetings >= MOST_MEETINGS)
      return done(settled, wanted.dryRun, () => foundInstances(settled.state, candidate.cluster, [instance.id]))
    await world.clock.sleep(Number.parseInt(world.ids.next().slice(0, 6), 16) % (MEETING_SPAN_MS * meetings), world.signal)
  }
}

async function tryToJoin(
  world: World,
  wanted: JoinWanted,
  candidate: Candidate,
): Promise<{readonly settled: Settled; readonly instance: Instance}> {
  const {address, cluster, engine} = candidate
  const {state} = await world.store.read()
  const instance = instanceFor(world, wanted, candidate, state, await engine.marks(world.signal))
  const settled = await settle(world, {
    because: `join ${hostText(address)} to cluster ${cluster.name}`,
    decide: (current) => planJoin(current, cluster, instance),
    dryRun: wanted.dryRun,
  })
  return {settled, instance}
}

/**
 * The id of a join that this state began and did not end: it is taken up again. Throws `InstanceAlreadyJoined` for any mark on the host but that
 * join's own, since one engine is in one cluster once; the mark proves it, where cloned machines share an engine id.
 */
function begunJoin(state: State, records: readonly InstanceMark[], cluster: Cluster, address: HostAddress): InstanceId | undefined {
  const begun = instancesOf(state, cluster.id).filter((instance) => instance.status === 'REGISTERING')
  const own = begun.find((instance) => records.some((record) => record.instanceId === instance.id))
  const other = records.find((record) => record.instanceId !== own?.id)
  if (other) throw alreadyJoined(other, address, state.instances[other.instanceId])
  return (own ?? begun.find((instance) => hostText(instance.address) === hostText(address)))?.id
}

/** The instance as it will stand, under the id of a join that was begun or under a new one. Throws as `begunJoin`, and for wrong words. */
function instanceFor(
  world: World,
  wanted: JoinWanted,
  {address, cluster, facts}: Candidate,
  state: State,
  records: readonly InstanceMark[],
): Instance {
  const id = begunJoin(state, records, cluster, address) ?? world.ids.next()
  return instanceOf(wanted, cluster, address, facts, id, world.clock.now())
}

function instanceOf(wanted: JoinWanted, cluster: Cluster, address: HostAddress, facts: EngineFacts, id: string, now: number): Instance {
  if (facts.osType !== 'linux')
    throw new EngineError(
      'UnsupportedEngine',
      `The engine at ${hostText(address)} runs ${facts.osType} containers; Berth runs Linux ones.`,
      {
        suggestions: ['berth instance join local', 'berth instance join ssh://user@host.example'],
      },
    )
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
