// A state carried to another store, as it is.
import type {Plan} from '../model/plan.js'
import type {State} from '../model/state.js'
import {adoptable} from '../model/state-adoption.js'
import {recordsChanged} from '../model/state-changes.js'

/**
 * `state` in place of `there`, which lies at `location`: an earlier revision of it goes, and where nothing was written nothing does. Throws `ForeignState` and
 * `StateNewer`.
 */
export function planMigrate(there: State, state: State, location: string): Plan {
  if (!adoptable(there, state, location))
    return {actions: [], notes: [{said: `revision ${state.revision} lies there already`}], refusals: []}
  const isEmpty = there.revision === 0
  const because = isEmpty ? 'nothing lies there' : `revision ${there.revision} of it lies there`
  const records = recordsChanged(there, state)
  return {
    actions: [{kind: 'restoreState', revision: state.revision, records, location, because, ...(isEmpty ? {} : {destructive: true})}],
    notes: [{said: 'the state that is copied stays as it is; what is committed to it from now on is not copied'}],
    refusals: [],
  }
}
