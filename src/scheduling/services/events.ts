// What is told of services and daemons, in ECS's words (developer guide, "Service event messages"; and captures of real events, read 2026-11-23).
import type {Plan} from '../../model/plan.js'
import type {ServiceEvent} from '../../model/service.js'
import {type State, without, put} from '../../model/state.js'
import type {TaskId} from '../../model/task.js'
import {type Instant, instant, timestamp} from '../../model/time.js'

const KEPT_EVENTS = 100
/** What was told is not told again within it, unless something else happened meanwhile. */
const QUIET_MS = 6 * 60 * 60 * 1000

/** `(service web)` or `(daemon agent)`. */
export function told(kind: 'service' | 'daemon', name: string): string {
  return `(${kind} ${name})`
}

/** The events of a workload, the newest first. */
export function eventsOf({serviceEvents}: Pick<State, 'serviceEvents'>, workloadId: string): readonly ServiceEvent[] {
  return Object.values(serviceEvents)
    .filter((event) => event.workloadId === workloadId)
    .sort((a, b) => b.number - a.number)
}

const OBSTACLE = ' was unable to '

/** What is in the way of a workload, by its events; `undefined` where none of them tells of anything. */
export function obstacleIn(events: readonly ServiceEvent[]): string | undefined {
  return events.find(({message}) => message.includes(OBSTACLE))?.message
}

/** Would the message tell anything new? Not where it is the last word, or was told within six hours and nothing has gone well since. */
export function isNews(state: Pick<State, 'serviceEvents'>, workloadId: string, message: string, now: Instant): boolean {
  const recent = eventsOf(state, workloadId).filter(({at}) => now - instant(at) < QUIET_MS)
  const cleared = recent.findIndex((event) => event.message.endsWith(STEADY))
  const since = cleared > 0 ? recent.slice(0, cleared) : cleared === 0 ? recent.slice(0, 1) : recent
  return !since.some((event) => event.message === message)
}

/** How a message ends that says that all is well. */
export const STEADY = 'has reached a steady state.'

/** `state` with one more event, and without the oldest of more than a hundred. */
export function withEvent(state: State, workloadId: string, message: string, now: Instant): State {
  const events = eventsOf(state, workloadId)
  const number = (events[0]?.number ?? 0) + 1
  const id = `${workloadId}-${String(number).padStart(6, '0')}`
  const kept = events.slice(KEPT_EVENTS - 1).reduce((table, old) => without(table, old.id), state.serviceEvents)
  return {...state, serviceEvents: put(kept, id, {id, workloadId, number, at: timestamp(now), message})}
}

export function withoutEvents(state: State, workloadId: string): State {
  const others = Object.entries(state.serviceEvents).filter(([, event]) => event.workloadId !== workloadId)
  return {...state, serviceEvents: Object.fromEntries(others)}
}

/** `state`, in which the plan is recorded, with what its starts and stops tell of each workload. */
export function withTaskEvents(state: State, plan: Plan, idOf: (slot: string) => string, now: Instant): State {
  const byWorkload = new Map<string, {readonly who: string; readonly started: TaskId[]; readonly stopped: TaskId[]}>()
  for (const action of plan.actions) {
    const [id, workload] =
      action.kind === 'startTask'
        ? [idOf(action.slot), action.workload]
        : action.kind === 'stopTask' && action.stopCode === 'ServiceSchedulerInitiated'
          ? [action.taskId, state.tasks[action.taskId]?.workload]
          : []
    if (id === undefined || !workload) continue
    const entry = byWorkload.get(workload.id) ?? {who: told(workload.kind, workload.name), started: [], stopped: []}
    byWorkload.set(workload.id, entry)
    if (action.kind === 'startTask') entry.started.push(id)
    else entry.stopped.push(id)
  }
  return [...byWorkload].reduce((before, [workloadId, {started, stopped, who}]) => {
    const messages = [
      ...(stopped.length === 0 ? [] : [`${who} has stopped ${stopped.length} running tasks: ${named(stopped)}.`]),
      ...(started.length === 0 ? [] : [`${who} has started ${started.length} tasks: ${named(started)}.`]),
    ]
    return messages.reduce((one, message) => withEvent(one, workloadId, message, now), before)
  }, state)
}

function named(ids: readonly TaskId[]): string {
  return ids.map((id) => `(task ${id})`).join(' ')
}
