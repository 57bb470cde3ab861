// What a change came to.
import type {Observation} from '../model/observation.js'
import type {Plan} from '../model/plan.js'
import type {State} from '../model/state.js'
import type {Outcome} from './work.js'

export interface Settled {
  readonly plan: Plan
  /** One an action, in the order of the plan; none after a dry run. */
  readonly outcomes: readonly Outcome[]
  /** The state when all was recorded; after a dry run the state as the look found it. */
  readonly state: State
  /** What was seen before it was decided. */
  readonly seen: Observation
  /** The ids given to the plan's slots. */
  readonly idOf: (slot: string) => string
}
