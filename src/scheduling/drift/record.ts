// What the state says once an answer to drift is decided. What a host must be asked for leaves no trace in it: the next look finds what is left.
import type {DriftAction} from '../../model/drift-actions.js'
import {put, recordAt, type State} from '../../model/state.js'
import {type Instant, timestamp} from '../../model/time.js'

/** `state` with tasks as they were found, and with what is known to differ. */
export function recordDriftAction(state: State, action: DriftAction, now: Instant): State {
  switch (action.kind) {
    case 'recordTask':
      return {...state, tasks: put(state.tasks, action.task.id, action.task)}
    case 'ignoreDrift': {
      const {by, drift} = action
      return {...state, ignoredDrift: put(state.ignoredDrift, drift.id, {...drift, by, at: timestamp(now)})}
    }
    case 'heedDrift':
      return {...state, ignoredDrift: Object.fromEntries(Object.entries(state.ignoredDrift).filter(([id]) => !action.ids.includes(id)))}
    case 'removeContainers':
    case 'tagImage':
    case 'updateContainer':
      return state
  }
}

/** `state` without ignored drift of instances that it does not have. */
export function withoutGoneDrift(state: State): State {
  const left = Object.entries(state.ignoredDrift).filter(([, {instanceId}]) => recordAt(state.instances, instanceId))
  return left.length === Object.keys(state.ignoredDrift).length ? state : {...state, ignoredDrift: Object.fromEntries(left)}
}
