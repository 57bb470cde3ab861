// `task run`: from what a person typed to tasks that run, and to the exit code of those that ended.
import {placementFailures} from '../ecs/failures.js'
import {taskJson} from '../ecs/tasks.js'
import {EngineError, type KnownError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {instancesOf, type State} from '../model/state.js'
import {exitCodeOf, type Task} from '../model/task.js'
import type {Observation} from '../model/observation.js'
import type {Instant} from '../model/time.js'
import {explainRun, planRun, requestOf, type RunWanted} from '../scheduling/run.js'
import type {Output} from '../world/engine.js'
import type {World} from '../world/world.js'
import {attach} from './attach.js'
import type {Done} from './done.js'
import {tidyTask} from './housekeeping.js'
import {keepPlacement, type PlacementBefore} from './keep-placement.js'
import {observe, PLACE_DEADLINE_MS} from './observe.js'
import {outOfSight} from './out-of-sight.js'
import {clusterNamed, taskForgotten} from './resolve.js'
import {throwIfRefused, type Why} from './refused-run.js'
import {runRequest, type RunTasksWanted} from './run-request.js'
import {settle} from './settle.js'
import type {Settled} from './settled.js'
import type {FoundTasks} from './tasks.js'

/** A run under way. */
export interface Run {
  /** What the tasks print, as it comes; ends when all have stopped or the person detached. Nothing where the run is detached. */
  readonly output: Output
  /** To be called once the output has ended. Throws `PlacementError` or `EngineError` when a task was refused or never started. */
  finish(): Promise<Done<RanTasks>>
}

export interface RanTasks extends FoundTasks {
  /** 0, or the first exit code that is not, in start order; 0 where the run is detached. */
  readonly exitCode: number
  /** Their output has been passed on. */
  readonly attached: boolean
}

/** Placement needs the memory of foreign containers too. */
const LOOK = {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true}

/**
 * Places and starts all tasks of the request at once. Resources are held before any container is made, so that runs at once never share out one
 * place twice. Throws `NoInstances` or `NoInstanceFits` when no task found a place.
 */
export async function runTasks(world: World, wanted: RunTasksWanted): Promise<Run> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const {materials, run} = await runRequest(world, state, cluster, wanted)
  let before: (() => PlacementBefore) | undefined
  const settled = await settle(world, {
    about: cluster.id,
    because: `run ${wanted.count === 1 ? 'a task' : `${wanted.count} tasks`} on cluster ${cluster.name}`,
    observe: (current) => observe(world, current, instancesOf(current, cluster.id), LOOK),
    decide: (current, seen, now) => {
      before = () => placementBefore(current, seen, run, now)
      return planRun(current, seen, run, now)
    },
    dryRun: wanted.dryRun,
    ...(materials === undefined ? {} : {materials}),
  })
  const explained = () => explainRun(settled.state, settled.seen, run, world.clock.now())
  const runId = before && !wanted.dryRun ? await keepPlacement(world, cluster, settled, before, explained) : undefined
  const why: Why = {explained, runId}
  if (!settled.plan.actions.some(({kind}) => kind === 'startTask')) throwIfRefused(settled, cluster, [], why)
  if (wanted.dryRun) return {output: nothing(), finish: async () => ({dryRun: true, plan: settled.plan, explanation: explained()})}
  const started = startedTasks(settled)
  if (wanted.detach) {
    for (const task of started.filter(hasEnded)) await tidyTask(world, settled.state, task, world.clock.now())
    return {output: nothing(), finish: async () => ranTasks(settled, cluster, started, settled.state, false, why)}
  }
  const attached = await attach(
    world,
    settled.state,
    started.filter((task) => hasRun(task) && !isUndone(settled, task)),
    materials,
  )
  return {
    output: attached.output,
    finish: async () => {
      await attached.finish()
      return ranTasks(settled, cluster, started, (await world.store.read()).state, true, why)
    },
  }
}

function placementBefore(state: State, seen: Observation, run: RunWanted, now: Instant): PlacementBefore {
  return {
    explanation: explainRun(state, seen, run, now),
    stateRevision: state.revision,
    ...(run.onInstances ? {onInstances: run.onInstances} : {}),
    ...requestOf(state, run, now),
  }
}

/** The tasks of the plan in the order of the request, without those that are no longer tracked. */
function startedTasks(settled: Settled): readonly Task[] {
  return settled.plan.actions.flatMap((action) =>
    action.kind === 'startTask' ? (settled.state.tasks[settled.idOf(action.slot)] ?? []) : [],
  )
}

function ranTasks(settled: Settled, cluster: Cluster, started: readonly Task[], state: State, attached: boolean, why: Why): Done<RanTasks> {
  const tasks = started.flatMap((task) => state.tasks[task.id] ?? [])
  const json = tasks.map((task) => taskJson(state, task))
  const failure = forgotten(settled, state) ?? notDone(settled, state, tasks) ?? neverStarted(tasks, json, cluster, settled)
  if (failure) throw failure
  throwIfRefused(settled, cluster, json, why)
  return {dryRun: false, plan: settled.plan, value: {state, cluster, tasks, attached, exitCode: attached ? exitCodeOf(tasks) : 0}}
}

/** Of a task that is no longer tracked nobody knows how it ended: that is no success. */
function forgotten({idOf, plan}: Settled, state: State): KnownError | undefined {
  const [first] = plan.actions.flatMap((action) => {
    if (action.kind !== 'startTask') return []
    const id = idOf(action.slot)
    return state.tasks[id] ? [] : [taskForgotten(id, action.instance.name)]
  })
  return first
}

/** The error of the first action that was not done; a start whose answer was lost is done when its task was seen to run all the same. */
function notDone(settled: Settled, state: State, tasks: readonly Task[]): KnownError | undefined {
  const lost = tasks.find((task) => isUndone(settled, task))
  const error = lost
    ? errorOf(settled, lost)
    : settled.outcomes.find((outcome) => outcome.error && outcome.action.kind !== 'startTask')?.error
  return lost && error ? outOfSight(state, lost, tasks, error) : error
}

function errorOf({idOf, outcomes}: Settled, task: Task): KnownError | undefined {
  return outcomes.find(({action}) => action.kind === 'startTask' && idOf(action.slot) === task.id)?.error
}

/** Its start broke off, since its host fell silent or the person left, and nobody saw it run all the same. */
function isUndone(settled: Settled, task: Task): boolean {
  return task.startedAt === undefined && errorOf(settled, task) !== undefined
}

function neverStarted(tasks: readonly Task[], json: readonly object[], cluster: Cluster, settled: Settled): KnownError | undefined {
  const failed = tasks.find((task) => task.stopCode === 'TaskFailedToStart')
  if (!failed) return undefined
  const reason = failed.stoppedReason ?? 'TaskFailedToStart'
  return new EngineError(
    reason.slice(0, Math.max(0, reason.indexOf(':'))) || 'TaskFailedToStart',
    `Task ${failed.id} did not start: ${reason}`,
    {
      suggestions: [`berth task describe ${failed.id} -c ${cluster.name}`],
      result: {tasks: json, failures: placementFailures(cluster.name, settled.plan.refusals)},
    },
  )
}

/** One that ended before we could follow it has its output still; one that never started has none. */
function hasRun(task: Task): boolean {
  return task.stopCode !== 'TaskFailedToStart'
}

/** It ran, and no later look will call its end news: its last words are kept now. */
function hasEnded(task: Task): boolean {
  return task.lastStatus === 'STOPPED' && hasRun(task)
}

async function* nothing(): Output {}
