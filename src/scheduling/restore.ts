// The state as it was, again.
import type {Plan} from '../model/plan.js'
import type {State} from '../model/state.js'
import {clustersGoingOn, recordsChanged} from '../model/state-changes.js'

/** Every record as it stood at that revision; what the hosts hold stays as it is. */
export function planRestore(state: State, wanted: State): Plan {
  // What clients have begun is of now, whatever else was once.
  const records = recordsChanged(state, {...wanted, clusters: clustersGoingOn(state, wanted), intents: state.intents})
  if (records.length === 0) return {actions: [], notes: [{said: `the state is as it was at revision ${wanted.revision}`}], refusals: []}
  const because = `it is at revision ${state.revision}`
  return {
    actions: [{kind: 'restoreState', revision: wanted.revision, records, because, destructive: true}],
    notes: [{said: 'containers and volumes on the hosts stay as they are; the next look tells what became of recorded tasks'}],
    refusals: [],
  }
}
