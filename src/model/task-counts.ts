// How many tasks run and how many are on their way, as ECS counts them for clusters and instances.
import type {Task} from './task.js'

export interface TaskCounts {
  readonly runningTasksCount: number
  /** PROVISIONING, PENDING and ACTIVATING: not yet RUNNING. */
  readonly pendingTasksCount: number
}

/** By last status; tasks that are stopping or have stopped are in neither count. */
export function taskCounts(tasks: readonly Task[]): TaskCounts {
  const count = (...statuses: readonly Task['lastStatus'][]) => tasks.filter((task) => statuses.includes(task.lastStatus)).length
  return {runningTasksCount: count('RUNNING'), pendingTasksCount: count('PROVISIONING', 'PENDING', 'ACTIVATING')}
}
