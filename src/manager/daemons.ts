// Use cases of daemons: deployed, changed, rolled back, deleted, shown.
import {createHash} from 'node:crypto'
import {requiredAttributes} from '../ecs/attributes.js'
import {InvalidInputError, NotFoundError} from '../errors.js'
import {canonicalJson} from '../model/canonical.js'
import type {Cluster} from '../model/cluster.js'
import {checkName, quoted} from '../model/names.js'
import {type Observation, unobserved} from '../model/observation.js'
import type {Plan} from '../model/plan.js'
import type {Daemon} from '../model/service.js'
import {daemonsOf, recordAt, type State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {type DeployWanted, planDeployDaemon} from '../scheduling/daemons/requests.js'
import type {DefinitionSource} from '../scheduling/definitions.js'
import {type RolloutProgress, rolloutProgress} from '../scheduling/services/progress.js'
import {planDeleteWorkload, planRollback} from '../scheduling/services/workload-requests.js'
import type {World} from '../world/world.js'
import {changeWorkload, untilSteady} from './change-workload.js'
import {type DefinitionText, readDefinition} from './definition-text.js'
import type {Done} from './done.js'
import {look} from './look.js'
import type {SourcesWanted} from './materials.js'
import {LIST_DEADLINE_MS} from './observe.js'
import {clusterNamed, nearest} from './resolve.js'
import {type DeployedSources, deployedMaterials, registeredSource} from './workload-materials.js'
import type {Manner} from './services.js'

/** Daemons, and the state in which they stand. */
export interface FoundDaemons {
  readonly state: State
  readonly cluster: Cluster
  readonly now: Instant
  readonly workloads: readonly Daemon[]
  /** How far each is, by id. */
  readonly progress: Readonly<Record<string, RolloutProgress>>
}

export interface DeployDaemonWanted extends Manner, Pick<DeployWanted, 'configuration' | 'defaults' | 'isForced' | 'settings'> {
  /** Absent: the family of the definition. */
  readonly name: string | undefined
  /** A file, a reference to what is registered, or what it runs already. */
  readonly definition: DefinitionText | string | undefined
  /** Must it be there already? */
  readonly isUpdate: boolean
  readonly sources: SourcesWanted
}

/** The daemon made or changed, and rolled out. Throws `DaemonNotFoundException`, and as `changeWorkload`. */
export async function deployDaemon(world: World, wanted: DeployDaemonWanted): Promise<Done<FoundDaemons>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const source = await sourceOf(wanted.definition)
  const name = checkName('daemon', wanted.name ?? familyOf(source))
  const known = wanted.isUpdate ? findDaemon(state, cluster, name) : daemonsOf(state, cluster.id).find((one) => one.name === name)
  const drawn = {daemonId: known?.id ?? world.ids.next(), deploymentId: world.ids.next()}
  const {configuration, defaults, isForced, settings, sources} = wanted
  const deploy = {...drawn, cluster, name, configuration, defaults, isForced, settings, by: world.why.by, ...(source ? {source} : {})}
  return change(world, cluster, wanted, {
    daemonId: drawn.daemonId,
    name,
    because: `deploy daemon ${name}`,
    request: (current, now) => planDeployDaemon(current, deploy, now),
    ...(source ? {deployed: {source, sources}} : {}),
  })
}

/** Back to the deployment that was completed last before this one. Throws `NothingToRollBackTo`, and as `changeWorkload`. */
export async function rollBackDaemon(world: World, wanted: Manner & {readonly name: string}): Promise<Done<FoundDaemons>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const {id, name} = findDaemon(state, cluster, wanted.name)
  const request = (current: State, now: Instant) => planRollback(current, {kind: 'daemon', id}, now)
  return change(world, cluster, wanted, {daemonId: id, name, because: `roll daemon ${name} back`, request})
}

/** After it the daemon is gone with its tasks. Throws `DaemonNotEmpty`, and as `changeWorkload`. */
export async function deleteDaemon(
  world: World,
  wanted: Manner & {readonly name: string; readonly force: boolean},
): Promise<Done<FoundDaemons>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const daemon = findDaemon(state, cluster, wanted.name)
  const {id, name} = daemon
  const done = await change(world, cluster, wanted, {
    daemonId: id,
    name,
    because: `delete daemon ${name}`,
    question: `Delete daemon ${name} and stop its tasks?`,
    request: (current) => planDeleteWorkload(current, {kind: 'daemon', id}, {force: wanted.force}),
  })
  return done.dryRun ? done : {...done, value: {...done.value, workloads: [{...daemon, status: 'DRAINING'}]}}
}

