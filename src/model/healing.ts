// Who brings a task of a service back that has died: a controller or an agent by putting another in its place, or, where neither is in charge, the engine by
// starting its container again.
import {isInternal, runDocument} from './run-document.js'
import type {TaskDefinitionDocument} from './task-definition.js'

/** The engine's restart policy of a container that it is to start again whenever it ends, after a reboot too, unless somebody has stopped it. */
export const ENGINE_RESTARTS = 'unless-stopped'

/**
 * Can the engine alone bring a task of this back as it was? Only one of a single container that shares no namespace: an engine knows no order among containers. A
 * restart policy of the definition's own decides by itself.
 */
export function isHealedByEngine(document: TaskDefinitionDocument): boolean {
  const {containerDefinitions} = runDocument(document)
  const [only, ...others] = containerDefinitions
  return only !== undefined && others.length === 0 && !isInternal(only.name) && only.restartPolicy?.enabled !== true
}
