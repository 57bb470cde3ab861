// A placement explained: before anything is placed, or from what was kept of it.
import {NotFoundError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Explanation} from '../model/explanation.js'
import {quoted} from '../model/names.js'
import {unobserved} from '../model/observation.js'
import type {PlacementRequest} from '../model/placement.js'
import type {PlacementRecord} from '../model/placement-record.js'
import {matchId} from '../model/reference.js'
import type {Task, TaskId} from '../model/task.js'
import {documentOfNeed} from '../model/task-definition.js'
import {explain} from '../placement/explain.js'
import {buildFleet} from '../placement/fleet.js'
import {explainRun} from '../scheduling/run.js'
import type {World} from '../world/world.js'
import {look} from './look.js'
import {PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed, findTask} from './resolve.js'
import {runRequest, type RunTasksWanted} from './run-request.js'

export interface ExplainWanted {
  readonly run: RunTasksWanted
  /** A task that was placed already: why it went there. */
  readonly task: string | undefined
  /** The id of a run that was placed, or refused, already. */
  readonly keptRun: string | undefined
  /** Ask no host: as the state has it. */
  readonly cached: boolean
}

/** What was kept of a run; `taskId`: the task of it that was asked for. */
export interface KeptPlacement {
  readonly placement: PlacementRecord
  readonly taskId?: TaskId
  /** All of it, of the state as it was then; absent where that is not kept any more. What containers of others held is not in it. */
  readonly explanation?: Explanation
}

export type Explained = {readonly explanation: Explanation; readonly placement?: undefined} | KeptPlacement

/**
 * Why the next task of such a run would go where it would go, or nowhere, after a look at all hosts; nothing is placed. Of a task or a run of before: what
 * was kept of its placement. Throws as `runTasks`, `TaskNotFound`, and `PlacementNotKept` where nothing was.
 */
export async function explainPlacement(world: World, {cached, keptRun, run: wanted, task}: ExplainWanted): Promise<Explained> {
  const {state: recorded} = await world.store.read()
  const cluster = await clusterNamed(world, recorded, wanted.cluster)
  if (task !== undefined) return placementOf(world, findTask(recorded, cluster, task))
  if (keptRun !== undefined) return withTable(world, {placement: await keptPlacement(world, cluster, keptRun)})
  const {seen, state} = await look(world, cluster, cached ? undefined : {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true})
  const {run} = await runRequest(world, state, cluster, {...wanted, dryRun: true})
  return {explanation: explainRun(state, seen, run, world.clock.now())}
}

async function placementOf(world: World, task: Task): Promise<Explained> {
  const placement = await world.placements.of(task.id)
  if (placement) return withTable(world, {placement, taskId: task.id})
  throw new NotFoundError('PlacementNotKept', `Nothing is kept of the placement of task ${task.id}: the newest thousand runs are.`, {
    suggestions: [`berth placement explain ${task.definitionId}`],
  })
}

async function withTable({store}: World, kept: KeptPlacement): Promise<KeptPlacement> {
  const {asked, clusterId, constraints, definitionId, group, stateRevision} = kept.placement
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

/** The placements of the cluster that are kept, the newest first; `refused`: only those where a task found no place. */
export async function listPlacements(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly refused: boolean},
): Promise<readonly PlacementRecord[]> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  return (await keptOf(world, cluster)).filter(({refusedCount}) => !wanted.refused || refusedCount > 0)
}

async function keptPlacement(world: World, cluster: Cluster, text: string): Promise<PlacementRecord> {
  const kept = await keptOf(world, cluster)
  const id = matchId(
    kept.map(({runId}) => runId),
    text,
  )
  const placement = kept.find(({runId}) => runId === id)
  if (placement) return placement
  throw new NotFoundError(
    'PlacementNotKept',
    `Nothing is kept of a run ${quoted(text)} on cluster "${cluster.name}": the newest thousand runs are.`,
    {
      suggestions: [`berth placement list -c ${cluster.name}`],
    },
  )
}

async function keptOf(world: World, cluster: Cluster): Promise<readonly PlacementRecord[]> {
  return (await world.placements.list()).filter(({clusterId}) => clusterId === cluster.id)
}
