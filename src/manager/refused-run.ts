// The error of a run of which tasks found no place.
import {placementFailures} from '../ecs/failures.js'
import {PlacementError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Change, Explanation} from '../model/explanation.js'
import {refusalText} from '../placement/refusal-text.js'
import type {Settled} from './settled.js'

/** What can be told of a placement. */
export interface Why {
  readonly explained: () => Explanation
  /** Under which it was kept. */
  readonly runId: string | undefined
}

/** Throws `NoInstances` or `NoInstanceFits` when the plan refuses tasks, with what each instance lacks; `tasks`: the JSON of those that were started. */
export function throwIfRefused({plan}: Settled, {name}: Cluster, tasks: readonly object[], {explained, runId}: Why): void {
  const {refusals} = plan
  const [refusal] = refusals
  if (!refusal) return
  const failures = placementFailures(name, refusals)
  if (refusal.reasons.length === 0)
    throw new PlacementError('NoInstances', `Cluster "${name}" has no instances to run a task on.`, {
      suggestions: [`berth instance join local -c ${name}`, `berth instance join ssh://user@host.example -c ${name}`],
      result: {tasks, failures},
    })
  const isAll = !plan.actions.some(({kind}) => kind === 'startTask')
  const which = refusals.length > 1 ? `${refusals.length} of the tasks` : isAll ? 'the task' : 'one of the tasks'
  // Tasks of one run share their reasons; of tasks that were started on named instances two may lack the same on one of them.
  const reasons = [
    ...new Map(
      refusals.flatMap((one) => one.reasons).map((reason) => [`${reason.instanceId} ${reason.code} ${reason.said}`, reason]),
    ).values(),
  ]
  const {changes} = explained()
  const told = [refusalText({...refusal, reasons}), ...changes.map(changeText)].join('\n')
  throw new PlacementError('NoInstanceFits', `No instance of cluster "${name}" can take ${which}.\n${told}`, {
    suggestions: [
      `berth instance list -c ${name}`,
      `berth task list -c ${name}`,
      ...(runId === undefined ? [] : [`berth placement explain --run ${runId.slice(0, 12)} -c ${name}`]),
    ],
    result: {tasks, failures, changes},
  })
}

function changeText({instances, text}: Change): string {
  return `change: ${text} (${instances.join(', ')})`
}
