// A what-if over the instances that there are, or over some that are only described.
import {requiredAttributes} from '../ecs/attributes.js'
import type {Cluster} from '../model/cluster.js'
import {parseDefinitionReference} from '../model/reference.js'
import type {DescribedTasks} from '../model/scenario.js'
import type {DescribedInstances} from '../model/simulated-instances.js'
import type {Simulation} from '../model/simulation.js'
import {instancesOf, type State} from '../model/state.js'
import {documentOfNeed, type TaskDefinitionDocument} from '../model/task-definition.js'
import {buildFleet} from '../placement/fleet.js'
import {type NamedRequest, simulate} from '../placement/simulate.js'
import {definitionFor} from '../scheduling/definitions.js'
import {ownConstraints, requestOf} from '../scheduling/run.js'
import {type Settlements, settlementsOf} from '../scheduling/settlements.js'
import {unobserved} from '../model/observation.js'
import type {World} from '../world/world.js'
import {describedState, imaginedCluster} from './imagined-cluster.js'
import {type Look, look} from './look.js'
import {PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed, findInstance} from './resolve.js'
import {runRequest, type RunTasksWanted} from './run-request.js'

export interface SimulateWanted {
  /** With a count of 0 and nothing named nothing is placed: only losses are asked for. */
  readonly run: RunTasksWanted
  /** In place of the cluster's own; no host is asked then. */
  readonly described: readonly DescribedInstances[]
  /** In place of the run. */
  readonly tasks: readonly DescribedTasks[]
  /** Names of instances to take away; `any`: each of them in turn. */
  readonly lose: readonly string[] | 'any'
  readonly balance: string | undefined
  /** Ask no host: as the state has it. */
  readonly cached: boolean
}

/** Nothing is placed. Throws as `runTasks`; of tasks that are described, as `definitionFor`. */
export async function simulatePlacement(world: World, wanted: SimulateWanted): Promise<Simulation> {
  const {balance, described, lose, run, tasks} = wanted
  const {state: recorded} = await world.store.read()
  // Instances that are only described need no cluster.
  const isImagined = described.length > 0 && run.cluster === undefined
  const cluster = isImagined ? imaginedCluster(world.clock.now()) : await clusterNamed(world, recorded, run.cluster)
  const {seen, state} = await stage(world, recorded, cluster, wanted)
  const requests = tasks.length > 0 ? describedRequests(state, world, run, tasks) : await runNamed(world, state, cluster, run)
  const instances = instancesOf(state, cluster.id)
  const lost = lose === 'any' ? instances.map(({id}) => id) : lose.map((name) => findInstance(state, cluster, name).id)
  return simulate(buildFleet(state, cluster.id, seen), {
    requests,
    ...(lost.length === 0 ? {settled: []} : await settlements(world, {seen, state}, cluster)),
    lose: lost,
    ...(balance === undefined ? {} : {balance}),
  })
}

async function stage(world: World, recorded: State, cluster: Cluster, {cached, described}: SimulateWanted): Promise<Look> {
  const now = world.clock.now()
  return described.length > 0
    ? {state: describedState(recorded, cluster, described, now), seen: unobserved(now)}
    : look(world, cluster, cached ? undefined : {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true})
}

async function runNamed(world: World, state: State, cluster: Cluster, wanted: RunTasksWanted): Promise<readonly NamedRequest[]> {
  if (wanted.count === 0 && wanted.reference === undefined && wanted.image === undefined) return []
  const {run} = await runRequest(world, state, cluster, {...wanted, dryRun: true})
  const {definition, request} = requestOf(state, run, world.clock.now())
  return [{named: definition.id, request}]
}

/** What each says, with the constraints and strategies of the command line where it has none of its own. */
function describedRequests(
  state: State,
  world: World,
  {clientToken, constraints, strategies}: RunTasksWanted,
  tasks: readonly DescribedTasks[],
): readonly NamedRequest[] {
  return tasks.map((one, index) => {
    const document =
      one.definition === undefined
        ? documentOfNeed(one.name, {...one, udpPorts: [], gpuCount: 0})
        : registeredDocument(state, world, one.definition)
    return {
      named: one.name,
      request: {
        document,
        count: one.count,
        group: one.group ?? `family:${document.family}`,
        constraints: [...ownConstraints(document), ...(one.constraints.length > 0 ? one.constraints : constraints)],
        strategies: one.strategies.length > 0 ? one.strategies : strategies,
        requiredAttributes: requiredAttributes(document),
        seed: `${clientToken ?? 'simulated'} ${index}`,
      },
    }
  })
}

function registeredDocument(state: State, world: World, reference: string): TaskDefinitionDocument {
  const source = {kind: 'registered', reference: parseDefinitionReference(reference)} as const
  return definitionFor(state, source, world.clock.now()).definition.document
}

/** What is known of the constraints of runs whose placement is kept. */
async function settlements(world: World, {seen, state}: Look, cluster: Cluster): Promise<Settlements> {
  const runConstraints = new Map((await world.placements.list()).flatMap((record) => record.tasks.map(({id}) => [id, record.constraints])))
  return settlementsOf(state, seen, {clusterId: cluster.id, requiredAttributes, runConstraints}, world.clock.now())
}
