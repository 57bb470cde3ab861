// A task on a host that does not answer any more.
import {taskJson} from '../ecs/tasks.js'
import {UnreachableError} from '../errors.js'
import type {State} from '../model/state.js'
import type {Task} from '../model/task.js'

/**
 * A silent host says nothing of its tasks: this one may go on, and the person learns how to come back to it. `tasks` are all of its run, as the state knew
 * them last. Another error is returned as it is.
 */
export function outOfSight<E>(state: State, task: Task, tasks: readonly Task[], error: E): E | UnreachableError {
  if (!(error instanceof UnreachableError)) return error
  const ways = task.startedAt === undefined ? ['describe', 'stop'] : ['wait', 'logs -f']
  const suggestions = [...ways.map((way) => `berth task ${way} ${task.id}`), ...error.suggestions]
  return new UnreachableError(error.code, `Task ${task.id} is out of sight and may go on: ${error.message}`, {
    cause: error,
    suggestions,
    result: {tasks: tasks.map((one) => taskJson(state, one)), failures: []},
  })
}
