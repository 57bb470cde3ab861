// Another task in the place of one that drifted, where all that it needs is known.
import type {Answer} from '../model/drift.js'
import {the} from '../model/state.js'
import type {Task} from '../model/task.js'
import {overridden, type TaskDefinitionDocument} from '../model/task-definition.js'
import type {HostAsked} from './drift-asked.js'
import {can, cannot} from './drift-made.js'

/** To stop what is left of the task, and to start another of the same definition. */
export function replacement({state}: Pick<HostAsked, 'state'>, task: Task, found: Task): Answer {
  const why = whyNotReplaced(overridden(the(state.definitions, task.definitionId).document, task.override))
  if (why !== undefined) return cannot(why, `berth task run ${task.definitionId}`)
  const ends = found.lastStatus === 'STOPPED' ? '' : 'the task is stopped, and '
  return can(`${ends}another of ${task.definitionId} starts in its place`, {kind: 'replace', taskId: task.id, found})
}

/** What only the client of its run had in hand: no record has it, so nobody else starts such a task. */
function whyNotReplaced({containerDefinitions, volumes = []}: TaskDefinitionDocument): string | undefined {
  const isSecretive = containerDefinitions.some(
    ({environmentFiles = [], logConfiguration, secrets = []}) =>
      environmentFiles.length + secrets.length + (logConfiguration?.secretOptions ?? []).length > 0,
  )
  if (isSecretive) return 'its secrets and environment files are known to who runs it'
  return volumes.some(({efsVolumeConfiguration}) => efsVolumeConfiguration)
    ? 'what stands for its EFS volumes is known to who runs it'
    : undefined
}
