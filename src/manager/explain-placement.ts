// A placement explained: before anything is placed, or from what is known of it.
import {requiredAttributes} from '../ecs/attributes.js'
import {InvalidInputError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {DaemonReach, Explanation, NextReplica} from '../model/explanation.js'
import {shellWord} from '../model/names.js'
import {matchId} from '../model/reference.js'
import {recordAt, type State, tasksOf, the} from '../model/state.js'
import {explainDaemon} from '../scheduling/daemons/explain-daemon.js'
import {explainRun} from '../scheduling/run.js'
import {explainNextReplica} from '../scheduling/services/next-replica.js'
import type {World} from '../world/world.js'
import {findDaemon} from './daemons.js'
import {placementOfRun, placementOfTask} from './kept-placements.js'
import {look} from './look.js'
import {PLACE_DEADLINE_MS} from './observe.js'
import type {KeptPlacement} from './past-placements.js'
import {clusterNamed} from './resolve.js'
import {runRequest, type RunTasksWanted} from './run-request.js'
import {findService} from './services.js'

export interface ExplainWanted {
  /** Its reference may be the id of a task too, where no family is called so. */
  readonly run: RunTasksWanted
  /** A task that was placed already: why it went there. */
  readonly task: string | undefined
  /** The id of a run that was placed, or refused, already. */
  readonly keptRun: string | undefined
  /** A service: where its next task would go. */
  readonly service: string | undefined
  /** A daemon: why each instance has a task of it, or none. */
  readonly daemon?: string | undefined
  /** Ask no host: as the state has it. */
  readonly cached: boolean
}

/** Of now, where there is no `placement`. */
export type Explained = ExplainedNow | (KeptPlacement & {readonly replica?: undefined; readonly daemon?: undefined})

interface ExplainedNow {
  readonly explanation: Explanation
  readonly placement?: undefined
  readonly replica?: NextReplica
  readonly daemon?: DaemonReach
}

/**
 * Why the next task of such a run, or of a service, would go where it would go, or nowhere, and why each instance has a task of a daemon or none, after a look at
 * all hosts; nothing is placed. Of a task or a run of before: what is known of its placement. Throws as `runTasks`, `findService`, `findDaemon`, `TaskNotFound`,
 * and `PlacementNotKept` where nothing is known.
 */
export async function explainPlacement(world: World, wanted: ExplainWanted): Promise<Explained> {
  const {daemon, keptRun, run, service} = wanted
  const workload = service ?? daemon
  if (workload !== undefined && run.reference !== undefined)
    throw twoNamed(run.reference, `--${service === undefined ? 'daemon' : 'service'} ${shellWord(workload)}`)
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, run.cluster)
  const task = wanted.task ?? taskMeant(state, cluster, run.reference)
  if (service !== undefined) return nextReplica(world, state, cluster, wanted, service)
  if (daemon !== undefined) return daemonReach(world, state, cluster, wanted, daemon)
  if (task !== undefined) return placementOfTask(world, state, cluster, task)
  if (keptRun !== undefined) return placementOfRun(world, cluster, keptRun)
  return nextOfRun(world, cluster, wanted)
}

async function nextOfRun(world: World, cluster: Cluster, {cached, run: wanted}: ExplainWanted): Promise<Explained> {
  const {seen, state} = await look(world, cluster, lookOf(cached))
  const {run} = await runRequest(world, state, cluster, {...wanted, dryRun: true})
  return {explanation: explainRun(state, seen, run, world.clock.now())}
}

async function nextReplica(world: World, recorded: State, cluster: Cluster, {cached}: ExplainWanted, named: string): Promise<Explained> {
  const {id} = findService(recorded, cluster, named)
  const {seen, state} = await look(world, cluster, lookOf(cached))
  return explainNextReplica(state, seen, the(state.services, id), requiredAttributes, world.clock.now())
}

async function daemonReach(world: World, recorded: State, cluster: Cluster, {cached}: ExplainWanted, named: string): Promise<Explained> {
  const {id} = findDaemon(recorded, cluster, named)
  const {seen, state} = await look(world, cluster, lookOf(cached))
  return explainDaemon(state, seen, the(state.daemons, id), requiredAttributes, world.clock.now())
}

function twoNamed(reference: string, workload: string): InvalidInputError {
  return new InvalidInputError(
    'InvalidUsage',
    'Name a task definition, or a service or daemon, not both: these say themselves what they run.',
    {
      suggestions: [`berth placement explain ${workload}`, `berth placement explain ${shellWord(reference)}`],
    },
  )
}

function lookOf(cached: boolean) {
  return cached ? undefined : {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true}
}

/** A task's ARN, its id, or a beginning of it that is a number in hex and no family's name. */
function taskMeant(state: State, cluster: Cluster, reference: string | undefined): string | undefined {
  if (reference === undefined) return undefined
  if (/^arn:[^/]*:task\//.test(reference)) return reference
  if (!/^[0-9a-f]{4,32}$/i.test(reference) || recordAt(state.families, reference)) return undefined
  if (reference.length === 32) return reference
  const ids = tasksOf(state, cluster.id).map(({id}) => id)
  return matchId(ids, reference)
}
