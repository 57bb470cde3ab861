// A state made anew of what is whole of its files.
import {copyFile, mkdir, rename} from 'node:fs/promises'
import {ConflictError} from '../errors.js'
import {quoted} from '../model/names.js'
import type {State} from '../model/state.js'
import {clustersGoingOn, recordsChanged} from '../model/state-changes.js'
import {beginJournal, keptFile} from './compaction.js'
import {systemCode} from './faults.js'
import {journalOf} from './journal-file.js'
import {replaceFile} from './replace-file.js'
import type {LastCommit, StateDocument} from './state-document.js'
import {journalAt, newestRevision, readPast, snapshotAt, stateAt} from './state-history.js'
import {historyOf} from './state-reader.js'

/**
 * The state becomes what it was at the revision, or the newest that can be told, as a new revision, which is returned. What is whole of the files that lay there
 * goes to the history, the rest to `<file>.damaged` and `<file>.journal.damaged`; for `nothing` all of it goes there. To be called under the lock. Throws `RevisionNotKept`, `StateLost`, `StateTooNew`, or the system's error.
 */
export async function recoverState(
  path: string,
  wanted: number | 'newest' | 'nothing',
  commit: LastCommit,
  encode: (document: StateDocument) => readonly Buffer[],
): Promise<number> {
  if (wanted === 'nothing') return beginAgain(path, commit.at)
  const past = await readPast(path)
  const newest = newestRevision(past, path)
  const base = stateAt(past, newest, path)
  // What clients have begun is as it is now, whatever else is as it was.
  const state = wanted === 'newest' ? base : goneBackTo(base, stateAt(past, wanted, path))
  const revision = past.highest + 1
  await mkdir(historyOf(path), {mode: 0o700, recursive: true})
  const [snapshot, journal] = [await snapshotAt(path), await journalAt(journalOf(path))]
  const isOwn = (lineage: string | undefined) => lineage === base.lineage
  await putAside(path, snapshot && isOwn(snapshot.lineage) ? keptFile(path, snapshot.revision, 'json') : undefined)
  await keepAlso(journalOf(path))
  await putAside(journalOf(path), journal && isOwn(journal.head.lineage) ? keptFile(path, journal.head.after, 'journal') : undefined)
  // The journal first: who is killed here leaves one without a snapshot, which is told as a loss and made anew once more.
  const before = {...base, revision: revision - 1}
  await beginJournal(path, before, [{revision, ...commit, records: recordsChanged(base, state)}])
  await replaceFile(path, encode({commit, state: before}))
  return revision
}

/** The snapshot last: who is killed before leaves a state that is told as damaged. */
async function beginAgain(path: string, at: string): Promise<number> {
  await putAside(historyOf(path), `${historyOf(path)}.damaged-${at.replaceAll(/\D/g, '')}`)
  await putAside(journalOf(path))
  await putAside(path)
  return 0
}

function goneBackTo(base: State, wanted: State): State {
  return {...wanted, clusters: clustersGoingOn(base, wanted), intents: base.intents}
}

/** A journal may be damaged behind what is whole of it: all of it stays. */
async function keepAlso(file: string): Promise<void> {
  try {
    await copyFile(file, `${file}.damaged`)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}

async function putAside(file: string, kept = `${file}.damaged`): Promise<void> {
  try {
    await rename(file, kept)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}

/** Somebody else has mended the state before our turn came: there is nothing to make anew. */
export function readableAgain(path: string): ConflictError {
  return new ConflictError(
    'PlanChanged',
    `The state ${quoted(path)} can be read again: somebody has mended it meanwhile; nothing was done.`,
    {suggestions: ['berth state history']},
  )
}

/** Does it read without throwing? What it throws is what the state is made anew for. */
export function canBeRead(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    // That is what it is made anew for.
    return false
  }
}
