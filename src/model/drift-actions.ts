// The actions that answer drift, and that nothing else asks for.
import type {ContainerUpdate} from './container-update.js'
import type {IgnoredDrift} from './ignored-drift.js'
import type {Instance} from './instance.js'
import type {Step} from './step.js'
import type {Task, TaskId} from './task.js'

export interface RecordTask extends Step {
  readonly kind: 'recordTask'
  /** As it will stand in the state; what it is on its host stays as it is. */
  readonly task: Task
  readonly instance: Instance
}

export interface UpdateContainer extends Step {
  readonly kind: 'updateContainer'
  readonly instance: Instance
  readonly taskId: TaskId
  readonly containerName: string
  readonly runtimeId: string
  /** What the engine holds it to from then on. */
  readonly update: ContainerUpdate
}

export interface RemoveContainers extends Step {
  readonly kind: 'removeContainers'
  readonly instance: Instance
  /** Containers that bear our labels and belong to no task that is known. */
  readonly containers: readonly {readonly runtimeId: string; readonly name: string}[]
}

export interface TagImage extends Step {
  readonly kind: 'tagImage'
  readonly instance: Instance
  readonly imageId: string
  readonly reference: string
}

export interface IgnoreDrift extends Step {
  readonly kind: 'ignoreDrift'
  readonly drift: Omit<IgnoredDrift, 'at' | 'by'>
  readonly by: string
}

export interface HeedDrift extends Step {
  readonly kind: 'heedDrift'
  /** Drift that was ignored, by id. */
  readonly ids: readonly string[]
}

export type DriftAction = RecordTask | UpdateContainer | RemoveContainers | TagImage | IgnoreDrift | HeedDrift

/** One line, as `renderPlan` gives one for every action. */
export function renderDriftAction(action: DriftAction): string {
  switch (action.kind) {
    case 'recordTask':
      return `record task ${action.task.id} on ${action.instance.name} as ${action.task.lastStatus}`
    case 'updateContainer':
      return `hold container ${action.containerName} on ${action.instance.name} to ${Object.keys(action.update).join(', ')}`
    case 'removeContainers':
      return `remove ${action.containers.map(({name}) => name).join(', ')} from ${action.instance.name}`
    case 'tagImage':
      return `name image ${action.imageId} ${action.reference} on ${action.instance.name}`
    case 'ignoreDrift':
      return `ignore drift ${action.drift.id}`
    case 'heedDrift':
      return `heed drift ${action.ids.join(', ')} again`
  }
}
