// The state, its revisions and locks, and what a look or a resumed command changed in it, as a person reads them.
import type {Intent} from '../model/intent.js'
import {shellWord} from '../model/names.js'
import type {Note} from '../model/plan.js'
import type {State} from '../model/state.js'
import type {RecordChange} from '../model/state-changes.js'
import type {Instant} from '../model/time.js'
import type {Change, StateLock} from '../world/store.js'
import {ago} from './age.js'
import {table, visible} from './table.js'
import type {View} from './view.js'

/** Ids: the path. */
export function stateLocationView(path: string): View {
  return {ids: [path], text: path}
}

/** The whole document; ids: its revision. */
export function stateView(state: State): View {
  return {ids: [String(state.revision)], text: JSON.stringify(state, undefined, 2)}
}

/** Ids: the revisions. */
export function historyView(commits: readonly Change[], now: Instant): View {
  const ids = commits.map(({revision}) => String(revision))
  if (commits.length === 0) return {ids, text: 'Nothing has been committed yet.'}
  const rows = commits.map(({at, because, by, command, records, revision}) => [
    String(revision),
    ago(at, now),
    by,
    command,
    String(records.length),
    because,
  ])
  return {ids, text: table(['REVISION', 'WHEN', 'BY', 'COMMAND', 'RECORDS', 'BECAUSE'], rows)}
}

/** A line a record, and below it what of it changed. Ids: `tasks/ID`. */
export function stateDiffView({before, records}: {readonly before: State; readonly records: readonly RecordChange[]}): View {
  const ids = records.map(({id, table: name}) => `${name}/${id}`)
  if (records.length === 0) return {ids, text: 'Nothing changed.'}
  return {ids, text: records.map((change) => recordLines(before, change)).join('\n')}
}

/** Ids: the revision that the state has now. */
export function restoredView({from, revision}: {readonly from: number; readonly revision: number}): View {
  return {ids: [String(revision)], text: `The state is as it was at revision ${from}; it is revision ${revision} now.`}
}

/** How the copy is used. Ids: where it lies. */
export function migratedView({
  from,
  location,
  revision,
}: {
  readonly from: string
  readonly location: string
  readonly revision: number
}): View {
  const lines = [
    `Revision ${revision} of the state lies at ${location} now; the one at ${from} is as it was.`,
    'Commands use it once you say so, on each machine:',
    `  export BERTH_STATE=${shellWord(location)}`,
  ]
  return {ids: [location], text: lines.map(visible).join('\n')}
}

/** Ids: the names. */
export function locksView(locks: readonly StateLock[]): View {
  const ids = locks.map(({name}) => name)
  if (locks.length === 0) return {ids, text: 'Nothing is locked.'}
  const rows = locks.map(({by, command, isAlive, name, pid, since}) => [
    name,
    by === undefined ? String(pid ?? '-') : `${pid} of ${by}`,
    command ?? '-',
    since ?? '-',
    isAlive ? 'lives' : 'dead',
  ])
  return {ids, text: table(['NAME', 'PROCESS', 'COMMAND', 'SINCE', 'HOLDER'], rows)}
}

/** What a look changed, and who was silent. Ids: `tasks/ID`. */
export function refreshedView({
  before,
  records,
  silent,
  unkept,
}: {
  readonly before: State
  readonly records: readonly RecordChange[]
  readonly silent: Readonly<Record<string, string>>
  readonly unkept: readonly string[]
}): View {
  const {ids, text} = stateDiffView({before, records})
  const lines = Object.entries(silent).map(([name, why]) => visible(`${name} did not answer: ${why}`))
  const lost = unkept.map((name) => visible(`${name} does not keep what it should: the state could not be made anew from it`))
  return {ids, text: [text, ...lines, ...lost].join('\n')}
}

/** Ids: those of the intents. */
export function resumedView(resumed: readonly {readonly intent: Intent; readonly undone: readonly string[]}[]): View {
  const lines = resumed.map(({intent: {actions, begunAt, by, command}, undone}) => {
    const what = `${actions.length === 1 ? '1 action' : `${actions.length} actions`}${undone.length === 0 ? '' : `, ${undone.length} taken back`}`
    return `"berth ${command}" of ${by}, begun ${begunAt}: ${what}`
  })
  return {ids: resumed.map(({intent}) => intent.id), text: lines.length === 0 ? 'Nothing was left in the middle.' : lines.join('\n')}
}

/** What the hosts told that the state did not know. Ids: `tasks/ID`. */
export function rebuiltView({
  before,
  notes,
  records,
  revision,
}: {
  readonly before: State
  readonly records: readonly RecordChange[]
  readonly revision: number
  readonly notes: readonly Note[]
}): View {
  const ids = records.map(({id, table: name}) => `${name}/${id}`)
  const lines = [...records.map((change) => recordLines(before, change)), ...notes.map(({said}) => visible(`note: ${said}`))]
  const end = records.length === 0 ? 'The state knew all that the hosts bear.' : `The state is revision ${revision} now.`
  return {ids, text: [...lines, end].join('\n')}
}

function recordLines(before: State, {id, record, table: name}: RecordChange): string {
  const named = visible(`${name}/${id}`)
  const records: Readonly<Record<string, unknown>> = before[name]
  const old = Object.hasOwn(records, id) ? fieldsOf(records[id]) : undefined
  if (record === null) return `- ${named}`
  if (!old) return `+ ${named}`
  const now = fieldsOf(record)
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((field) => old[field] !== now[field])
  return [`~ ${named}`, ...names.map((field) => visible(`    ${field}: ${old[field] ?? '-'} -> ${now[field] ?? '-'}`))].join('\n')
}

/** Each field as text. */
function fieldsOf(record: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name, JSON.stringify(value)]))
}
