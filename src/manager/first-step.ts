// What the scheduler would do first on what a request leads to: for a dry run, which shows it with the request.
import {requiredAttributes} from '../ecs/attributes.js'
import type {Observation} from '../model/observation.js'
import type {Plan} from '../model/plan.js'
import type {State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {reconcile} from '../scheduling/reconcile.js'
import {recordPlan} from '../scheduling/record-plan.js'
import type {World} from '../world/world.js'
import {drawnIds} from './intents.js'

/** The request, and after it the first step for these services and daemons, or for all of the cluster. */
export function withFirstStep(
  world: World,
  {now, seen, state}: {readonly state: State; readonly seen: Observation; readonly now: Instant},
  asked: Plan,
  scope: {readonly clusterId: string; readonly only?: ReadonlySet<string>},
): Plan {
  const next = recordPlan(state, asked, drawnIds(world), now)
  const {plan} = reconcile(next, seen, {...scope, requiredAttributes}, now)
  const actions = plan.actions.filter(({kind}) => kind !== 'tellEvent')
  return {
    actions: [...asked.actions, ...actions],
    notes: [...asked.notes, ...plan.notes],
    refusals: [...asked.refusals, ...plan.refusals],
  }
}
