// The newest state: the snapshot in the state file with what the journal beside it says since, each read once as long as it stays the same.
import {closeSync, existsSync, fstatSync, readFileSync, readSync} from 'node:fs'
import {StateError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {Change} from '../world/store.js'
import {named, readFault} from './faults.js'
import {journalOf} from './journal-file.js'
import {applyChanges, CHECKSUM_IN_LINE, decodeJournal, type Journal, JournalDamage, type JournalEnd} from './journal-text.js'
import {refuseUnsafe} from './safety.js'
import {openIfThere, SnapshotReader} from './snapshot-reader.js'
import {corruptState, type StateDocument} from './state-document.js'

/** How often a reader that meets a compaction begins again. */
const ATTEMPTS = 5

/** What is known of the state and of the files that it came from. */
export interface Known {
  /** The snapshot; the very object that its reader gave. */
  readonly snapshot: StateDocument
  /** The newest state and its commit. */
  readonly document: StateDocument
  /** Absent: there is none yet. */
  readonly journal?: {readonly inode: bigint; readonly text: Journal}
}

/** Reads one path again and again, without a lock: it sees one commit or the next, or one that is just being made durable. */
export class StateReader {
  readonly snapshots = new SnapshotReader()
  #known: Known | undefined

  /**
   * The newest state; `undefined` where there is none. The very same document while nothing was committed. Throws `StateError`: `StateNotReadable`,
   * `StateUnsafe`, `StateTooNew`, `StateCorrupt`, and `StateMissing` where a file of it is gone.
   */
  read(path: string): StateDocument | undefined {
    return this.known(path)?.document
  }

  /** As `read`, with where it came from. */
  known(path: string): Known | undefined {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const snapshot = this.snapshots.read(path)
      if (!snapshot) {
        const left = leftOf(path)
        if (left === undefined) return undefined
        // Somebody may have begun the state between our two looks.
        if (attempt < ATTEMPTS) continue
        throw lost(path, left)
      }
      this.#known = this.#with(path, snapshot)
      if (this.#known) return this.#known
      // The journal is newer than the snapshot: somebody put a new snapshot in its place meanwhile.
    }
    throw corruptState(path, 'is older than the journal beside it')
  }

  /** Takes what was just committed as read. */
  remember(known: Known): void {
    this.#known = known
  }

  #with(path: string, snapshot: StateDocument): Known | undefined {
    const journalPath = journalOf(path)
    try {
      const file = openIfThere(journalPath)
      if (file === undefined) return withoutJournal(path, snapshot)
      try {
        return this.#withOpen(path, snapshot, file)
      } finally {
        closeSync(file)
      }
    } catch (error) {
      if (error instanceof JournalDamage) throw damaged(path, error)
      throw readFault(error, named('journal of the state', journalPath), journalPath)
    }
  }

  #withOpen(path: string, snapshot: StateDocument, file: number): Known | undefined {
    const stats = fstatSync(file, {bigint: true})
    refuseUnsafe(stats, journalOf(path), named('journal of the state', journalOf(path)))
    const size = Number(stats.size)
    const known = this.#known
    // A line that was taken back, since it could not be made durable, may have made way for another of the same length.
    if (known?.journal?.inode === stats.ino && known.snapshot === snapshot && stillEnds(file, size, known.journal.text.end)) {
      if (size === known.journal.text.end.length) return known
      const more = this.#more(file, known.journal.text, size)
      if (more) return joined(known.document, {snapshot, inode: stats.ino, text: more})
    }
    const text = decodeJournal(bytesOf(file, 0, size))
    if (!text) return withoutJournal(path, snapshot)
    if (text.head.lineage !== snapshot.state.lineage) throw corruptState(path, 'lies beside a journal of another state')
    return text.head.after > snapshot.state.revision ? undefined : joined(snapshot, {snapshot, inode: stats.ino, text})
  }

  /** What was added; `undefined` where that does not go on from what is known, as when a commit was taken back since. */
  #more(file: number, known: Journal, size: number): Journal | undefined {
    try {
      return decodeJournal(bytesOf(file, known.end.length, size), known)
    } catch (error) {
      if (error instanceof JournalDamage) return undefined
      throw error
    }
  }
}

/** The state of `base` with the changes of the journal that it does not have yet. */
function joined(base: StateDocument, {inode, snapshot, text}: {inode: bigint; snapshot: StateDocument; text: Journal}): Known {
  const changes = text.changes.filter(({revision}) => revision > base.state.revision)
  const last = changes.at(-1)
  const document = last ? {commit: commitOf(last), state: applyChanges(base.state, changes)} : base
  // Of the lines that are known nothing is needed any more.
  return {snapshot, document, journal: {inode, text: {...text, changes: []}}}
}

function commitOf({at, because, by, command}: Change): StateDocument['commit'] {
  return {at, because, by, command}
}

function withoutJournal(path: string, snapshot: StateDocument): Known {
  if (!snapshot.hasJournal) return {snapshot, document: snapshot}
  throw new StateError(
    'StateMissing',
    `The journal ${quoted(journalOf(path))} is gone, and with it what was committed after revision ${snapshot.state.revision}; nothing was changed.`,
    {
      suggestions: [
        `berth state restore ${snapshot.state.revision} --state ${shellWord(path)}`,
        `berth state history --state ${shellWord(path)}`,
      ],
    },
  )
}

/** What is left of a state without its snapshot: a history, or a journal with a commit in it. No file is an empty state only where there never was one. */
function leftOf(path: string): string | undefined {
  const journal = journalOf(path)
  if (existsSync(historyOf(path))) return historyOf(path)
  return existsSync(journal) && readFileSync(journal, 'latin1').trimEnd().includes('\n') ? journal : undefined
}

function lost(path: string, left: string): StateError {
  return new StateError('StateMissing', `The state file ${quoted(path)} is gone, but ${quoted(left)} is there.`, {
    suggestions: [`berth state restore newest --state ${shellWord(path)}`, `berth state history --state ${shellWord(path)}`],
  })
}

/** Where older snapshots and their journals lie. */
export function historyOf(path: string): string {
  return `${path}.history`
}

function damaged(path: string, {line}: JournalDamage): StateError {
  return new StateError(
    'StateCorrupt',
    `The journal ${quoted(journalOf(path))} was changed: line ${line} does not match its checksum; nothing was changed by this command.`,
    {suggestions: [`berth state restore newest --state ${shellWord(path)}`, `berth state history --state ${shellWord(path)}`]},
  )
}

/** Is the last line that is known still there? */
function stillEnds(file: number, size: number, {checksum, lastAt, length}: JournalEnd): boolean {
  const at = lastAt + CHECKSUM_IN_LINE.at
  return size >= length && bytesOf(file, at, at + CHECKSUM_IN_LINE.length).toString('latin1') === checksum
}

function bytesOf(file: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from)
  let read = 0
  while (read < bytes.length) {
    const more = readSync(file, bytes, read, bytes.length - read, from + read)
    // It was cut meanwhile: what is not there any more was never committed.
    if (more === 0) return bytes.subarray(0, read)
    read += more
  }
  return bytes
}
