// A whole state taken over into files, lineage and revision and all.
import {beginJournal, compact} from './compaction.js'
import {replaceFile} from './replace-file.js'
import type {StateDocument, StateEncoder} from './state-document.js'
import type {Known} from './state-reader.js'

/** After it the document is the newest; what lay there goes to the history. To be called under the lock. Throws the system's error. */
export async function adoptDocument(path: string, known: Known | undefined, document: StateDocument, encoder: StateEncoder): Promise<void> {
  const parts = encoder.encode(document)
  if (known) {
    await compact(path, known, document, parts)
    return
  }
  // The journal first: without a snapshot, and without a commit in it, it counts for nothing.
  await beginJournal(path, document.state)
  await replaceFile(path, parts)
}
