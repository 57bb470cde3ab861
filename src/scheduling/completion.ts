// What is due of a deployment before another takes its place.
import {SAME_WORDS_MS} from '../model/intent.js'
import type {Observation} from '../model/observation.js'
import type {Plan} from '../model/plan.js'
import {type State, the} from '../model/state.js'
import {type Instant, instant} from '../model/time.js'
import {type ReconcileWanted, reconcile} from './reconcile.js'
import {recordPlan} from './record-plan.js'

/**
 * What is asked of the state; where that begins a deployment, first the one that it takes the place of is COMPLETED, if it has been so since nobody looked, and the
 * request is decided on that. One that runs well for days, with no controller to say so, must be what a circuit breaker goes back to, and is no more on its way back itself.
 */
export function completedFirst(
  {now, seen, state}: {readonly state: State; readonly seen: Observation; readonly now: Instant},
  request: (state: State, now: Instant) => Plan,
  scope: ReconcileWanted,
): Plan {
  const asked = request(state, now)
  const {actions: due} = reconcile(state, seen, scope, now).plan
  const end = due.find((action) => action.kind === 'endDeployment' && action.rolloutState === 'COMPLETED')
  if (end?.kind !== 'endDeployment') return asked
  // Whoever was cut off types the same words again, and means what they began.
  if (asked.actions.length === 0 && now - instant(the(state.deployments, end.deploymentId).begunAt) < SAME_WORDS_MS) return asked
  const ends = due.filter(({kind}) => kind === 'endDeployment' || kind === 'tellEvent')
  const plan = request(recordPlan(state, {actions: ends, notes: [], refusals: []}, noId, now), now)
  if (!plan.actions.some(({kind}) => kind === 'beginDeployment')) return asked
  const rest = plan.actions.map((action) => (action.after ? {...action, after: action.after.map((index) => index + ends.length)} : action))
  return {...plan, actions: [...ends, ...rest]}
}

/** Nothing is started by an end. */
function noId(slot: string): string {
  throw new Error(`No id is drawn for ${slot}.`)
}
