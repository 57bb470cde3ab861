// What became of the records between two states, and the state that follows from it.
import {canonicalJson} from './canonical.js'
import {epochOf, withEpochsFrom} from './cluster.js'
import {compareText, type State, type TableName, TABLES} from './state.js'

/** A record that was put, or removed (`null`). */
export interface RecordChange {
  readonly table: TableName
  readonly id: string
  readonly record: unknown
}

type Records = Readonly<Record<string, object>>

/** The records of `after` that are not in `before` or not equal there, and `null` for those gone: by table, then by id. */
export function recordsChanged(before: State, after: State): readonly RecordChange[] {
  return TABLES.flatMap((table) => {
    const old: Records = before[table]
    const now: Records = after[table]
    if (old === now) return []
    const put = Object.keys(now).filter((id) => !isSame(old, id, now[id]))
    const gone = Object.keys(old).filter((id) => !Object.hasOwn(now, id))
    return [...put, ...gone].sort(compareText).map((id) => ({id, record: Object.hasOwn(now, id) ? (now[id] ?? null) : null, table}))
  })
}

/** The state with what the changes put and removed, in their order. */
export function withRecords(state: State, changes: Iterable<RecordChange>): State {
  const tables: {[table: string]: {[id: string]: unknown}} = {}
  for (const {id, record, table} of changes) {
    const changed = tables[table] ?? {...state[table]}
    tables[table] = changed
    if (record === null) delete changed[id]
    // Not by assignment: a family may be called `__proto__`.
    else Object.defineProperty(changed, id, {configurable: true, enumerable: true, value: record, writable: true})
  }
  return {...state, ...tables}
}

/** A table is a plain object: asked for `constructor`, it would answer with its own. */
function isSame(old: Records, id: string, record: object | undefined): boolean {
  if (!Object.hasOwn(old, id)) return false
  return old[id] === record || canonicalJson(old[id]) === canonicalJson(record)
}

/** The clusters of `wanted`, once it takes the place of `state`: their epochs are not below any that a client of either has stamped on hosts. */
export function clustersGoingOn(state: State, wanted: State): State['clusters'] {
  const clusters = Object.values(wanted.clusters).map((cluster) => {
    const now = state.clusters[cluster.id]
    const newest = Math.max(epochOf(cluster, wanted.revision), now === undefined ? 0 : epochOf(now, state.revision))
    return withEpochsFrom(cluster, state.revision, newest)
  })
  return Object.fromEntries(clusters.map((cluster) => [cluster.id, cluster]))
}
