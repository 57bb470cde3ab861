// What tasks use, for which ECS has no call: in its manner of naming.
import type {State} from '../model/state.js'
import {the} from '../model/state.js'
import type {Task, TaskContainer} from '../model/task.js'
import {containerArn, taskArn} from './arns.js'

interface Row {
  readonly task: Task
  readonly container: TaskContainer
  readonly usage?: object
  readonly failure?: string
}

/** `{usage, failures}`: a reading for each container that gave one. */
export function usageJson({rows, state}: {readonly state: State; readonly rows: readonly Row[]}): object {
  const named = ({container, task}: Row) => {
    const {name} = the(state.clusters, task.clusterId)
    return {taskArn: taskArn(name, task.id), containerArn: containerArn(name, task.id, container.name), containerName: container.name}
  }
  return {
    usage: rows.flatMap((row) => (row.usage ? [{...named(row), ...row.usage}] : [])),
    failures: rows.flatMap((row) =>
      row.failure === undefined ? [] : [{arn: named(row).containerArn, reason: 'AGENT', detail: row.failure}],
    ),
  }
}

/** The processes as objects, each with the columns of the host's `ps` for names. */
export function processesJson({
  container,
  list: {processes, titles},
}: {
  readonly container: TaskContainer
  readonly list: {readonly titles: readonly string[]; readonly processes: readonly (readonly string[])[]}
}): object {
  return {
    containerName: container.name,
    processes: processes.map((cells) => Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? '']))),
  }
}
