// Placements of before: those of runs, as they were kept, and beside them those of services and daemons.
import {NotFoundError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {quoted} from '../model/names.js'
import {unobserved} from '../model/observation.js'
import type {PlacementRequest} from '../model/placement.js'
import type {PlacementRecord, ToldPlacement} from '../model/placement-record.js'
import {matchId} from '../model/reference.js'
import {compareText, type State, tasksOf} from '../model/state.js'
import type {Task} from '../model/task.js'
import {documentOfNeed} from '../model/task-definition.js'
import {explain} from '../placement/explain.js'
import {buildFleet} from '../placement/fleet.js'
import type {World} from '../world/world.js'
import {type KeptPlacement, pastPlacement, pastPlacements} from './past-placements.js'
import {clusterNamed, findTask} from './resolve.js'

/** So many placements are listed. */
const MOST_LISTED = 1000

/** The placements of the cluster that can be told, the newest first; `refused`: only those where a task found no place. */
export async function listPlacements(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly refused: boolean},
): Promise<readonly ToldPlacement[]> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  const runs = (await keptOf(world, cluster)).map((record) => ({by: 'run', ...record}))
  if (wanted.refused) return runs.filter(({refusedCount}) => refusedCount > 0)
  return [...runs, ...(await pastPlacements(world, cluster))].sort((a, b) => compareText(b.at, a.at)).slice(0, MOST_LISTED)
}

/** Why a task went where it went. Throws `TaskNotFound`, and `PlacementNotKept` where nothing is known of it. */
export async function placementOfTask(world: World, state: State, cluster: Cluster, text: string): Promise<KeptPlacement> {
  const id = matchId(
    tasksOf(state, cluster.id).map((task) => task.id),
    text,
  )
  const task = id === undefined ? undefined : state.tasks[id]
  const placement = task && task.workload === undefined ? await world.placements.of(task.id) : undefined
  if (placement && task) return withTable(world, placement, task)
  const past = await pastPlacement(world, cluster, task?.id ?? text, {isFirst: false})
  if (past) return past
  const {definitionId, workload} = findTask(state, cluster, text)
  const why = workload === undefined ? 'the newest thousand runs are' : 'the history of the state does not go back so far'
  throw new NotFoundError('PlacementNotKept', `Nothing is kept of the placement of task ${id}: ${why}.`, {
    suggestions: [
      workload?.kind === 'service'
        ? `berth placement explain --service ${workload.name} -c ${cluster.name}`
        : `berth placement explain ${definitionId} -c ${cluster.name}`,
    ],
  })
}

/** Of a run, or of what a service or a daemon had started at once. Throws `PlacementNotKept`. */
export async function placementOfRun(world: World, cluster: Cluster, text: string): Promise<KeptPlacement> {
  const kept = await keptOf(world, cluster)
  const id = matchId(
    kept.map(({runId}) => runId),
    text,
  )
  const placement = kept.find(({runId}) => runId === id)
  if (placement) return withTable(world, placement)
  const past = await pastPlacement(world, cluster, text, {isFirst: true})
  if (past) return past
  throw new NotFoundError(
    'PlacementNotKept',
    `Nothing is kept of a run ${quoted(text)} on cluster "${cluster.name}": the newest thousand runs are.`,
    {
      suggestions: [`berth placement list -c ${cluster.name}`],
    },
  )
}

async function withTable({store}: World, placement: PlacementRecord, task?: Task): Promise<KeptPlacement> {
  const kept: KeptPlacement = {placement: {by: 'run', ...placement}, ...(task ? {taskId: task.id} : {})}
  const {asked, clusterId, constraints, definitionId, group, stateRevision} = placement
  if (!asked || stateRevision === undefined) return kept
  try {
    const state = await store.at(stateRevision)
    const request: PlacementRequest = {
      document: documentOfNeed(definitionId, asked.need),
      count: 1,
      group,
      constraints,
      strategies: asked.strategies,
      requiredAttributes: asked.attributes,
      seed: asked.seed,
      ...(asked.recentFailures ? {recentFailures: asked.recentFailures} : {}),
    }
    const {candidates} = buildFleet(state, clusterId, unobserved(0))
    const meant = candidates.filter(({instance}) => asked.onInstances?.includes(instance.id) ?? true)
    return {...kept, explanation: explain(request, {candidates: meant})}
  } catch (error) {
    // So long ago that only what was kept of it can be told.
    if (error instanceof NotFoundError) return kept
    throw error
  }
}

async function keptOf(world: World, cluster: Cluster): Promise<readonly PlacementRecord[]> {
  return (await world.placements.list()).filter(({clusterId}) => clusterId === cluster.id)
}
