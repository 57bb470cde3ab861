// The next step of one task's containers, decided from what was seen of them. It touches nothing: `tasks` carries the steps out.
import type {ContainerDefinition} from '../model/container-definition.js'
import {DEFAULT_STOP_TIMEOUT_SECONDS, type TaskDefinitionDocument} from '../model/task-definition.js'
import type {DesiredStatus} from '../model/task.js'

/** How far a container has come; it only ever moves to the right. */
export type ContainerPhase = 'none' | 'created' | 'running' | 'stopped'

/** By the container's name in its definition; a name that is missing counts as `none`. */
export type ContainerPhases = Readonly<Record<string, ContainerPhase>>

export type ContainerStep =
  | {readonly kind: 'create'; readonly container: ContainerDefinition}
  | {readonly kind: 'start'; readonly container: ContainerDefinition}
  | {readonly kind: 'stop'; readonly container: ContainerDefinition; readonly timeoutSeconds: number}

/**
 * The steps that can be taken now, at once, in the order of the definition; none when the task is where it is wanted.
 * A task whose essential container has stopped is wanted stopped, whatever was asked before.
 */
export function nextSteps(document: TaskDefinitionDocument, desired: DesiredStatus, phases: ContainerPhases): readonly ContainerStep[] {
  const containers = document.containerDefinitions
  const over =
    desired === 'STOPPED' || containers.some((container) => container.essential !== false && phases[container.name] === 'stopped')
  return containers.flatMap((container) => stepOf(container, phases[container.name] ?? 'none', over))
}

function stepOf(container: ContainerDefinition, phase: ContainerPhase, over: boolean): readonly ContainerStep[] {
  switch (phase) {
    case 'none':
      return over ? [] : [{kind: 'create', container}]
    case 'created':
      return over ? [] : [{kind: 'start', container}]
    case 'running':
      return over ? [{kind: 'stop', container, timeoutSeconds: container.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS}] : []
    case 'stopped':
      return []
  }
}
