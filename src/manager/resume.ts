// What clients that died have left on hosts: finished, or, of tasks that were to start, taken back.
import {type KnownError, UnreachableError} from '../errors.js'
import type {Client} from '../model/client.js'
import {type Intent, SAME_WORDS_MS} from '../model/intent.js'
import {unobserved} from '../model/observation.js'
import type {StartTask} from '../model/plan.js'
import {put, type State} from '../model/state.js'
import {needsOfClient} from '../model/task-definition.js'
import {instant} from '../model/time.js'
import {isGone, isOver, planOfIntent} from '../scheduling/intents.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'
import {carryOut} from './carry-out.js'
import {failureOf} from './done.js'
import {look} from './look.js'
import {refuseOutdated} from './newer-epoch.js'
import {PLACE_DEADLINE_MS} from './observe.js'
import {withHostsToOneself} from './hosts-to-oneself.js'
import {endIntent, isOfSameWords, leftIntents} from './intents.js'
import type {Settled} from './settled.js'
import {undoStart} from './task-deeds.js'
import type {Outcome} from './work.js'

/** What became of an intent. */
export interface Resumed {
  readonly intent: Intent
  readonly outcomes: readonly Outcome[]
  /** Tasks whose start was taken back. */
  readonly undone: readonly string[]
}

/**
 * Finishes each intent whose client is dead; with `abort` tasks that were to start are taken back instead, and what was to stop or go is finished all the same.
 * A start that needs secrets or files of the dead client is always taken back. On a dry run it only tells what it would do. Throws what was not done, of all.
 */
export async function resumeIntents(
  world: World,
  {abort, dryRun = false}: {readonly abort: boolean; readonly dryRun?: boolean},
): Promise<readonly Resumed[]> {
  const {state} = await world.store.read()
  if (dryRun)
    return leftIntents(world, state).map((intent) => ({
      intent,
      outcomes: [],
      undone: startsToUndo(state, intent, {abort}).map(({slot}) => slot),
    }))
  const resumed: Resumed[] = []
  for (const intent of leftIntents(world, state)) {
    if (!(await claim(world, intent))) continue
    resumed.push(await finish(world, intent, {abort}))
  }
  const failure = failureOf(resumed.flatMap(({outcomes}) => outcomes))
  if (failure) throw failure
  return resumed
}

/**
 * Where a client has just died over the very words of this command, what it began is finished, and stands for what the command would have done: a second try never
 * makes a second copy. What has all ended since is no part of it. Others are only told of.
 */
export async function takeUp(
  world: World,
  {about, materials}: {readonly about: string; readonly materials: RunMaterials | undefined},
): Promise<Settled | undefined> {
  const {state: before} = await world.store.read()
  const left = leftIntents(world, before)
  const isFresh = ({begunAt}: Intent) => world.clock.now() - instant(begunAt) < SAME_WORDS_MS
  const same = left.find((intent) => isOfSameWords(world, intent, about) && isFresh(intent) && !isGone(before, intent))
  for (const intent of left.filter((one) => one !== same)) await tellOf(world, before, intent)
  if (!same || !(await claim(world, same))) return undefined
  world.reporter.note('goes on with what was begun before and ended in the middle')
  const {outcomes} = await finish(world, same, {abort: false, ...(materials === undefined ? {} : {materials})})
  const {state} = await world.store.read()
  return {plan: planOfIntent(state, same), outcomes, seen: unobserved(world.clock.now()), state, idOf: (slot) => slot}
}

/**
 * As one of `resumeIntents`, also of this very client, which is not at it any more; `undefined` where another was faster, or it is no more. What was not done stands in the
 * outcomes.
 */
export async function resumeIntent(world: World, intent: Intent): Promise<Resumed | undefined> {
  return (await claim(world, intent, {isOwn: true})) ? finish(world, intent, {abort: false}) : undefined
}

