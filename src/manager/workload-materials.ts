// What the tasks of a service or a daemon need of the client: found before anything is recorded, so that a secret that is nowhere stops the change and not the service.
import {recordAt} from '../model/state.js'
import {needsOfClient} from '../model/task-definition.js'
import {type DefinitionSource, definitionFor} from '../scheduling/definitions.js'
import {workloadAt, type WorkloadNamed} from '../scheduling/services/workload-requests.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'
import {runMaterials, type SourcesWanted} from './materials.js'

/** Secrets and files where the definition says they are. */
export const AS_DEFINED: SourcesWanted = {secrets: [], fileSystems: [], allowClientSecrets: false}

/** Those of the definition named, or of the one that the service or daemon runs; `undefined` where it needs nothing. Throws as `runMaterials`. */
export async function workloadMaterials(
  world: World,
  named: WorkloadNamed,
  wanted?: {readonly source: DefinitionSource; readonly sources: SourcesWanted},
): Promise<RunMaterials | undefined> {
  const {state} = await world.store.read()
  const workload = workloadAt(state, named)
  const runs = workload && recordAt(state.definitions, recordAt(state.deployments, workload.deploymentId)?.definitionId ?? '')
  const definition = wanted ? definitionFor(state, wanted.source, world.clock.now()).definition : runs
  if (!definition || !needsOfClient(definition.document)) return undefined
  return runMaterials(world, definition, definition.document, wanted?.sources ?? AS_DEFINED)
}
