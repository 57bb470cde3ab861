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

/** The state with the intent of the plan, where that has anything to do on hosts. */
export function withIntent(world: World, state: State, plan: Plan, idOf: (slot: string) => string, because: string): State {
  const actions = intendedActions(plan, idOf)
  if (actions.length === 0) return state
  const id = idOf(INTENT)
  const {by, command} = world.why
  const begunAt = timestamp(world.clock.now())
  const intent: Intent = {id, command, by, because, begunAt, client: world.clients.self(), typed: typedHash(world, id), actions}
  return {...state, intents: put(state.intents, id, intent)}
}

/** The state without the intent where nothing is left to do of it. One that starts tasks stays until its command has heard of all of them. */
export function withoutEndedIntent(state: State, id: string): State {
  const intent = state.intents[id]
  return intent && isOver(state, intent) ? {...state, intents: without(state.intents, id)} : state
}

/** After it the intent is no more, if there was one. */
export async function endIntent({store, why}: World, id: string): Promise<void> {
  if (!(await store.read()).state.intents[id]) return
  await store.update({...why, because: 'all that was begun has come to something'}, (state) => ({
    state: state.intents[id] ? {...state, intents: without(state.intents, id)} : state,
    result: undefined,
  }))
}

/** Those whose client is dead, the oldest first. */
export function leftIntents({clients}: World, {intents}: State): readonly Intent[] {
  return Object.values(intents)
    .filter(({client}) => !clients.isAlive(client))
    .sort((a, b) => (a.begunAt < b.begunAt ? -1 : 1))
}

/** Were these very words typed for the intent? */
export function isOfSameWords(world: World, {id, typed}: Intent): boolean {
  return typed === typedHash(world, id)
}

/** Keyed by the intent, and short: what was typed may hold a value that nobody should find by trying. */
function typedHash({typed}: World, id: string): string {
  return createHmac('sha256', id).update(JSON.stringify(typed)).digest('hex').slice(0, 16)
}
