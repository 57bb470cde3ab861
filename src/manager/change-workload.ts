// A change of one service or daemon, from its plan to where all runs as wanted: previewed, recorded, and rolled out before the command's eyes.
import {requiredAttributes} from '../ecs/attributes.js'
import {DeadlineError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {DeploymentId} from '../model/deployment.js'
import type {Observation} from '../model/observation.js'
import {holdsResources} from '../model/task.js'
import {overviewOf} from '../model/workload-records.js'
import {quoted} from '../model/names.js'
import type {Plan} from '../model/plan.js'
import type {Workload} from '../model/service.js'
import {instancesOf, recordAt, type State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {completedFirst} from '../scheduling/completion.js'
import {type RolloutProgress, rolloutProgress, rolloutText} from '../scheduling/services/progress.js'
import type {World} from '../world/world.js'
import type {Materials} from './definition-materials.js'
import type {Done} from './done.js'
import {refuseFailed} from './failed-deployment.js'
import {withFirstStep} from './first-step.js'
import {handToEngines} from './healing.js'
import {LIST_DEADLINE_MS, observe, PLACE_DEADLINE_MS} from './observe.js'
import type {RoundsWanted} from './round.js'
import {RolloutTeller} from './rollout-teller.js'
import {keepRounds} from './rounds.js'
import {settle} from './settle.js'
import {staged} from './staged.js'

export interface ChangeWanted {
  readonly cluster: Cluster
  readonly kind: 'service' | 'daemon'
  readonly workloadId: string
  readonly name: string
  readonly because: string
  readonly question?: string
  /** Pure: what a person asks for. */
  readonly request: (state: State, now: Instant) => Plan
  /** Only record it: whoever settles next carries it out. */
  readonly detach: boolean
  readonly dryRun: boolean
  readonly timeoutSeconds: number
  readonly materials?: Materials
}

/** A look at all hosts at least as often while a person waits. */
const FULL_LOOK_EVERY_MS = 5000

const LOOK = {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true}

/**
 * The state once the workload runs as it is wanted: one deployment, and as many tasks as it shall have. On a dry run the plan, with its first step on the hosts. Throws
 * `DeploymentFailed` and `DeploymentRolledBack` where the circuit breaker trips, `NotSteadyInTime` after the timeout; what was recorded stands, and goes on.
 */
export async function changeWorkload(world: World, wanted: ChangeWanted): Promise<Done<State>> {
  const settled = await settle(world, {
    about: wanted.cluster.id,
    because: wanted.because,
    ...(wanted.question === undefined ? {} : {question: wanted.question}),
    observe: (state) => lookBefore(world, state, wanted),
    decide: (state, seen, now) => {
      const scope = {clusterId: wanted.cluster.id, only: new Set([wanted.workloadId]), requiredAttributes}
      const asked = completedFirst({state, seen, now}, wanted.request, scope)
      return wanted.dryRun ? withFirstStep(world, {state, seen, now}, asked, scope) : asked
    },
    dryRun: wanted.dryRun,
  })
  if (wanted.dryRun) return {dryRun: true, plan: settled.plan}
  for (const {said} of settled.plan.notes) world.reporter.note(said)
  const begun = settled.plan.actions.find(({kind}) => kind === 'beginDeployment')
  const begunWith = begun?.kind === 'beginDeployment' ? begun.deployment.id : undefined
  const state = wanted.detach ? settled.state : await untilSteady(world, wanted, begunWith)
  return {dryRun: false, plan: settled.plan, value: state}
}

/** Of a deployment under way the hosts of its tasks: what is recorded may be long past. For a dry run all of the cluster. */
function lookBefore(world: World, state: State, {cluster, dryRun, kind, workloadId}: ChangeWanted): Promise<Observation> {
  const instances = instancesOf(state, cluster.id)
  if (dryRun) return observe(world, state, instances, LOOK)
  const workload = workloadIn(state, {kind, workloadId})
  const isUnderWay = workload !== undefined && recordAt(state.deployments, workload.deploymentId)?.rolloutState === 'IN_PROGRESS'
  const hosts = new Set(
    isUnderWay
      ? overviewOf(state)(workloadId)
          .tasks.filter(holdsResources)
          .map(({instanceId}) => instanceId)
      : [],
  )
  return observe(
    world,
    state,
    instances.filter(({id}) => hosts.has(id)),
    {deadlineMs: LIST_DEADLINE_MS},
  )
}

export type WaitForWanted = Pick<ChangeWanted, 'cluster' | 'kind' | 'workloadId' | 'name' | 'timeoutSeconds' | 'materials'> &
  Pick<RoundsWanted, 'underWay'>

/** Keeps the workload until it is steady, or gone where it was deleted; returns the state then. `begun`: the deployment that was begun for it. Throws as `changeWorkload`. */
export async function untilSteady(world: World, wanted: WaitForWanted, begun?: DeploymentId): Promise<State> {
  const deadline = world.clock.now() + wanted.timeoutSeconds * 1000
  const {state: before} = await world.store.read()
  // By now a controller may have gone back from it already.
  const begunWith = begun ?? workloadIn(before, wanted)?.deploymentId
  const teller = new RolloutTeller(world, before, wanted.workloadId)
  await staged(world.reporter, `${wanted.kind} ${wanted.name}`, (stage) =>
    keepRounds(world, {
      cluster: wanted.cluster,
      only: new Set([wanted.workloadId]),
      because: `keep ${wanted.kind} ${wanted.name}`,
      fullLookEveryMs: FULL_LOOK_EVERY_MS,
      ...(wanted.materials === undefined ? {} : {materials: wanted.materials}),
      ...(wanted.underWay === undefined ? {} : {underWay: wanted.underWay}),
      isOver: (round) => {
        const workload = workloadIn(round.state, wanted)
        if (!workload) return true
        const progress = rolloutProgress({...round, requiredAttributes}, workload)
        teller.tell(stage, round, progress)
        if (!progress.isSteady || !round.isQuiet) refuseLate(world, wanted, progress, deadline)
        return progress.isSteady || progress.isStalled
      },
    }),
  )
  await handToEngines(world, wanted.cluster, new Set([wanted.workloadId]))
  const {state} = await world.store.read()
  const workload = workloadIn(state, wanted)
  if (workload) await refuseFailed(world, state, wanted, workload, begunWith)
  return state
}

function workloadIn({daemons, services}: State, {kind, workloadId}: Pick<WaitForWanted, 'kind' | 'workloadId'>): Workload | undefined {
  return kind === 'service' ? recordAt(services, workloadId) : recordAt(daemons, workloadId)
}

function refuseLate(
  world: World,
  {cluster, kind, name, timeoutSeconds}: WaitForWanted,
  progress: RolloutProgress,
  deadline: Instant,
): void {
  if (world.clock.now() < deadline) return
  throw new DeadlineError(
    'NotSteadyInTime',
    `After ${timeoutSeconds} s ${kind} ${quoted(name)} is not steady: ${rolloutText(progress)}. What was asked for stands, and goes on with the next command.`,
    {
      suggestions: [
        `berth ${kind} describe ${name} -c ${cluster.name}`,
        ...(isLacking(progress) ? [`berth placement explain --${kind} ${name} -c ${cluster.name}`] : []),
        `berth ${kind} wait ${name} -c ${cluster.name}`,
      ],
    },
  )
}

/** Have tasks found no place, perhaps? */
function isLacking({desiredCount, pendingCount, runningCount}: RolloutProgress): boolean {
  return runningCount + pendingCount < desiredCount
}