/** One of which nothing is left to do died just before it could say so. */
async function tellOf(world: World, state: State, intent: Intent): Promise<void> {
  if (isOver(state, intent)) return endIntent(world, intent.id)
  const {by, command, typed} = intent
  const how =
    typed === '' ? 'whoever keeps its cluster goes on with it: berth cluster settle' : 'finish it or take it back: berth state resume'
  world.reporter.note(`a "berth ${command}" of ${by} ended in the middle; ${how}`)
}

/** Makes the intent ours; false where another was faster, or it is no more. */
function claim({clients, store, why}: World, {id}: Intent, {isOwn = false} = {}): Promise<boolean> {
  return store.update({...why, because: 'what was begun is gone on with'}, (state) => {
    const intent = state.intents[id]
    if (!intent || (clients.isAlive(intent.client) && !(isOwn && isSame(intent.client, clients.self())))) return {state, result: false}
    return {state: {...state, intents: put(state.intents, id, {...intent, client: clients.self()})}, result: true}
  })
}

function isSame(a: Client, b: Client): boolean {
  return a.pid === b.pid && a.bootId === b.bootId && a.startedAt === b.startedAt
}

interface HowToFinish {
  readonly abort: boolean
  /** What its starts need of the client, where this one has it. */
  readonly materials?: RunMaterials
}

async function finish(world: World, intent: Intent, how: HowToFinish): Promise<Resumed> {
  const state = await lookAgain(world, intent)
  await refuseOutdated(world, unobserved(world.clock.now()), planOfIntent(state, intent).actions)
  const gone = new Set<string>()
  const failures: Outcome[] = []
  for (const action of startsToUndo(state, intent, how)) {
    if (await undoStart(world, action.instance, action.slot)) gone.add(action.slot)
    else failures.push({action, error: notUndone(action)})
  }
  const kept = new Set([...gone, ...failures.map(({action}) => (action as StartTask).slot)])
  const plan = planOfIntent(state, intent)
  const actions = plan.actions.filter((action) => action.kind !== 'startTask' || !kept.has(action.slot))
  const {materials} = how
  const options = {
    because: intent.because,
    idOf: (slot: string) => slot,
    intentId: intent.id,
    ...(materials === undefined ? {} : {materials}),
  }
  const outcomes = await withHostsToOneself(world, actions, (alone) => carryOut(alone, {...plan, actions}, options))
  await endIntent(world, intent.id)
  return {intent, outcomes: [...failures, ...outcomes], undone: [...gone]}
}

/** What the dead client may not have lived to write down: a task whose containers run has started. */
async function lookAgain(world: World, {actions}: Intent): Promise<State> {
  const {state} = await world.store.read()
  const tasks = actions.flatMap((action) => ('taskId' in action ? (state.tasks[action.taskId] ?? []) : []))
  const clusters = new Set(tasks.map(({clusterId}) => clusterId))
  for (const id of clusters) {
    const cluster = state.clusters[id]
    if (cluster) await look(world, cluster, {deadlineMs: PLACE_DEADLINE_MS})
  }
  return (await world.store.read()).state
}

function notUndone({instance, slot}: StartTask): KnownError {
  return new UnreachableError('StartNotTakenBack', `Task ${slot} could not be taken back from ${instance.name}, which does not answer.`, {
    suggestions: [`berth instance describe ${instance.name}`, 'berth state resume --abort'],
  })
}

/** A task that runs already stays, whatever was wanted. */
function startsToUndo(state: State, intent: Intent, {abort, materials}: HowToFinish): readonly StartTask[] {
  return planOfIntent(state, intent).actions.flatMap((action) => {
    const task = action.kind === 'startTask' ? state.tasks[action.slot] : undefined
    if (action.kind !== 'startTask' || !task || task.startedAt !== undefined || task.lastStatus === 'STOPPED') return []
    return abort || (materials === undefined && needsOfClient(action.definition.document)) ? [action] : []
  })
}
