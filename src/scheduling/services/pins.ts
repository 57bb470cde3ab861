// Version consistency (developer guide, "Container image resolution", read 2026-11-23): what the first task of a deployment ran, the later ones run too.
import type {Deployment, PinnedImage} from '../../model/deployment.js'
import type {PinImages} from '../../model/service-actions.js'
import type {Workload} from '../../model/service.js'
import type {State} from '../../model/state.js'
import type {Standing} from './standing.js'

/** The images of the task that runs for the longest, once: for the containers whose definition does not say `versionConsistency: disabled`. */
export function pinActions(state: State, {name}: Workload, primary: Deployment, standings: readonly Standing[]): readonly PinImages[] {
  if (primary.images !== undefined) return []
  const [first] = standings.filter(({isCurrent, isRunning}) => isCurrent && isRunning)
  const document = state.definitions[primary.definitionId]?.document
  if (!first || !document) return []
  const held = new Set(
    document.containerDefinitions.filter(({versionConsistency}) => versionConsistency !== 'disabled').map((one) => one.name),
  )
  const images = first.task.containers.flatMap(
    ({imageDigest, internal, name: container, repoDigest}): readonly (readonly [string, PinnedImage])[] =>
      imageDigest === undefined || internal || !held.has(container)
        ? []
        : [[container, {id: imageDigest, ...(repoDigest === undefined ? {} : {repoDigest})}]],
  )
  if (images.length === 0) return []
  const because = 'the first of its tasks runs'
  return [{kind: 'pinImages', deploymentId: primary.id, name, images: Object.fromEntries(images), because}]
}
