// The revisions of a state file that can still be told: from the snapshots and journals of its history, and those of now, as far as they are whole.
import {readFile} from 'node:fs/promises'
import {NotFoundError, StateError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import {emptyState, type State} from '../model/state.js'
import type {Change} from '../world/store.js'
import {keptFile, keptRevisions} from './compaction.js'
import {recordsChanged} from '../model/state-changes.js'
import {named, readFault, systemCode} from './faults.js'
import {journalOf} from './journal-file.js'
import {applyChanges, decodeJournal, type Journal, JournalDamage} from './journal-text.js'
import {decodeState} from './state-document.js'

/** What of a state file's past is whole. */
export interface Past {
  /** Snapshots, the oldest first. */
  readonly bases: readonly State[]
  /** Commits in the order of their revisions, each once. */
  readonly changes: readonly Change[]
  /** The newest revision that stands anywhere, also in what is damaged. */
  readonly highest: number
}

/**
 * Reads without a lock; of files that are damaged what stands before the damage counts, and no more. All of it is of one lineage, that of the history or else of
 * the journal: a snapshot of another, which somebody has put there, does not count. Throws `StateNotReadable` and `StateTooNew`.
 */
export async function readPast(path: string): Promise<Past> {
  // What is of now first: a compaction in between moves it to the history, which is read after it.
  const now = {journal: await journalAt(journalOf(path)), snapshot: await snapshotAt(path)}
  const journals = [...(await readAll(path, 'journal', journalAt)), ...(now.journal ? [now.journal] : [])]
  const snapshots = [...(await readAll(path, 'json', snapshotAt)), ...(now.snapshot ? [now.snapshot] : [])]
  const lineage = journals[0]?.head.lineage ?? snapshots[0]?.lineage ?? ''
  const own = journals.filter(({head}) => head.lineage === lineage)
  // What was committed first stands in the journal alone.
  const begun = own.some(({head}) => head.after === 0) ? [emptyState(lineage)] : []
  const changes = new Map(own.flatMap((journal) => journal.changes.map((change) => [change.revision, change] as const)))
  const bases = [...begun, ...snapshots.filter((one) => one.lineage === lineage)].sort((a, b) => a.revision - b.revision)
  const highest = Math.max(0, await highestIn(journalOf(path)), ...bases.map(({revision}) => revision), ...changes.keys())
  return {bases, changes: [...changes.values()].sort((a, b) => a.revision - b.revision), highest}
}

async function readAll<T>(path: string, ending: 'journal' | 'json', read: (file: string) => Promise<T | undefined>): Promise<readonly T[]> {
  const found = await Promise.all((await keptRevisions(path, ending)).map((revision) => read(keptFile(path, revision, ending))))
  return found.flatMap((one) => one ?? [])
}

/** The highest revision that a line of the journal says it is, whole or not. */
async function highestIn(journal: string): Promise<number> {
  const text = String((await bytesAt(journal, 'journal')) ?? '')
  return [...text.matchAll(/^\{"checksum":"[^"]*","revision":(\d{1,15}),/gm)].reduce(
    (most, [, revision]) => Math.max(most, Number(revision)),
    0,
  )
}

/** The state as it was at the revision. Throws `RevisionNotKept`. */
export function stateAt({bases, changes}: Past, revision: number, path: string): State {
  const base = bases.findLast((one) => one.revision <= revision)
  const since = base ? changes.filter((change) => change.revision > base.revision && change.revision <= revision) : []
  if (base && since.every((change, index) => change.revision === base.revision + index + 1) && base.revision + since.length === revision)
    return applyChanges(base, since)
  throw new NotFoundError('RevisionNotKept', `Revision ${revision} of the state ${quoted(path)} is not kept.`, {
    suggestions: [`berth state history --state ${shellWord(path)}`],
  })
}

/** The newest revision that can be told. Throws `StateError` `StateLost` where none can. */
export function newestRevision({bases, changes}: Past, path: string): number {
  const base = bases.at(-1)
  if (!base)
    throw new StateError('StateLost', `Nothing of the state ${quoted(path)} is left to restore.`, {
      suggestions: [`ls -l ${shellWord(path)}*`],
    })
  let {revision} = base
  for (const change of changes) if (change.revision === revision + 1) ({revision} = change)
  return revision
}

/**
 * The commits after the revision; where they are not kept any more one that puts every record there is. Throws as `readPast`.
 */
export async function changesSince(path: string, revision: number): Promise<readonly Change[]> {
  const recent = (await journalAt(journalOf(path)))?.changes.filter((change) => change.revision > revision) ?? []
  if (recent[0]?.revision === revision + 1) return recent
  const past = await readPast(path)
  const later = past.changes.filter((change) => change.revision > revision)
  if (later.length === 0 || later[0]?.revision === revision + 1) return later
  const newest = newestRevision(past, path)
  const [last] = later.slice(-1)
  const state = stateAt(past, newest, path)
  return last ? [{...last, revision: newest, records: recordsChanged(emptyState(state.lineage), state)}] : []
}

/** The snapshot; `undefined` where it is damaged, or none. Throws `StateTooNew`. */
export async function snapshotAt(path: string): Promise<State | undefined> {
  const bytes = await bytesAt(path, 'snapshot')
  try {
    return bytes && decodeState(bytes, path).state
  } catch (error) {
    if (error instanceof StateError && error.code !== 'StateTooNew') return undefined
    throw error
  }
}

/** What is whole of the journal; `undefined` where nothing is. */
export async function journalAt(path: string): Promise<Journal | undefined> {
  const bytes = await bytesAt(path, 'journal')
  try {
    return bytes && decodeJournal(bytes)
  } catch (error) {
    if (error instanceof JournalDamage) return error.whole
    throw error
  }
}

async function bytesAt(path: string, what: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw readFault(error, named(what, path), path)
  }
}
