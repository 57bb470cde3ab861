// `task protect`: which tasks no scheduler stops, and until when.
import {ConflictError} from '../errors.js'
import {isProtectable, planProtection} from '../scheduling/services/protection.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {clusterNamed, findTask} from './resolve.js'
import {settle} from './settle.js'
import type {FoundTasks} from './tasks.js'

export interface ProtectTasksWanted {
  readonly cluster: string | undefined
  readonly tasks: readonly string[]
  /** Absent: they are protected no longer. */
  readonly minutes: number | undefined
  readonly dryRun: boolean
}

/** The tasks, protected or no longer so. Throws `TaskNotValid` where none of them can be; the others are noted. */
export async function protectTasks(
  world: World,
  {cluster: named, dryRun, minutes, tasks: texts}: ProtectTasksWanted,
): Promise<Done<FoundTasks>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, named)
  const tasks = texts.map((text) => findTask(state, cluster, text))
  if (!tasks.some(isProtectable))
    throw new ConflictError('TaskNotValid', 'None of these tasks can be protected: only tasks of services that have not stopped can.', {
      suggestions: [`berth service list -c ${cluster.name}`, `berth task list -c ${cluster.name}`],
    })
  const settled = await settle(world, {
    because: `${minutes === undefined ? 'end the protection of' : 'protect'} ${tasks.length === 1 ? 'a task' : `${tasks.length} tasks`}`,
    decide: (current, _, now) => planProtection(current, {tasks, ...(minutes === undefined ? {} : {minutes})}, now),
    dryRun,
  })
  if (!dryRun) for (const {said} of settled.plan.notes) world.reporter.note(said)
  return done(settled, dryRun, () => ({state: settled.state, cluster, tasks: tasks.flatMap(({id}) => settled.state.tasks[id] ?? [])}))
}
