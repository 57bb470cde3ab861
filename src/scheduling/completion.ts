// What is due of a deployment before another takes its place.
import type {Plan} from '../model/plan.js'
import {unobserved} from '../model/observation.js'
import type {State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {type ReconcileWanted, reconcile} from './reconcile.js'

/**
 * The plan; where it begins a deployment, first the one that it takes the place of is COMPLETED, if by all that is recorded it has been so since nobody looked. One
 * that runs well for days, with no controller to say so, must be what a circuit breaker goes back to.
 */
export function completedFirst(state: State, plan: Plan, scope: ReconcileWanted, now: Instant): Plan {
  if (!plan.actions.some(({kind}) => kind === 'beginDeployment')) return plan
  const {actions: due} = reconcile(state, unobserved(now), scope, now).plan
  if (!due.some((action) => action.kind === 'endDeployment' && action.rolloutState === 'COMPLETED')) return plan
  const ends = due.filter(({kind}) => kind === 'endDeployment' || kind === 'tellEvent')
  const rest = plan.actions.map((action) => (action.after ? {...action, after: action.after.map((index) => index + ends.length)} : action))
  return {...plan, actions: [...ends, ...rest]}
}
