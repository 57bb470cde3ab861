// What the handlers of a plan's actions work with.
import type {KnownError} from '../errors.js'
import type {Instance} from '../model/instance.js'
import type {Action} from '../model/plan.js'
import type {DefinitionId} from '../model/task-definition.js'
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
  readonly materials?: (definitionId: DefinitionId) => RunMaterials | undefined
  /** Told of each action as soon as it has come to something. */
  readonly onOutcome?: (outcome: Outcome) => void
}

export interface Work {
  readonly world: World
  readonly options: CarryOutOptions
  readonly stage: Stage
  readonly watches: Watches
  open(instance: Instance): Promise<Engine>
  /** Runs at most so many at once on this instance as its cores allow; a deed that only waits lets others go before by `release`. */
  limited<T>(instance: Instance, deed: (release: () => void) => Promise<T>): Promise<T>
}
