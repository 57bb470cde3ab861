// Which instances a daemon belongs on, whatever room there is for it now.
import type {Workload} from '../../model/service.js'
import type {TaskDefinitionDocument} from '../../model/task-definition.js'
import {needOf} from '../../model/task-definition.js'
import {groupOf} from '../../model/service.js'
import {type Demand, isFit, LASTING_QUESTIONS} from '../../placement/checks.js'
import {constraintsOf} from '../../placement/constraints.js'
import type {Candidate, Fleet} from '../../placement/fleet.js'
import type {RequiredAttribute} from '../../model/attributes.js'
import {daemonConstraints} from './daemon-request.js'

/** What the daemon's task asks of an instance. */
export function demandOf(daemon: Workload, document: TaskDefinitionDocument, requiredAttributes: readonly RequiredAttribute[]): Demand {
  return {group: groupOf('daemon', daemon.name), need: needOf(document), requiredAttributes}
}

/**
 * Those that are ACTIVE, answer, and meet the constraints of the definition and of the daemon, in order of their names.
 */
export function matchingInstances(
  daemon: Workload,
  document: TaskDefinitionDocument,
  demand: Demand,
  {candidates}: Fleet,
): readonly Candidate[] {
  const questions = [...LASTING_QUESTIONS, ...constraintsOf(daemonConstraints(daemon, document)).questions]
  return candidates.filter((candidate) => isFit(questions, demand, candidate))
}
