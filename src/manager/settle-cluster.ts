// Once, for all services and daemons of a cluster: whatever lacks is started and whatever is too much is stopped, until all is as it is wanted. For cron and CI.
import {requiredAttributes} from '../ecs/attributes.js'
import {DeadlineError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {quoted} from '../model/names.js'
import {NOTHING_PLANNED} from '../model/plan.js'
import type {Workload} from '../model/service.js'
import {daemonsOf, instancesOf, servicesOf, type State} from '../model/state.js'
import {overviewOf, isService} from '../model/workload-records.js'
import {reconcile} from '../scheduling/reconcile.js'
import {type RolloutProgress, rolloutProgress, rolloutText} from '../scheduling/services/progress.js'
import type {World} from '../world/world.js'
import type {Done} from './done.js'
import {observe, PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed} from './resolve.js'
import {keepRounds, type Round} from './rounds.js'
import {AS_DEFINED, definedMaterials} from './service-materials.js'
import {staged} from './staged.js'
import type {FoundServices} from './services.js'

export interface SettleClusterWanted {
  readonly cluster: string | undefined
  readonly timeoutSeconds: number
  readonly dryRun: boolean
  /** Definitions may have programs run and files read here for their secrets. */
  readonly allowClientSecrets: boolean
}

interface Standing {
  readonly workload: Workload
  readonly progress: RolloutProgress
}

const FULL_LOOK_EVERY_MS = 5000

/**
 * The services once each of them is steady. Throws `ClusterNotSteady`, which names those that are not: as soon as nothing goes on any more, and after the timeout. On a
 * dry run the first step of it.
 */
export async function settleCluster(world: World, wanted: SettleClusterWanted): Promise<Done<FoundServices>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  if (wanted.dryRun) return {dryRun: true, plan: await firstStep(world, state, cluster)}
  const last = await settleAll(world, cluster, wanted)
  const services = servicesOf(last.state, cluster.id)
  const progress = Object.fromEntries(standingIn(last, cluster).map((one) => [one.workload.id, one.progress]))
  return {dryRun: false, plan: NOTHING_PLANNED, value: {state: last.state, cluster, now: last.now, services, progress}}
}

async function firstStep(world: World, state: State, cluster: Cluster) {
  const seen = await observe(world, state, instancesOf(state, cluster.id), {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true})
  return reconcile(state, seen, {clusterId: cluster.id, requiredAttributes}, world.clock.now()).plan
}

/** The last round. */
async function settleAll(world: World, cluster: Cluster, {allowClientSecrets, timeoutSeconds}: SettleClusterWanted): Promise<Round> {
  const deadline = world.clock.now() + timeoutSeconds * 1000
  let last: Round | undefined
  await staged(world.reporter, `cluster ${cluster.name}`, (stage) =>
    keepRounds(world, {
      cluster,
      because: `settle cluster ${cluster.name}`,
      materials: definedMaterials(world, {...AS_DEFINED, allowClientSecrets}),
      fullLookEveryMs: FULL_LOOK_EVERY_MS,
      isOver: (round) => {
        last = round
        const left = standingIn(round, cluster).filter(({progress}) => !progress.isSteady)
        stage.progress(left.map(lineOf).join('; '))
        const isStuck = round.isQuiet && left.every(({progress}) => progress.isStalled)
        if (left.length > 0 && (isStuck || round.now >= deadline)) throw notSteady(round, cluster, left, timeoutSeconds)
        return left.length === 0
      },
    }),
  )
  if (!last) throw new Error('The loop ended without a round.')
  return last
}

/** Each that is kept, those that are deleted and wind up included. */
function standingIn({now, seen, state}: Round, {id}: Cluster): readonly Standing[] {
  return [...servicesOf(state, id), ...daemonsOf(state, id)].map((workload) => ({
    workload,
    progress: rolloutProgress(state, workload, seen, now),
  }))
}

function lineOf({progress, workload}: Standing): string {
  return `${kindOf(workload)} ${workload.name}: ${rolloutText(progress)}`
}

function kindOf(workload: Workload): 'service' | 'daemon' {
  return isService(workload) ? 'service' : 'daemon'
}

/** Each with what was told last that is in its way, or else with the last that was told of it. */
function notSteady({state}: Round, {name}: Cluster, left: readonly Standing[], timeoutSeconds: number): DeadlineError {
  const overview = overviewOf(state)
  const lines = left.map((one) => {
    const {events} = overview(one.workload.id)
    const event = events.find(({message}) => message.includes(' was unable to ')) ?? events[0]
    return `${lineOf(one)}${event === undefined ? '' : `; ${event.message}`}`
  })
  const stuck = left.every(({progress}) => progress.isStalled)
  const head = stuck
    ? `Cluster ${quoted(name)} is not steady, and nothing goes on by itself`
    : `After ${timeoutSeconds} s cluster ${quoted(name)} is not steady`
  return new DeadlineError('ClusterNotSteady', `${head}:\n${lines.join('\n')}`, {
    suggestions: left.slice(0, 3).map(({workload}) => `berth ${kindOf(workload)} describe ${workload.name} -c ${name}`),
  })
}
