// A placement explained: before anything is placed, or from what was kept of it.
import {NotFoundError} from '../errors.js'
import type {Explanation} from '../model/explanation.js'
import type {PlacementRecord} from '../model/placement-record.js'
import type {Task, TaskId} from '../model/task.js'
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
  /** Ask no host: as the state has it. */
  readonly cached: boolean
}

export type Explained = {readonly explanation: Explanation} | {readonly placement: PlacementRecord; readonly taskId: TaskId}

/**
 * Why the next task of such a run would go where it would go, or nowhere, after a look at all hosts; nothing is placed. Of a task: what was kept of its
 * placement. Throws as `runTasks`, `TaskNotFound`, and `PlacementNotKept` where nothing was.
 */
export async function explainPlacement(world: World, {cached, run: wanted, task}: ExplainWanted): Promise<Explained> {
  const {state: recorded} = await world.store.read()
  const cluster = await clusterNamed(world, recorded, wanted.cluster)
  if (task !== undefined) return placementOf(world, findTask(recorded, cluster, task))
  const {seen, state} = await look(world, cluster, cached ? undefined : {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true})
  const {run} = await runRequest(world, state, cluster, {...wanted, dryRun: true})
  return {explanation: explainRun(state, seen, run, world.clock.now())}
}

async function placementOf(world: World, task: Task): Promise<Explained> {
  const placement = await world.placements.of(task.id)
  if (placement) return {placement, taskId: task.id}
  throw new NotFoundError('PlacementNotKept', `Nothing is kept of the placement of task ${task.id}: the newest thousand runs are.`, {
    suggestions: [`berth placement explain ${task.definitionId}`],
  })
}
