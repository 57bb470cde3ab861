// Intents in the state: written with the plan, before anything is done on a host, and taken out once all of it has come to something.
import {createHmac} from 'node:crypto'
import type {Intent} from '../model/intent.js'
import type {Plan} from '../model/plan.js'
import {put, type State, without} from '../model/state.js'
import {timestamp} from '../model/time.js'
import {intendedActions, isOver} from '../scheduling/intents.js'
import type {World} from '../world/world.js'

/** The slot of a plan's intent. */
export const INTENT = 'intent'

/** Ids by slot, each drawn when it is first asked for. */
export function drawnIds(world: World): (slot: string) => string {
  const drawn = new Map<string, string>()
  return (slot) => {
    const id = drawn.get(slot) ?? world.ids.next()
    drawn.set(slot, id)
    return id
  }
}

/**
 * The state with the intent of the plan, where that has anything to do on hosts; `about`: the cluster that is meant. Without it the plan is none of what was typed, only what keeps
 * that so, and the same words again ask for more than to finish it.
 */
export function withIntent(
  world: World,
  state: State,
  {
    about,
    because,
    idOf,
    plan,
  }: {readonly plan: Plan; readonly idOf: (slot: string) => string; readonly because: string; readonly about?: string},
): State {
  const actions = intendedActions(plan, idOf)
  if (actions.length === 0) return state
  const id = idOf(INTENT)
  const {by, command} = world.why
  const begunAt = timestamp(world.clock.now())
  const intent: Intent = {
    id,
    command,
    by,
    because,
    begunAt,
    client: world.clients.self(),
    typed: about === undefined ? '' : typedHash(world, id, about),
    actions,
  }
  return {...state, intents: put(state.intents, id, intent)}
}

/** The state without the intent where all of it has come to something. */
export function withoutEndedIntent(state: State, id: string): State {
  const intent = state.intents[id]
  return intent && isOver(state, intent) ? {...state, intents: without(state.intents, id)} : state
}

/** After it the intent is no more, if all of it has come to something: else whoever comes next can go on with it. */
export async function endIntent({store, why}: World, id: string): Promise<void> {
  const {state: before} = await store.read()
  if (withoutEndedIntent(before, id) === before) return
  await store.update({...why, because: 'all that was begun has come to something'}, (state) => ({
    state: withoutEndedIntent(state, id),
    result: undefined,
  }))
}

/** Those whose client is dead, the oldest first. */
export function leftIntents({clients}: World, {intents}: State): readonly Intent[] {
  return Object.values(intents)
    .filter(({client}) => !clients.isAlive(client))
    .sort((a, b) => (a.begunAt < b.begunAt ? -1 : 1))
}

/** Were these very words typed for the intent, about the same cluster? */
export function isOfSameWords(world: World, {id, typed}: Intent, about: string): boolean {
  return typed === typedHash(world, id, about)
}

/** Of its own for each intent. What was typed can be tried by who has the state, which has the environment of tasks in any case. */
function typedHash({typed}: World, id: string, about: string): string {
  return createHmac('sha256', id)
    .update(JSON.stringify([about, ...typed]))
    .digest('hex')
    .slice(0, 16)
}
