// A new snapshot in place of the old one and its journal, which go to the history. Whoever is killed in between leaves a state that reads the same.
import {link, mkdir, readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {State} from '../model/state.js'
import type {Change} from '../world/store.js'
import {systemCode} from './faults.js'
import {journalOf} from './journal-file.js'
import {encodeLines, type Journal, type JournalHead, NOTHING} from './journal-text.js'
import {type FileIdentity, replaceFile, syncFolder} from './replace-file.js'
import type {StateDocument} from './state-document.js'
import {historyOf, type Known} from './state-reader.js'

/** So many snapshots are kept besides the newest, each with the journal that follows it. */
const MOST_SNAPSHOTS = 20

/** What lies on the disk then. */
export interface Compacted {
  readonly snapshot: FileIdentity
  readonly journal: {readonly inode: bigint; readonly text: Journal}
}

/** Has the journal grown beyond so many bytes and half of the snapshot, or was the snapshot written by a Berth that had none? */
export function isDue({journal, snapshot}: Known, snapshotBytes: number, journalBytes: number): boolean {
  const length = journal?.text.end.length ?? 0
  return !snapshot.hasJournal || (length > journalBytes && length > snapshotBytes / 2)
}

/** As `compact`; `undefined` where the system forbids it: the commits stand without it, and what forbids it now may not forbid it next time. */
export async function compactWherePossible(...words: Parameters<typeof compact>): Promise<Compacted | undefined> {
  try {
    return await compact(...words)
  } catch (error) {
    if (systemCode(error) === '') throw error
    return undefined
  }
}

/** To be called under the lock. `parts`: the text of the newest document. Throws the system's error. */
export async function compact(path: string, known: Known, document: StateDocument, parts: readonly Buffer[]): Promise<Compacted> {
  const {revision} = known.snapshot.state
  await mkdir(historyOf(path), {mode: 0o700, recursive: true})
  await keep(path, keptFile(path, revision, 'json'))
  await keep(journalOf(path), keptFile(path, revision, 'journal'))
  await syncFolder(historyOf(path))
  const snapshot = await replaceFile(path, parts)
  // Until the next line is done the old journal stands beside the new snapshot: its changes are in it already.
  const journal = await beginJournal(path, document.state)
  await forgetOld(path)
  return {snapshot, journal}
}

/** A journal that goes on from the state, with these first commits, in place of any other. */
export async function beginJournal(
  path: string,
  {lineage, revision}: State,
  changes: readonly Change[] = [],
): Promise<Compacted['journal']> {
  const head: JournalHead = {journal: 1, lineage, after: revision}
  const {bytes, end} = encodeLines(NOTHING, [head, ...changes])
  const {inode} = await replaceFile(journalOf(path), [bytes])
  return {inode, text: {head, changes: [], end}}
}

/** The revisions in the names of the history's files of that ending, in their order. */
export async function keptRevisions(path: string, ending: 'journal' | 'json'): Promise<readonly number[]> {
  try {
    const names = (await readdir(historyOf(path))).map((name) => new RegExp(`^(\\d+)\\.${ending}$`).exec(name)?.[1])
    return names.flatMap((name) => (name === undefined ? [] : Number(name))).sort((a, b) => a - b)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Where a file of the history lies. */
export function keptFile(path: string, revision: number, ending: 'journal' | 'json'): string {
  return join(historyOf(path), `${revision}.${ending}`)
}

/** A second name for the file, in place of one that a killed compaction left. */
async function keep(path: string, kept: string): Promise<void> {
  await rm(kept, {force: true})
  await link(path, kept)
}

/** The newest snapshots stay, and the journals from the oldest of them on. */
async function forgetOld(path: string): Promise<void> {
  const snapshots = await keptRevisions(path, 'json')
  const oldest = snapshots.at(-MOST_SNAPSHOTS) ?? 0
  for (const ending of ['json', 'journal'] as const)
    for (const revision of await keptRevisions(path, ending))
      if (revision < oldest) await rm(keptFile(path, revision, ending), {force: true})
}