/** The daemons once each is steady; those named, or all of the cluster. Throws as `changeWorkload`. */
export async function waitForDaemons(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly names: readonly string[]; readonly timeoutSeconds: number},
): Promise<FoundDaemons> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const daemons = daemonsNamed(state, cluster, wanted.names)
  const underWay = new Set<string>()
  await Promise.all(
    daemons.map(async ({id, name}) => {
      await untilSteady(world, {cluster, kind: 'daemon', workloadId: id, name, timeoutSeconds: wanted.timeoutSeconds, underWay})
    }),
  )
  return found(
    world,
    cluster,
    daemons.map(({id}) => id),
  )
}

/** The daemons of the cluster by name, or those named, after a look at all hosts. Throws `DaemonNotFoundException`. */
export async function describeDaemons(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly names: readonly string[]; readonly cached: boolean},
): Promise<FoundDaemons> {
  const before = (await world.store.read()).state
  const cluster = await clusterNamed(world, before, wanted.cluster)
  daemonsNamed(before, cluster, wanted.names)
  const {seen, state} = await look(world, cluster, wanted.cached ? undefined : {deadlineMs: LIST_DEADLINE_MS})
  return foundDaemons(state, cluster, daemonsNamed(state, cluster, wanted.names), seen, world.clock.now())
}

interface DaemonChange {
  readonly daemonId: string
  readonly name: string
  readonly because: string
  readonly question?: string
  readonly request: (state: State, now: Instant) => Plan
  readonly deployed?: DeployedSources
}

async function change(world: World, cluster: Cluster, manner: Manner, wanted: DaemonChange): Promise<Done<FoundDaemons>> {
  const {detach, dryRun, timeoutSeconds} = manner
  const {daemonId: id, deployed, ...said} = wanted
  const materials = dryRun || detach || !deployed ? undefined : await deployedMaterials(world, deployed)
  const how = {cluster, kind: 'daemon', workloadId: id, detach, dryRun, timeoutSeconds} as const
  const done = await changeWorkload(world, {...how, ...said, ...(materials === undefined ? {} : {materials})})
  return done.dryRun ? done : {...done, value: await found(world, cluster, [id])}
}

async function found(world: World, cluster: Cluster, ids: readonly string[]): Promise<FoundDaemons> {
  const {state} = await world.store.read()
  const now = world.clock.now()
  return foundDaemons(
    state,
    cluster,
    ids.flatMap((id) => recordAt(state.daemons, id) ?? []),
    unobserved(now),
    now,
  )
}

function foundDaemons(state: State, cluster: Cluster, daemons: readonly Daemon[], seen: Observation, now: Instant): FoundDaemons {
  const progress = Object.fromEntries(daemons.map((daemon) => [daemon.id, rolloutProgress({state, seen, now, requiredAttributes}, daemon)]))
  return {state, cluster, now, workloads: daemons, progress}
}

function daemonsNamed(state: State, cluster: Cluster, names: readonly string[]): readonly Daemon[] {
  return names.length === 0 ? daemonsOf(state, cluster.id) : names.map((name) => findDaemon(state, cluster, name))
}

/** By name. Throws `DaemonNotFoundException` with the nearest name. */
export function findDaemon(state: State, cluster: Cluster, name: string): Daemon {
  const daemons = daemonsOf(state, cluster.id)
  const daemon = daemons.find((one) => one.name === name)
  if (daemon) return daemon
  throw new NotFoundError('DaemonNotFoundException', `Cluster ${quoted(cluster.name)} has no daemon ${quoted(name)}.`, {
    suggestions: [
      ...nearest(name, daemons).map((near) => `berth daemon describe ${near} -c ${cluster.name}`),
      `berth daemon list -c ${cluster.name}`,
    ],
  })
}

async function sourceOf(definition: DefinitionText | string | undefined): Promise<DefinitionSource | undefined> {
  if (definition === undefined) return undefined
  if (typeof definition === 'string') return registeredSource(definition)
  const {document} = await readDefinition(definition)
  const hash = createHash('sha256').update(canonicalJson(document)).digest('hex')
  return {kind: 'document', document, hash, ...(definition.folder === undefined ? {} : {folder: definition.folder})}
}

function familyOf(source: DefinitionSource | undefined): string {
  if (source) return source.kind === 'document' ? source.document.family : source.reference.family
  throw new InvalidInputError('MissingArgument', 'Name the daemon, or what it is to run.', {
    suggestions: ['berth daemon deploy agent.json'],
  })
}
