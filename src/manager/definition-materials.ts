// What the tasks of services and daemons need of the client, by definition: what a command was given, else what is found where the definition says, else, on the host of a
// task of the same definition, what that one was given.
import {KnownError} from '../errors.js'
import {instancesOf, recordAt, type State} from '../model/state.js'
import type {Task} from '../model/task.js'
import {needsOfClient, type TaskDefinition} from '../model/task-definition.js'
import {type Instant, instant} from '../model/time.js'
import type {Withheld} from '../scheduling/services/scene.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'
import {runMaterials} from './materials.js'
import {materialsOnHost} from './predecessor.js'

/** By the definition's id. */
export type Materials = ReadonlyMap<string, RunMaterials>

/** Where a secret was nowhere it is looked for again after this time. */
const LOOK_AGAIN_MS = 60_000

/** Containers are kept so long after their end. */
const KEPT_MS = 3 * 60 * 60 * 1000

export class DefinitionMaterials {
  readonly #known: Map<string, RunMaterials>
  readonly #failed = new Map<string, {readonly error: KnownError; readonly at: Instant}>()

  constructor(
    private readonly world: World,
    given: Materials | undefined,
    private readonly allowClientSecrets: boolean,
  ) {
    this.#known = new Map(given)
  }

  /** What tasks of these definitions cannot be given here and now; those that need nothing are not named. */
  async withheld(state: State, clusterId: string, definitionIds: Iterable<string>): Promise<Withheld> {
    const withheld = new Map<string, {readonly why: string; readonly instanceIds: ReadonlySet<string>}>()
    for (const id of new Set(definitionIds)) {
      const definition = recordAt(state.definitions, id)
      if (!definition || !needsOfClient(definition.document)) continue
      const error = await this.#find(definition)
      if (error) withheld.set(id, {why: error.message, instanceIds: this.#withPredecessor(state, clusterId, definition)})
    }
    return withheld
  }

  /** Those of the task; `undefined` where it needs none, or none are to be had. */
  async of(state: State, task: Task): Promise<RunMaterials | undefined> {
    const known = this.#known.get(task.definitionId)
    const definition = recordAt(state.definitions, task.definitionId)
    if (known || !definition || !needsOfClient(definition.document)) return known
    return materialsOnHost(this.world, state, definition, task, predecessors(state, task, this.world.clock.now()))
  }

  async #find(definition: TaskDefinition): Promise<KnownError | undefined> {
    if (this.#known.has(definition.id)) return undefined
    const failed = this.#failed.get(definition.id)
    const now = this.world.clock.now()
    if (failed && now - failed.at < LOOK_AGAIN_MS) return failed.error
    const sources = {secrets: [], fileSystems: [], allowClientSecrets: this.allowClientSecrets}
    try {
      this.#known.set(definition.id, await runMaterials(this.world, definition, definition.document, sources))
      return undefined
    } catch (error) {
      if (!(error instanceof KnownError) || this.world.signal.aborted) throw error
      this.#failed.set(definition.id, {error, at: now})
      return error
    }
  }

  /** File systems are no part of a container that could be read back. */
  #withPredecessor(state: State, clusterId: string, {document, id}: TaskDefinition): ReadonlySet<string> {
    const isReadable = (document.volumes ?? []).every(({efsVolumeConfiguration}) => efsVolumeConfiguration === undefined)
    const hasOptions = document.containerDefinitions.some(({logConfiguration}) => (logConfiguration?.secretOptions ?? []).length > 0)
    if (!isReadable || hasOptions) return new Set()
    const now = this.world.clock.now()
    const ids = instancesOf(state, clusterId).map((instance) => instance.id)
    return new Set(ids.filter((instanceId) => predecessors(state, {definitionId: id, instanceId}, now).length > 0))
  }
}

/** Tasks of the same definition on the same instance whose containers are there yet, the newest first. */
function predecessors(state: State, {definitionId, instanceId}: Pick<Task, 'definitionId' | 'instanceId'>, now: Instant): readonly Task[] {
  return Object.values(state.tasks)
    .filter((one) => one.definitionId === definitionId && one.instanceId === instanceId && one.startedAt !== undefined)
    .filter(({removeWhenStopped, stoppedAt}) => stoppedAt === undefined || (!removeWhenStopped && now - instant(stoppedAt) < KEPT_MS))
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
}
