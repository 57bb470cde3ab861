// What a scheduler decides on, and what it answers.
import type {RequiredAttribute} from '../../model/attributes.js'
import type {Observation} from '../../model/observation.js'
import type {Refusal} from '../../model/placement.js'
import type {Action, Note} from '../../model/plan.js'
import type {State} from '../../model/state.js'
import type {DefinitionId, TaskDefinitionDocument} from '../../model/task-definition.js'
import type {Instant} from '../../model/time.js'
import type {Fleet} from '../../placement/fleet.js'
import type {Overview} from '../../model/workload-records.js'

export interface Scene {
  /** With what was seen already folded in. */
  readonly state: State
  readonly seen: Observation
  readonly now: Instant
  readonly overview: Overview
  /** What is left of each instance of the cluster after the decisions before this one; made when it is first asked for. */
  readonly fleet: () => Fleet
  /** The attributes an instance needs for a document. */
  readonly requiredAttributes: (document: TaskDefinitionDocument) => readonly RequiredAttribute[]
  /** Why no task of the definition can be started here and now: a sentence. Absent: all can. */
  readonly withheld?: Withheld
}

/** `undefined` where nothing is in the way. */
export type Withheld = (definitionId: DefinitionId) => string | undefined

/** The next small step for one service or daemon: what can be done at once, given how its tasks stand. Nothing: it is as it should be, or has to wait. */
export interface Decision {
  readonly actions: readonly Action[]
  readonly notes: readonly Note[]
  readonly refusals: readonly Refusal[]
  /** When the decision may change although nothing happens. */
  readonly wakeAt?: Instant
  /** After the starts; absent where nothing was placed. */
  readonly fleet?: Fleet
}

/** The earliest of some moments, as a field that is absent where there is none. */
export function waking(moments: readonly (Instant | undefined)[], now: Instant): Pick<Decision, 'wakeAt'> {
  const ahead = moments.filter((at): at is Instant => at !== undefined && at > now)
  return ahead.length === 0 ? {} : {wakeAt: Math.min(...ahead)}
}
