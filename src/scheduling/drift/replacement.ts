// Another task in the place of one that drifted, where all that it needs is known.
import type {Answer} from '../../model/drift.js'
import {the} from '../../model/state.js'
import type {Task} from '../../model/task.js'
import {needsOfClient, overridden} from '../../model/task-definition.js'
import type {HostAsked} from './asked.js'
import {can, cannot} from './made.js'

/** To stop what is left of the task, and to start another of the same definition. */
export function replacement({state}: Pick<HostAsked, 'state'>, task: Task, found: Task): Answer {
  if (needsOfClient(overridden(the(state.definitions, task.definitionId).document, task.override)))
    return cannot('it needs secrets, files or EFS that only who runs it can give', `berth task run ${task.definitionId}`)
  const ends = found.lastStatus === 'STOPPED' ? '' : 'the task is stopped, and '
  return can(`${ends}another of ${task.definitionId} starts in its place`, {kind: 'replace', taskId: task.id, found})
}
