// What the tasks of a service or a daemon need of the client that deploys it: found before anything is recorded, so that a secret that is nowhere stops the change and not
// the service.
import {parseDefinitionReference} from '../model/reference.js'
import {needsOfClient} from '../model/task-definition.js'
import {type DefinitionSource, definitionFor} from '../scheduling/definitions.js'
import type {World} from '../world/world.js'
import type {Materials} from './definition-materials.js'
import {runMaterials, type SourcesWanted} from './materials.js'

/** What is to be deployed, and where the secrets of that are. */
export interface DeployedSources {
  readonly source: DefinitionSource
  readonly sources: SourcesWanted
}

/** The definition that a person names. */
export function registeredSource(reference: string): DefinitionSource {
  return {kind: 'registered', reference: parseDefinitionReference(reference)}
}

/** By the id that the definition has or will have; `undefined` where it needs nothing. Throws as `runMaterials`. */
export async function deployedMaterials(world: World, {source, sources}: DeployedSources): Promise<Materials | undefined> {
  const {state} = await world.store.read()
  const {definition} = definitionFor(state, source, world.clock.now())
  if (!needsOfClient(definition.document)) return undefined
  return new Map([[definition.id, await runMaterials(world, definition, definition.document, sources)]])
}
