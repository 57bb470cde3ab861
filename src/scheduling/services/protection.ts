// Task protection: tasks that the scheduler does not stop (API reference of UpdateTaskProtection, read 2026-11-23).
import type {Plan} from '../../model/plan.js'
import {recordAt, type State} from '../../model/state.js'
import type {Task} from '../../model/task.js'
import {type Instant, timestamp} from '../../model/time.js'

export interface ProtectWanted {
  readonly tasks: readonly Task[]
  /** Absent: they are protected no longer. */
  readonly minutes?: number
}

/** A protection for each task of a service that has not stopped, anew also where it had one; a note for each of the others. */
export function planProtection(state: State, {minutes, tasks}: ProtectWanted, now: Instant): Plan {
  const current = tasks.flatMap(({id}) => recordAt(state.tasks, id) ?? [])
  const until = minutes === undefined ? {} : {until: timestamp(now + minutes * 60_000)}
  return {
    actions: current
      .filter((task) => isProtectable(task) && (minutes !== undefined || task.protectedUntil !== undefined))
      .map(({id}) => ({kind: 'protectTask', taskId: id, ...until, because: 'asked for'})),
    notes: current
      .filter((task) => !isProtectable(task))
      .map(({id}) => ({said: `task ${id} is of no service, or has stopped: it cannot be protected`})),
    refusals: [],
  }
}

/** Only tasks of services are, as on ECS, while they have not stopped. */
export function isProtectable({lastStatus, workload}: Task): boolean {
  return workload?.kind === 'service' && lastStatus !== 'STOPPED'
}
