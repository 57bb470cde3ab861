// Placements of services and daemons: nothing is kept of them but the history of the state, from which they are told.
import {requiredAttributes} from '../ecs/attributes.js'
import {NotFoundError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Explanation} from '../model/explanation.js'
import type {Instance} from '../model/instance.js'
import {placementRecord, type ToldPlacement} from '../model/placement-record.js'
import {matchId} from '../model/reference.js'
import {groupOf} from '../model/service.js'
import {compareText} from '../model/state.js'
import type {Task, TaskId} from '../model/task.js'
import {explainStart, type ExplainedStart, type PastStart, pastStarts} from '../scheduling/past-starts.js'
import type {Change} from '../world/store.js'
import type {World} from '../world/world.js'

/** What is told of a placement; `taskId`: the task of it that was asked for. */
export interface KeptPlacement {
  readonly placement: ToldPlacement
  readonly taskId?: TaskId
  /** All of it, of the state as it was then; absent where that is not kept any more. What containers of others held is not in it. */
  readonly explanation?: Explanation
}

/** What services and daemons of the cluster had started, the newest first, as far as the history goes back. */
export async function pastPlacements({store}: World, cluster: Cluster): Promise<readonly ToldPlacement[]> {
  const [{state}, commits] = [await store.read(), await store.history()]
  const nameOf = instanceNames(commits, state.instances)
  return pastStarts(commits, cluster.id)
    .map((start) => toldOf(start, nameOf))
    .sort((a, b) => compareText(b.at, a.at))
}

/**
 * Of a task that a service or a daemon of the cluster had started, by its id or a unique beginning, stopped and forgotten ones too; `undefined` where the history
 * tells of none. `isFirst`: only the first of those that were started at once is meant, and with it all of them.
 */
export async function pastPlacement(
  world: World,
  cluster: Cluster,
  text: string,
  {isFirst}: {readonly isFirst: boolean},
): Promise<KeptPlacement | undefined> {
  const [{state}, commits] = [await world.store.read(), await world.store.history()]
  const starts = pastStarts(commits, cluster.id)
  const meant = starts.flatMap(({tasks}) => (isFirst ? tasks.slice(0, 1) : tasks))
  const id = matchId(
    meant.map((task) => task.id),
    text,
  )
  const task = meant.find((one) => one.id === id)
  const start = starts.find(({tasks}) => tasks.some((one) => one.id === id))
  if (!task || !start) return undefined
  const nameOf = instanceNames(commits, state.instances)
  const decided = starts.filter(({revision}) => revision === start.revision)
  const explained = await explainedStart(world, start, decided, task)
  return {
    placement: explained ? recordOf(start, explained, nameOf) : toldOf(start, nameOf),
    ...(isFirst ? {} : {taskId: task.id}),
    ...(explained ? {explanation: explained.explanation} : {}),
  }
}

async function explainedStart(
  {store}: World,
  {revision}: PastStart,
  decided: readonly PastStart[],
  task: Task,
): Promise<ExplainedStart | undefined> {
  try {
    return explainStart(await store.at(revision - 1), decided, task, requiredAttributes)
  } catch (error) {
    // So long ago that only what was started can be told.
    if (error instanceof NotFoundError) return undefined
    throw error
  }
}

function recordOf(start: PastStart, {explanation, request}: ExplainedStart, nameOf: (id: string) => string): ToldPlacement {
  const {by, ...run} = toldOf(start, nameOf)
  return {by, ...placementRecord(explanation, {...run, constraints: request.constraints}, [])}
}

function toldOf({revision, tasks, workload}: PastStart, nameOf: (id: string) => string) {
  const [first] = tasks
  return {
    by: groupOf(workload.kind, workload.name),
    runId: first.id,
    clusterId: first.clusterId,
    at: first.createdAt,
    tasks: tasks.map(({id, instanceId}) => ({id, instance: nameOf(instanceId)})),
    refusedCount: 0,
    definitionId: first.definitionId,
    group: first.group,
    stateRevision: revision - 1,
  }
}

/** Also those of instances that have left, as far as the history tells them. */
function instanceNames(commits: readonly Change[], now: Readonly<Record<string, Instance>>): (id: string) => string {
  const names = new Map<string, string>()
  for (const {records} of commits)
    for (const {id, record, table} of records) if (table === 'instances' && record !== null) names.set(id, (record as Instance).name)
  for (const {id, name} of Object.values(now)) names.set(id, name)
  return (id) => names.get(id) ?? id
}
