// May a whole state go where another lies, lineage and revision and all?
import {ConflictError} from '../errors.js'
import {quoted, shellWord} from './names.js'
import type {State} from './state.js'
import {recordsChanged} from './state-changes.js'

/**
 * May `state` take the place of `current`, which lies at `location`? False: it is there already. Throws `ForeignState` where another lineage lies, and `StateNewer` where
 * what lies there has gone on, or has come to the same revision in another way.
 */
export function adoptable(current: State, state: State, location: string): boolean {
  if (current.revision === 0) return true
  if (current.lineage !== state.lineage)
    throw new ConflictError('ForeignState', `At ${quoted(location)} lies a state of another lineage: it tells of other clusters.`, {
      suggestions: [`berth state show --state ${shellWord(location)}`],
    })
  if (current.revision > state.revision)
    throw new ConflictError(
      'StateNewer',
      `The state at ${quoted(location)} is at revision ${current.revision}, newer than revision ${state.revision}, which would take its place.`,
      {suggestions: [`berth state history --state ${shellWord(location)}`]},
    )
  if (current.revision === state.revision && recordsChanged(current, state).length > 0) throw goneOnOtherwise(current, location)
  return current.revision < state.revision
}

/** `StateNewer`: two copies of one state went on, each in its own way. */
export function goneOnOtherwise({revision}: State, location: string): ConflictError {
  return new ConflictError(
    'StateNewer',
    `The state at ${quoted(location)} came to revision ${revision} in another way: it was changed after it was copied, and that would be lost.`,
    {suggestions: [`berth state history --state ${shellWord(location)}`, `berth state show --state ${shellWord(location)}`]},
  )
}
