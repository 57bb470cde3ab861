// A change of one service or daemon, from its plan to where all runs as wanted: previewed, recorded, and rolled out before the command's eyes.
import {requiredAttributes} from '../ecs/attributes.js'
import {DeadlineError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {deploymentName} from '../model/deployment.js'
import {quoted} from '../model/names.js'
import type {Plan} from '../model/plan.js'
import type {Workload} from '../model/service.js'
import {overviewOf} from '../model/workload-records.js'
import {instancesOf, recordAt, type State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {type RolloutProgress, rolloutProgress, rolloutText} from '../scheduling/services/progress.js'
import type {Stage} from '../world/person.js'
import type {World} from '../world/world.js'
import type {Materials} from './definition-materials.js'
import type {Done} from './done.js'
import {withFirstStep} from './first-step.js'
import {handToEngines} from './healing.js'
import {observe, PLACE_DEADLINE_MS} from './observe.js'
import type {RoundsWanted} from './round.js'
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
    ...(wanted.dryRun ? {observe: (state: State) => observe(world, state, instancesOf(state, wanted.cluster.id), LOOK)} : {}),
    decide: (state, seen, now) => {
      const asked = wanted.request(state, now)
      return wanted.dryRun
        ? withFirstStep(world, {state, seen, now}, asked, {clusterId: wanted.cluster.id, only: new Set([wanted.workloadId])})
        : asked
    },
    dryRun: wanted.dryRun,
  })
  if (wanted.dryRun) return {dryRun: true, plan: settled.plan}
  for (const {said} of settled.plan.notes) world.reporter.note(said)
  const state = wanted.detach ? settled.state : await untilSteady(world, wanted)
  return {dryRun: false, plan: settled.plan, value: state}
}

export type WaitForWanted = Pick<ChangeWanted, 'cluster' | 'kind' | 'workloadId' | 'name' | 'timeoutSeconds' | 'materials'> &
  Pick<RoundsWanted, 'underWay'>

/** Keeps the workload until it is steady, or gone where it was deleted; returns the state then. Throws as `changeWorkload`. */
export async function untilSteady(world: World, wanted: WaitForWanted): Promise<State> {
  const deadline = world.clock.now() + wanted.timeoutSeconds * 1000
  const {state: before} = await world.store.read()
  const begunWith = workloadIn(before, wanted)?.deploymentId
  const tell = new Teller(world, before, wanted.workloadId)
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
        tell.progress(stage, wanted, round.state, progress)
        if (!progress.isSteady || !round.isQuiet) refuseLate(world, wanted, progress, deadline)
        return progress.isSteady || progress.isStalled
      },
    }),
  )
  await handToEngines(world, wanted.cluster, new Set([wanted.workloadId]))
  const {state} = await world.store.read()
  const workload = workloadIn(state, wanted)
  if (workload) refuseFailed(state, wanted, workload, begunWith)
  return state
}

/** What is said on the way: each event of the workload once, and on a terminal how far it is. */
class Teller {
  /** What was told before the command began is no news. */
  #last: number

  constructor(
    private readonly world: World,
    before: State,
    workloadId: string,
  ) {
    this.#last = newestEvent(before, workloadId)
  }

  progress(stage: Stage, {workloadId}: WaitForWanted, state: State, progress: RolloutProgress): void {
    stage.progress(rolloutText(progress))
    const events = overviewOf(state)(workloadId).events.filter(({number}) => number > this.#last)
    for (const {message} of events.toReversed()) this.world.reporter.note(message)
    this.#last = events[0]?.number ?? this.#last
  }
}

function newestEvent(state: State, workloadId: string): number {
  return overviewOf(state)(workloadId).events[0]?.number ?? 0
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

/** A deployment that the command began, or found, and that did not come to its end is no success. */
function refuseFailed(state: State, {cluster, kind, name}: WaitForWanted, workload: Workload, begunWith: string | undefined): void {
  const primary = recordAt(state.deployments, workload.deploymentId)
  const begun = begunWith === undefined ? undefined : recordAt(state.deployments, begunWith)
  const failed = primary?.rolloutState === 'FAILED' ? primary : begun?.rolloutState === 'FAILED' ? begun : undefined
  if (!failed) return
  const isBack = failed !== primary
  const result = isBack && primary ? `; ${kind} ${quoted(name)} runs ${primary.definitionId} again` : ''
  throw new DeadlineError(
    isBack ? 'DeploymentRolledBack' : 'DeploymentFailed',
    `Deployment ${deploymentName(failed.id)} of ${failed.definitionId} failed: ${failed.rolloutStateReason}${result}`,
    {suggestions: [`berth ${kind} events ${name} -c ${cluster.name}`, `berth task list --all -c ${cluster.name}`]},
  )
}
