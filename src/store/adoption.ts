// A whole state taken over into files, lineage and revision and all. Whoever is killed in between leaves the revision before it, with the records that lay there.
import {emptyState} from '../model/state.js'
import {recordsChanged} from '../model/state-changes.js'
import {beginJournal, compact} from './compaction.js'
import {appendLines, journalOf} from './journal-file.js'
import {encodeLines, type Journal} from './journal-text.js'
import {replaceFile} from './replace-file.js'
import type {StateDocument, StateEncoder} from './state-document.js'
import type {Known} from './state-reader.js'

/** After it the document is the newest; what lay there goes to the history. To be called under the lock. Throws the system's error. */
export async function adoptDocument(
  path: string,
  known: Known | undefined,
  {commit, state}: StateDocument,
  encoder: StateEncoder,
): Promise<void> {
  const before = {...(known?.document.state ?? emptyState(state.lineage)), revision: state.revision - 1}
  const {end} = await journalAfter(path, known, {commit, state: before}, encoder)
  const change = {revision: state.revision, ...commit, records: recordsChanged(before, state)}
  await appendLines(journalOf(path), end, encodeLines(end, [change]).bytes)
}

async function journalAfter(path: string, known: Known | undefined, document: StateDocument, encoder: StateEncoder): Promise<Journal> {
  const parts = encoder.encode(document)
  if (known) return (await compact(path, known, document, parts)).journal.text
  // The journal first: without a snapshot, and without a commit in it, it counts for nothing.
  const {text} = await beginJournal(path, document.state)
  await replaceFile(path, parts)
  return text
}
