// What the handlers of a plan's actions work with.
import type {KnownError} from '../errors.js'
import type {Instance} from '../model/instance.js'
import type {Action} from '../model/plan.js'
import type {State} from '../model/state.js'
import type {Task} from '../model/task.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {Watches} from '../tasks/watch.js'
import type {Engine} from '../world/engine.js'
import type {Stage} from '../world/person.js'
import type {World} from '../world/world.js'

/** What an action came to: done, or the error that stopped it. */
export interface Outcome {
  readonly action: Action
  readonly error?: KnownError
}

export interface CarryOutOptions {
  readonly because: string
  readonly idOf: (slot: string) => string
  /** Goes with the last of what it tells of. */
  readonly intentId: string
  /** What the tasks that start need and no record may hold. */
  readonly materials?: RunMaterials
  /** Instead of them, where each task may need something else. */
  readonly materialsOf?: (state: State, task: Task) => Promise<RunMaterials | undefined>
  /** Told of each action as soon as it has come to something. */
  readonly onOutcome?: (outcome: Outcome) => void
}

export interface Work {
  readonly world: World
  readonly options: CarryOutOptions
  readonly stage: Stage
  readonly watches: Watches
  open(instance: Instance): Promise<Engine>
  /** Runs at most so many of a kind at once on this instance as it can bear; a deed that only waits lets others go before by `release`. */
  limited<T>(instance: Instance, kind: 'start' | 'stop', deed: (release: () => void) => Promise<T>): Promise<T>
}
