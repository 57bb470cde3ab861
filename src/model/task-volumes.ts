// The volumes of one task on its host: which are the task's own, and what each is called there.
import type {TaskId} from './task.js'
import type {TaskDefinitionDocument, Volume} from './task-definition.js'

/** A folder of the host. */
export interface HostFolder {
  readonly kind: 'folder'
  readonly path: string
}

/** A volume of the engine: `task` ones come and go with the task, `shared` ones stay, whoever made them. */
export interface EngineVolume {
  readonly kind: 'task' | 'shared'
  readonly name: string
}

/**
 * Where a volume of the definition lies on the task's host. One without a source, one whose scope is not `shared`, and an EFS file system are the task's
 * own: containers of the task share them, and they go with it.
 */
export function placeOf(volume: Volume, taskId: TaskId): HostFolder | EngineVolume {
  const path = volume.host?.sourcePath
  if (path !== undefined) return {kind: 'folder', path}
  if (volume.dockerVolumeConfiguration?.scope === 'shared') return {kind: 'shared', name: volume.name}
  return {kind: 'task', name: `berth-${volume.name}-${taskId}`}
}

/** The names of the volumes that come and go with the task, in the order of the definition. */
export function taskVolumeNames({volumes}: Pick<TaskDefinitionDocument, 'volumes'>, taskId: TaskId): readonly string[] {
  return (volumes ?? []).flatMap((volume) => {
    const place = placeOf(volume, taskId)
    return place.kind === 'task' ? [place.name] : []
  })
}
