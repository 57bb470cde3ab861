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
    const put = Object.keys(now).filter((id) => old[id] !== now[id] && !isDeepStrictEqual(old[id], now[id]))
    const gone = Object.keys(old).filter((id) => !Object.hasOwn(now, id))
    return [...put, ...gone].sort(compareText).map((id) => ({id, record: now[id] ?? null, table}))
  })
}
