// What became of the records between two states.
import {isDeepStrictEqual} from 'node:util'
import {compareText, type State, TABLES} from '../model/state.js'
import type {Change} from '../world/store.js'

/** The records of `after` that are not in `before` or not equal there, and `null` for those gone: by table, then by id. */
export function recordsChanged(before: State, after: State): Change['records'] {
  return TABLES.flatMap((table) => {
    const old: Readonly<Record<string, object>> = before[table]
    const now: Readonly<Record<string, object>> = after[table]
    if (old === now) return []
    // A table is a plain object: asked for `constructor`, it would answer with its own.
    const recordOf = (among: typeof old, id: string): object | null => (Object.hasOwn(among, id) ? (among[id] ?? null) : null)
    const ids = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort(compareText)
    return ids
      .map((id) => ({was: recordOf(old, id), id, record: recordOf(now, id), table}))
      .filter(({was, record}) => was !== record && !isDeepStrictEqual(was, record))
      .map(({id, record}) => ({id, record, table}))
  })
}
