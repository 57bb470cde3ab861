// What tasks that a loop starts need and no record may hold: found before a start is decided, kept for a while, and where it cannot be found nothing is started.
import {KnownError} from '../errors.js'
import type {Plan} from '../model/plan.js'
import {type DefinitionId, needsOfClient, type TaskDefinition} from '../model/task-definition.js'
import type {Instant} from '../model/time.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {Clock} from '../world/clock.js'

/** Throws a `KnownError` that names what cannot be found. */
export type MaterialsOf = (definition: TaskDefinition) => Promise<RunMaterials>

/** A secret that is changed reaches tasks that start later than that. */
const GOOD_MS = 60_000

/** What could not be found is looked for again after it. */
const RETRY_MS = 10_000

type Found = {readonly until: Instant} & ({readonly materials: RunMaterials} | {readonly why: string})

export class StartMaterials {
  readonly #found = new Map<DefinitionId, Found>()

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly materialsOf: MaterialsOf,
  ) {}

  /** Finds what the starts of the plan need, as far as it is not known; returns whether the decision is to be made again for it. */
  async find(plan: Plan): Promise<boolean> {
    const unknown = this.#unknown(plan)
    await Promise.all(unknown.map((definition) => this.#findFor(definition)))
    return unknown.some(({id}) => this.withheld(id) !== undefined)
  }

  /** Does a start of the plan need what nobody has looked for yet? */
  isLacking(plan: Plan): boolean {
    return this.#unknown(plan).length > 0
  }

  /** Why tasks of the definition cannot start; `undefined` where nothing is known to be in the way. */
  readonly withheld = (id: DefinitionId): string | undefined => {
    const found = this.#found.get(id)
    return found && 'why' in found && found.until > this.clock.now() ? found.why : undefined
  }

  /** What was found for the definition. */
  readonly of = (id: DefinitionId): RunMaterials | undefined => {
    const found = this.#found.get(id)
    return found && 'materials' in found ? found.materials : undefined
  }

  /** When something that could not be found is to be looked for again. */
  get retryAt(): Instant | undefined {
    const moments = [...this.#found.values()].flatMap((one) => ('why' in one ? one.until : []))
    return moments.length === 0 ? undefined : Math.min(...moments)
  }

  #unknown({actions}: Plan): readonly TaskDefinition[] {
    const starts = actions.flatMap((action) => (action.kind === 'startTask' ? action.definition : []))
    const needed = new Map(starts.filter(({document}) => needsOfClient(document)).map((one) => [one.id, one]))
    const now = this.clock.now()
    return [...needed.values()].filter(({id}) => (this.#found.get(id)?.until ?? now) <= now)
  }

  async #findFor(definition: TaskDefinition): Promise<void> {
    try {
      const materials = await this.materialsOf(definition)
      this.#found.set(definition.id, {materials, until: this.clock.now() + GOOD_MS})
    } catch (error) {
      if (!(error instanceof KnownError) || error.exitCode === 130) throw error
      this.#found.set(definition.id, {why: error.message, until: this.clock.now() + RETRY_MS})
    }
  }
}
