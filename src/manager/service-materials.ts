// What the tasks of a service need of the client: found before anything is recorded, so that a secret that is nowhere stops the change and not the service.
import {recordAt} from '../model/state.js'
import {needsOfClient} from '../model/task-definition.js'
import {type DefinitionSource, definitionFor} from '../scheduling/definitions.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'
import {runMaterials, type SourcesWanted} from './materials.js'
import type {MaterialsOf} from './start-materials.js'

/** Secrets and files where the definition says they are. */
export const AS_DEFINED: SourcesWanted = {secrets: [], fileSystems: [], allowClientSecrets: false}

/** Those of the definition named, or of the one that the service runs; `undefined` where it needs nothing. Throws as `runMaterials`. */
export async function serviceMaterials(
  world: World,
  serviceId: string,
  wanted?: {readonly source: DefinitionSource; readonly sources: SourcesWanted},
): Promise<RunMaterials | undefined> {
  const {state} = await world.store.read()
  const service = recordAt(state.services, serviceId)
  const runs = service && recordAt(state.definitions, recordAt(state.deployments, service.deploymentId)?.definitionId ?? '')
  const definition = wanted ? definitionFor(state, wanted.source, world.clock.now()).definition : runs
  if (!definition || !needsOfClient(definition.document)) return undefined
  return runMaterials(world, definition, definition.document, wanted?.sources ?? AS_DEFINED)
}

/** Those of any definition, from where it says that they are. What it finds throws as `runMaterials`. */
export function definedMaterials(world: World, sources: SourcesWanted): MaterialsOf {
  return (definition) => runMaterials(world, definition, definition.document, sources)
}
