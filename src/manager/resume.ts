// What clients that died have left on hosts: finished, or, of tasks that were to start, taken back.
import type {Intent} from '../model/intent.js'
import {unobserved} from '../model/observation.js'
import type {StartTask} from '../model/plan.js'
import {put, type State} from '../model/state.js'
import {needsOfClient} from '../model/task-definition.js'
import {isOver, planOfIntent} from '../scheduling/intents.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'
import {carryOut, type Outcome} from './carry-out.js'
import {failureOf} from './done.js'
import {endIntent, isOfSameWords, leftIntents} from './intents.js'
import type {Settled} from './settled.js'
import {undoStart} from './task-deeds.js'

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
 * Where a client died over the very words of this command, what it began is finished, and stands for what the command would have done: a second try never makes
 * a second copy. Others are only told of.
 */
export async function takeUp(world: World, materials: RunMaterials | undefined): Promise<Settled | undefined> {
  const {state: before} = await world.store.read()
  const left = leftIntents(world, before)
  const [same] = left.filter((intent) => isOfSameWords(world, intent))
  for (const intent of left.filter((one) => one !== same)) await tellOf(world, before, intent)
  if (!same || !(await claim(world, same))) return undefined
  world.reporter.note('goes on with what was begun before and ended in the middle')
  const plan = planOfIntent((await world.store.read()).state, same)
  const {outcomes} = await finish(world, same, {abort: false, ...(materials === undefined ? {} : {materials})})
  const {state} = await world.store.read()
  return {plan, outcomes, seen: unobserved(world.clock.now()), state, idOf: (slot) => slot}
}

/** One of which nothing is left to do died just before it could say so. */
async function tellOf(world: World, state: State, intent: Intent): Promise<void> {
  if (isOver(state, intent)) return endIntent(world, intent.id)
  const {by, command} = intent
  world.reporter.note(`a "berth ${command}" of ${by} ended in the middle; finish it or take it back: berth state resume`)
}

/** Makes the intent ours; false where another was faster, or it is no more. */
function claim({clients, store, why}: World, {id}: Intent): Promise<boolean> {
  return store.update({...why, because: 'what was begun is gone on with'}, (state) => {
    const intent = state.intents[id]
    if (!intent || clients.isAlive(intent.client)) return {state, result: false}
    return {state: {...state, intents: put(state.intents, id, {...intent, client: clients.self()})}, result: true}
  })
}

interface HowToFinish {
  readonly abort: boolean
  /** What its starts need of the client, where this one has it. */
  readonly materials?: RunMaterials
}

async function finish(world: World, intent: Intent, how: HowToFinish): Promise<Resumed> {
  const {state} = await world.store.read()
  const undone = startsToUndo(state, intent, how)
  for (const {instance, slot} of undone) await undoStart(world, instance, slot)
  const gone = new Set(undone.map(({slot}) => slot))
  const plan = planOfIntent(state, intent)
  const actions = plan.actions.filter((action) => action.kind !== 'startTask' || !gone.has(action.slot))
  const {materials} = how
  const outcomes = await carryOut(
    world,
    {...plan, actions},
    {
      because: intent.because,
      idOf: (slot) => slot,
      intentId: intent.id,
      ...(materials === undefined ? {} : {materials}),
    },
  )
  await endIntent(world, intent.id)
  return {intent, outcomes, undone: [...gone]}
}

/** A task that runs already stays, whatever was wanted. */
function startsToUndo(state: State, intent: Intent, {abort, materials}: HowToFinish): readonly StartTask[] {
  return planOfIntent(state, intent).actions.flatMap((action) => {
    const task = action.kind === 'startTask' ? state.tasks[action.slot] : undefined
    if (action.kind !== 'startTask' || !task || task.startedAt !== undefined || task.lastStatus === 'STOPPED') return []
    return abort || (materials === undefined && needsOfClient(action.definition.document)) ? [action] : []
  })
}
