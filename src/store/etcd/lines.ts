// A commit as it lies in the history: what it put and removed, and what stood there before, so that the way back can be gone from the newest state.
import {compareText, type State, TABLES} from '../../model/state.js'
import {type RecordChange, recordsChanged, withRecords} from '../../model/state-changes.js'
import type {Timestamp} from '../../model/time.js'
import type {Change, Why} from '../../world/store.js'

/** One commit with the way back. */
export interface Line {
  /** Drawn for this commit: by it a client knows its own again. */
  readonly commit: string
  readonly change: Change
  /** What the records were, in the order of the change's; `null`: not there. Absent where a whole state was taken over, which has no way back. */
  readonly was?: readonly unknown[]
}

/** What stands in the key of a commit: all of it, or where its parts lie. */
export type LineOrParts = Line | {readonly commit: string; readonly parts: number}

/** The commit that leads from one state to the next. */
export function lineOf(
  before: State,
  after: State,
  {because, by, command}: Why,
  {at, commit}: {readonly at: Timestamp; readonly commit: string},
): Line {
  const records = recordsChanged(before, after)
  const was = records.map(({id, table}) => {
    const old: Readonly<Record<string, object>> = before[table]
    return Object.hasOwn(old, id) ? old[id] : null
  })
  return {commit, change: {revision: after.revision, at, because, by, command, records}, was}
}

/** The state before the commits, which led one after the other to `state`; `undefined` where one of them has no way back. */
export function withoutLines(state: State, lines: readonly Line[]): State | undefined {
  let current: State | undefined = state
  for (const {change, was} of lines.toReversed()) {
    if (!current || !was || change.revision !== current.revision) return undefined
    const back = change.records.map(({id, table}, index): RecordChange => ({id, record: was[index] ?? null, table}))
    current = {...withRecords(current, back), revision: change.revision - 1}
  }
  return current && inOrder(current)
}

/** The records by their ids: what is gone back to has no order of its own. */
function inOrder(state: State): State {
  const sorted = TABLES.map((name) => [name, Object.fromEntries(Object.entries(state[name]).sort(([a], [b]) => compareText(a, b)))])
  return {...state, ...Object.fromEntries(sorted)}
}

/** Do they follow that revision and one another? */
export function isGapless(revision: number, lines: readonly Line[]): boolean {
  return lines.every(({change}, index) => change.revision === revision + index + 1)
}
