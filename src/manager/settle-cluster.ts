// Services and daemons of a whole cluster carried on once, until all of them are as they should be or nothing more can be done: for cron, for CI, and after a join.
import {obstacleIn} from '../scheduling/services/events.js'
import {requiredAttributes} from '../ecs/attributes.js'
import {DeadlineError, KnownError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {quoted} from '../model/names.js'
import type {Workload} from '../model/service.js'
import {daemonsOf, instancesOf, servicesOf, type State} from '../model/state.js'
import {reconcile} from '../scheduling/reconcile.js'
import {type RolloutProgress, rolloutProgress, rolloutText} from '../scheduling/services/progress.js'
import {isService, overviewOf, type WorkloadRecords} from '../model/workload-records.js'
import type {Instant} from '../model/time.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {handToEngines} from './healing.js'
import {observe, PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed} from './resolve.js'
import type {Round} from './round.js'
import {keepRounds} from './rounds.js'
import {settle} from './settle.js'
import {staged} from './staged.js'

export interface SettleClusterWanted {
  readonly cluster: string | undefined
  readonly timeoutSeconds: number
  readonly allowClientSecrets: boolean
  readonly dryRun: boolean
}

/** The services and daemons of a cluster that was settled, with how each stands. */
export interface SettledCluster {
  readonly state: State
  readonly cluster: Cluster
  readonly now: Instant
  readonly workloads: readonly Workload[]
  readonly progress: Readonly<Record<string, RolloutProgress>>
}

const FULL_LOOK_EVERY_MS = 5000
const LOOK = {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true}

/** Nobody waits longer for what a join brings with it. */
const AFTER_JOIN_MS = 30_000

/** After it each of them is steady. Throws `ClusterNotSteady`, naming those that are not, as soon as nothing but the passing of time is left, or after the timeout. */
export async function settleCluster(world: World, wanted: SettleClusterWanted): Promise<Done<SettledCluster>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  if (wanted.dryRun) {
    const settled = await settle(world, {
      because: `settle cluster ${cluster.name}`,
      observe: (current) => observe(world, current, instancesOf(current, cluster.id), LOOK),
      decide: (current, seen, now) => reconcile(current, seen, {clusterId: cluster.id, requiredAttributes}, now).plan,
      dryRun: true,
    })
    return done(settled, true, () => settledOf(world, cluster, settled.state))
  }
  const deadline = world.clock.now() + wanted.timeoutSeconds * 1000
  await staged(world.reporter, `settling cluster ${cluster.name}`, () =>
    keepRounds(world, {
      cluster,
      because: `settle cluster ${cluster.name}`,
      fullLookEveryMs: FULL_LOOK_EVERY_MS,
      allowClientSecrets: wanted.allowClientSecrets,
      isOver: (round) => round.now >= deadline || isOver(settledOf(world, cluster, round.state, round), round),
    }),
  )
  return {dryRun: false, plan: {actions: [], notes: [], refusals: []}, value: await ended(world, cluster)}
}

async function ended(world: World, cluster: Cluster): Promise<SettledCluster> {
  await handToEngines(world, cluster)
  const settled = settledOf(world, cluster, (await world.store.read()).state)
  const unsteady = settled.workloads.filter(({id}) => settled.progress[id]?.isSteady === false)
  if (unsteady.length === 0) return settled
  const overview = overviewOf(settled.state)
  const told = unsteady.map((one) => `${nounOf(one)} ${one.name}: ${textOf(settled.progress[one.id])}${whyNot(overview(one.id))}`)
  throw new DeadlineError('ClusterNotSteady', `Not all of cluster ${quoted(cluster.name)} is steady:\n${told.join('\n')}`, {
    suggestions: unsteady.slice(0, 2).map((one) => `berth ${nounOf(one)} describe ${one.name} -c ${cluster.name}`),
  })
}

/** What was told last that is in its way, or else the last that was told of it. */
function whyNot({events}: WorkloadRecords): string {
  const message = obstacleIn(events) ?? events[0]?.message
  return message === undefined ? '' : `; ${message}`
}

/** Is all steady, or can what is not go on by nothing that is under way? */
function isOver({progress, workloads}: SettledCluster, {isQuiet, wakeAt}: Round): boolean {
  const unsteady = workloads.filter(({id}) => progress[id]?.isSteady === false)
  if (unsteady.length === 0) return true
  return isQuiet && wakeAt === undefined && unsteady.every(({id}) => !isWaiting(progress[id]))
}

/** For a start, a stop or a health check that is under way. */
function isWaiting(progress: RolloutProgress | undefined): boolean {
  if (!progress) return false
  const {healthyCount, pendingCount, runningCount, stoppingCount} = progress
  return pendingCount + stoppingCount > 0 || healthyCount < runningCount
}

function settledOf(world: World, cluster: Cluster, state: State, round?: Pick<Round, 'seen'>): SettledCluster {
  const now = world.clock.now()
  const seen = round?.seen ?? {at: now, instances: {}}
  const workloads = [...daemonsOf(state, cluster.id), ...servicesOf(state, cluster.id)]
  const progress = workloads.map((one) => [one.id, rolloutProgress({state, seen, now, requiredAttributes}, one)] as const)
  return {state, cluster, now, workloads, progress: Object.fromEntries(progress)}
}

function nounOf(workload: Workload): 'daemon' | 'service' {
  return isService(workload) ? 'service' : 'daemon'
}

function textOf(progress: RolloutProgress | undefined): string {
  return progress ? rolloutText(progress) : 'unknown'
}

/** After it an instance that has just joined, or is ACTIVE again, has its daemons, as far as that is done at once: what is not is only noted. */
export async function settleDaemons(world: World, cluster: Cluster): Promise<void> {
  const daemons = daemonsOf((await world.store.read()).state, cluster.id)
  if (daemons.length === 0) return
  const only = new Set(daemons.map(({id}) => id))
  const deadline = world.clock.now() + AFTER_JOIN_MS
  try {
    await keepRounds(world, {
      cluster,
      only,
      because: `keep the daemons of cluster ${cluster.name}`,
      fullLookEveryMs: FULL_LOOK_EVERY_MS,
      isOver: ({isQuiet, now, seen, state}) =>
        now >= deadline ||
        (isQuiet &&
          daemonsOf(state, cluster.id).every((one) => rolloutProgress({state, seen, now, requiredAttributes}, one).pendingCount === 0)),
    })
    await handToEngines(world, cluster, only)
  } catch (error) {
    if (!(error instanceof KnownError) || world.signal.aborted) throw error
    world.reporter.note(`the daemons of cluster ${cluster.name} are not settled: ${error.message}`)
  }
}
