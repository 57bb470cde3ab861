// A task definition as one run of it really looks on a host: with its overrides, and with the container that Berth adds where the task's containers
// share a namespace (as the ECS agent's pause container does; amazon-ecs-agent, task.go, read 2026-11-26).
import type {ContainerDefinition} from './container-definition.js'
import {overridden, type TaskDefinitionDocument, type TaskOverride} from './task-definition.js'

/** No container of a definition can bear it: it has a dot. */
export const PAUSE_CONTAINER = 'internal.pause'

/** The image of the pause container, which Berth assembles itself; no registry has it. */
export const PAUSE_IMAGE = 'berth/pause:1'

/** Is it a container that Berth adds, and that no person is shown? */
export function isInternal(containerName: string): boolean {
  return containerName === PAUSE_CONTAINER
}

/** Do the task's containers share a network, process or IPC namespace of the task's own? */
export function sharesNamespace({ipcMode, networkMode, pidMode}: TaskDefinitionDocument): boolean {
  return networkMode === 'awsvpc' || pidMode === 'task' || ipcMode === 'task'
}

/**
 * The document with the run's overrides; where its containers share a namespace the pause container stands last, essential, and every other one starts
 * after it and so stops before it.
 */
export function runDocument(document: TaskDefinitionDocument, override: TaskOverride = {}): TaskDefinitionDocument {
  const whole = overridden(document, override)
  if (!sharesNamespace(whole)) return whole
  const pause: ContainerDefinition = {name: PAUSE_CONTAINER, image: PAUSE_IMAGE, essential: true, stopTimeout: 0}
  return {...whole, containerDefinitions: [...whole.containerDefinitions.map(afterPause), pause]}
}

function afterPause(container: ContainerDefinition): ContainerDefinition {
  return {...container, dependsOn: [{containerName: PAUSE_CONTAINER, condition: 'START'}, ...(container.dependsOn ?? [])]}
}
