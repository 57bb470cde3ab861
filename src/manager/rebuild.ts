// `state rebuild`: the state made anew from what the hosts of a cluster bear.
import {InvalidInputError, KnownError, StateError, UnreachableError} from '../errors.js'
import {type HostAddress, hostText, parseHost, type TlsFiles} from '../model/host-address.js'
import type {Instance, InstanceId} from '../model/instance.js'
import type {Note, Plan} from '../model/plan.js'
import {emptyState, type State} from '../model/state.js'
import {type RecordChange, recordsChanged} from '../model/state-changes.js'
import {type HostFound, identityOf} from '../tasks/found-host.js'
import {rebuilt} from '../tasks/rebuild.js'
import {within} from '../world/deadline.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {foundContainers} from './found-containers.js'
import {keepRecords} from './keep-records.js'
import {PLACE_DEADLINE_MS} from './observe.js'
import {settle} from './settle.js'
import {staged} from './staged.js'
import {damageOf} from './state.js'

export interface RebuildWanted {
  /** As typed; none: those of the instances that the state knows, or knew before it was damaged. */
  readonly hosts: readonly string[]
  readonly tls: TlsFiles | undefined
  readonly dryRun: boolean
}

export interface RebuiltState {
  readonly before: State
  readonly records: readonly RecordChange[]
  readonly revision: number
  readonly notes: readonly Note[]
}

/**
 * After it the state holds all that the hosts tell of their clusters besides what it held: clusters, instances, definitions, tasks. A state that cannot be read
 * is first made anew of what is whole of it, or begun again where nothing is; its damaged files are kept. Hosts that do not answer are told, and can be
 * named again later. Throws `MissingArgument` where no host is known, `UnreachableError` where none answers, `ClusterNameTaken`, `DeclinedError`.
 */
export async function rebuildState(world: World, wanted: RebuildWanted): Promise<Done<RebuiltState>> {
  const addresses = await addressesOf(world, wanted)
  const {found, notes} = await staged(world.reporter, `looking at ${addresses.length === 1 ? '1 host' : `${addresses.length} hosts`}`, () =>
    lookAt(world, addresses),
  )
  const damage = await damageOf(world)
  const decide = (state: State) => planRebuild(state, found, notes, world.clock.now())
  if (damage) {
    const base = await newestWhole(world)
    const plan = withRecovery(decide(base ?? emptyState('')), damage, base)
    if (wanted.dryRun) return {dryRun: true, plan}
    await world.person.confirm(plan, 'Put the damaged files aside, and make the state anew?')
    await world.store.recover({...world.why, because: `recovered, since ${damage.message}`}, base ? 'newest' : 'nothing')
  }
  const before = (await world.store.read()).state
  const because = `rebuild the state from ${addresses.map(hostText).join(', ')}`
  const settled = await settle(world, {because, decide, dryRun: wanted.dryRun})
  // Volumes that nothing runs on are pruned easily: each host bears its mark and its records again.
  const identities = found.flatMap((host) => identityOf(host)?.instanceId ?? [])
  if (!wanted.dryRun) await keepRecords(world, identities, {anew: true})
  const {plan, state} = settled
  return done(settled, wanted.dryRun, () => ({before, records: recordsChanged(before, state), revision: state.revision, notes: plan.notes}))
}

function planRebuild(state: State, found: readonly HostFound[], silent: readonly Note[], now: number): Plan {
  const made = rebuilt(state, found, now)
  const records = recordsChanged(state, made.state)
  const because = `${found.length === 1 ? 'a host tells' : `${found.length} hosts tell`} so`
  return {actions: records.length === 0 ? [] : [{kind: 'rebuildState', records, because}], notes: [...silent, ...made.notes], refusals: []}
}

async function addressesOf(world: World, {hosts, tls}: RebuildWanted): Promise<readonly HostAddress[]> {
  if (hosts.length > 0) {
    const addresses = await Promise.all(
      hosts.map((host) => world.hosts.resolve(parseHost(host, host.startsWith('tcp://') ? tls : undefined))),
    )
    return [...new Map(addresses.map((address) => [hostText(address), address])).values()]
  }
  const known = await knownInstances(world)
  if (known.length > 0) return known.map(({address}) => address)
  throw new InvalidInputError('MissingArgument', 'The state knows no instance: name the hosts whose clusters it is to know.', {
    suggestions: ['berth state rebuild --hosts ssh://deploy@db1.example,ssh://deploy@web1.example'],
  })
}

/** The instances of the state; where it cannot be read those that its history still tells of. */
async function knownInstances({store}: World): Promise<readonly Instance[]> {
  try {
    return Object.values((await store.read()).state.instances)
  } catch (error) {
    if (!(error instanceof StateError)) throw error
  }
  const told = new Map<InstanceId, Instance>()
  for (const {records} of await store.history())
    for (const {id, record, table} of records)
      if (table === 'instances') record === null ? told.delete(id) : told.set(id, record as Instance)
  return [...told.values()]
}

/** What each host bears, in the order of the addresses, and who did not answer. Throws the first host's error where none does. */
async function lookAt(
  world: World,
  addresses: readonly HostAddress[],
): Promise<{readonly found: readonly HostFound[]; readonly notes: readonly Note[]}> {
  const looks = await Promise.all(addresses.map((address) => lookAtHost(world, address)))
  const found = looks.filter((look): look is HostFound => !(look instanceof KnownError))
  const failures = looks.flatMap((look, index) => {
    const address = addresses[index]
    return look instanceof KnownError && address ? [{address, error: look}] : []
  })
  const [first] = failures
  if (first && found.length === 0) throw first.error
  return {
    found,
    notes: failures.map(({address, error}) => ({said: `${hostText(address)} did not answer, so its tasks are not told: ${error.message}`})),
  }
}

async function lookAtHost(world: World, address: HostAddress): Promise<HostFound | KnownError> {
  const {present} = world.person
  try {
    // A person who types a passphrase is no slow host.
    const engine = await world.engines.open(
      address,
      {interactive: present},
      present ? world.signal : within(world.signal, PLACE_DEADLINE_MS),
    )
    const signal = within(world.signal, PLACE_DEADLINE_MS)
    const [facts, marks, kept, listed] = await Promise.all([
      engine.facts(signal),
      engine.marks(signal),
      engine.keptRecords(signal),
      engine.list(signal),
    ])
    const owned = listed.filter(({owner}) => owner !== undefined)
    return {address, facts, marks, kept, containers: await foundContainers(engine, owned, signal)}
  } catch (error) {
    world.signal.throwIfAborted()
    if (error instanceof KnownError) return error
    if (!(error instanceof Error && error.name === 'TimeoutError')) throw error
    return new UnreachableError('HostSilent', `${hostText(address)} did not answer within ${PLACE_DEADLINE_MS / 1000} s.`, {cause: error})
  }
}

/** The newest state that the damaged files still tell; `undefined` where they tell nothing. */
async function newestWhole({store}: World): Promise<State | undefined> {
  try {
    return await store.at((await store.history()).at(-1)?.revision ?? 0)
  } catch (error) {
    if (error instanceof KnownError) return undefined
    throw error
  }
}

function withRecovery({actions, ...plan}: Plan, {message}: StateError, base: State | undefined): Plan {
  const first = {kind: 'restoreState', revision: base?.revision ?? 0, records: [], because: message, destructive: true} as const
  return {
    ...plan,
    actions: [first, ...actions],
    notes: [{said: 'the files that cannot be read are kept beside the state, as .damaged'}, ...plan.notes],
  }
}
