// The state on file: a snapshot and a journal with a line for each commit since (state-document.ts, journal-text.ts). Readers need no lock: they see one commit or the next.
//
// - A commit is on the disk before its promise resolves; one that throws left the state as it was.
// - Commits follow one another under the lock `<file>.lock`, whatever process they come from, each on the newest state.
// - What one process wants to commit while it waits for the lock, or for the disk, is written together.
// - When the journal has grown, a new snapshot takes its place, and both go to `<file>.history` (compaction.ts).
import {statSync} from 'node:fs'
import {dirname, resolve} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {quoted} from '../model/names.js'
import {emptyState, type State} from '../model/state.js'
import {adoptable} from '../model/state-adoption.js'
import {timestamp} from '../model/time.js'
import type {Clock, Ids} from '../world/clock.js'
import type {HeldLock, Locks, LockTerms} from '../world/locks.js'
import type {Change, Changed, Lease, StateLock, StateStore, Stored, Why} from '../world/store.js'
import {adoptDocument} from './adoption.js'
import {beginJournal, compactWherePossible, isDue} from './compaction.js'
import {recordsChanged} from '../model/state-changes.js'
import {lockedFault, named, readFault, writeFault} from './faults.js'
import {makeFolder, realFile} from './file-path.js'
import {appendLines, journalOf} from './journal-file.js'
import {encodeLines, type JournalHead, NOTHING} from './journal-text.js'
import {type Commit, Proposals} from './proposals.js'
import {canBeRead, readableAgain, recoverState} from './recovery.js'
import {replaceFile} from './replace-file.js'
import {refuseUnsafe} from './safety.js'
import {type StateDocument, StateEncoder} from './state-document.js'
import {changesSince, readPast, stateAt} from './state-history.js'
import {leasePath, lockOf, removeLock, standingLocks} from './state-locks.js'
import {type Known, StateReader} from './state-reader.js'

/** What the file needs of the world. */
export interface StateFileWorld {
  readonly clock: Pick<Clock, 'now'>
  readonly ids: Ids
  readonly locks: Locks
}

export interface StateFileOptions {
  /** How long a commit waits for the lock at most: 10 s unless told. */
  readonly waitMs?: number
  /** A journal that is longer, and longer than half of the snapshot, makes way for a new snapshot: 1 MiB unless told. */
  readonly journalBytes?: number
}

const JOURNAL_BYTES = 1_048_576

/** Longest pauses: a commit holds its lock for milliseconds, a lease may be held for minutes. */
const COMMIT_PAUSE_MS = 20
const LEASE_PAUSE_MS = 100
const CHANGES_PAUSE_MS = 100

/**
 * The state in the file at `path`, which the first commit makes, with its folder. `read` and `changes` throw `StateError`:
 * `StateNotReadable`, `StateUnsafe`, `StateTooNew`, `StateCorrupt`, `StateMissing`; `update` also `StateLocked` (by whom, since),
 * `StateNotWritable` and `StateDiskFull`, of which `lease` throws the last two.
 */
export class StateFile implements StateStore {
  readonly endpoints = []
  readonly location: string
  readonly #encoder = new StateEncoder()
  readonly #proposals: Proposals
  readonly #reader = new StateReader()
  /** What a file that is not there holds: of one lineage, until there is a file. */
  #unwritten: State | undefined

  constructor(
    private readonly world: StateFileWorld,
    path: string,
    private readonly options: StateFileOptions = {},
  ) {
    this.location = resolve(path)
    this.#proposals = new Proposals({
      lock: (command) => this.#lock(command),
      read: () => this.#read(),
      write: (before, commits) => this.#write(before, commits).then(() => commits.length),
    })
  }

  async read(): Promise<Stored> {
    const state = this.#read()
    return {revision: state.revision, state}
  }

  update<T>(why: Why, change: (state: State) => Changed<T>): Promise<T> {
    return this.#proposals.propose(why, change)
  }

  /** As the interface says; where the revision is not kept any more, the first `Change` puts every record there is, and removals before it are not told. */
  async *changes(since: number, signal: AbortSignal): AsyncGenerator<Change> {
    let told = since
    while (!signal.aborted) {
      if (this.#read().revision !== told)
        for (const change of await changesSince(this.#path(), told)) {
          yield change
          told = change.revision
        }
      // Its only rejection is the signal's, which the loop asks next.
      await sleep(CHANGES_PAUSE_MS, undefined, {signal}).catch(() => undefined)
    }
  }

  async history(): Promise<readonly Change[]> {
    return (await readPast(this.#path())).changes
  }

  async at(revision: number): Promise<State> {
    const path = this.#path()
    return stateAt(await readPast(path), revision, path)
  }

  recover(why: Why, wanted: number | 'newest' | 'nothing'): Promise<number> {
    return this.#locked(why.command, async (path) => {
      if (canBeRead(() => this.#read())) throw readableAgain(path)
      return recoverState(path, wanted, this.#commitOf(why), (document) => this.#encoder.encode(document))
    })
  }

  adopt(why: Why, state: State): Promise<void> {
    return this.#locked(why.command, async (path) => {
      if (!adoptable(this.#read(), state, path)) return
      await adoptDocument(path, this.#reader.known(path), {commit: this.#commitOf(why), state}, this.#encoder)
    })
  }

  /** As the interface says; the lease's signal never fires, for a lock file is not lost while its holder lives. */
  async lease(name: string, holder: Why, signal: AbortSignal): Promise<Lease> {
    const path = leasePath(this.#path(), name)
    const lost = new AbortController()
    try {
      makeFolder(dirname(path))
      const lock = await this.#take(path, `the lease ${quoted(name)}`, {command: holder.command, name, maxPauseMs: LEASE_PAUSE_MS, signal})
      return {name, release: async () => lock.release(), signal: lost.signal}
    } catch (error) {
      throw writeFault(error, `the lease ${quoted(name)}`, dirname(path))
    }
  }

  async locks(): Promise<readonly StateLock[]> {
    return standingLocks(this.#path(), this.world.locks)
  }

  async unlock(name: string): Promise<boolean> {
    return removeLock(this.#path(), this.world.locks, name)
  }

  /** Returns when the commits under way are done; nothing else is held open. */
  close(): Promise<void> {
    return this.#proposals.settled()
  }

  #read(): State {
    const document = this.#reader.read(this.#path())
    if (document) {
      this.#unwritten = undefined
      return document.state
    }
    this.#unwritten ??= emptyState(this.world.ids.next())
    return this.#unwritten
  }

  async #locked<T>(command: string, act: (path: string) => Promise<T>): Promise<T> {
    const lock = await this.#lock(command)
    const path = this.#path()
    try {
      return await act(path)
    } catch (error) {
      throw writeFault(error, named('state file', path), dirname(path))
    } finally {
      lock.release()
    }
  }

  async #lock(command: string): Promise<HeldLock> {
    const path = this.#path()
    const folder = dirname(path)
    try {
      makeFolder(folder)
      refuseUnsafe(statSync(folder, {bigint: true}), folder, named('folder of the state', folder))
      const terms = {command, maxPauseMs: COMMIT_PAUSE_MS, waitMs: this.options.waitMs ?? 10_000}
      return await this.#take(lockOf(path), named('state file', path), terms)
    } catch (error) {
      throw writeFault(error, named('state file', path), folder)
    }
  }

  /** Throws `StateLocked` when the wait was in vain; `guarded` is a phrase for what the lock guards. */
  async #take(path: string, guarded: string, terms: LockTerms): Promise<HeldLock> {
    const answer = await this.world.locks.take(path, terms)
    if (answer.lock === undefined) throw lockedFault(answer, guarded)
    return answer.lock
  }

  async #write(before: State, commits: readonly Commit[]): Promise<void> {
    const path = this.#path()
    const changes = commits.map(({state, why}, index): Change => {
      return {revision: state.revision, ...this.#commitOf(why), records: recordsChanged(commits[index - 1]?.state ?? before, state)}
    })
    try {
      const known = this.#reader.known(path) ?? (await this.#begin(path, before))
      const journal = known.journal?.text
      const head: JournalHead = journal?.head ?? {journal: 1, lineage: before.lineage, after: before.revision}
      const {bytes, end} = encodeLines(journal?.end ?? NOTHING, journal ? changes : [head, ...changes])
      const {inode} = await appendLines(journalOf(path), journal?.end ?? NOTHING, bytes)
      const [last] = commits.slice(-1)
      if (!last) return
      const document = {commit: this.#commitOf(last.why), state: last.state}
      const now: Known = {snapshot: known.snapshot, document, journal: {inode, text: {head, changes: [], end}}}
      this.#reader.remember(now)
      await this.#compact(path, now)
    } catch (error) {
      throw writeFault(error, named('state file', path), dirname(path))
    }
  }

  /** The first snapshot is of nothing: what is committed stands in the journal, which is there before it. */
  async #begin(path: string, {lineage}: State): Promise<Known> {
    await beginJournal(path, emptyState(lineage))
    const commit = this.#commitOf({because: 'the state begins', by: '', command: ''})
    await replaceFile(path, this.#encoder.encode({commit, state: emptyState(lineage)}))
    const known = this.#reader.known(path)
    if (!known) throw new Error(`There is no snapshot at ${path} where one was written.`)
    return known
  }

  async #compact(path: string, known: Known): Promise<void> {
    const {journalBytes = JOURNAL_BYTES} = this.options
    if (!isDue(known, this.#reader.snapshots.size, journalBytes)) return
    const document = {...known.document, hasJournal: true}
    const parts = this.#encoder.encode(document)
    const compacted = await compactWherePossible(path, known, document, parts)
    if (!compacted) return
    this.#reader.snapshots.remember(document, parts[0], compacted.snapshot)
    this.#reader.remember({snapshot: document, document, journal: compacted.journal})
  }

  #commitOf({because, by, command}: Why): StateDocument['commit'] {
    return {at: timestamp(this.world.clock.now()), because, by, command}
  }

  /** Where the file truly lies now. */
  #path(): string {
    try {
      return realFile(this.location)
    } catch (error) {
      throw readFault(error, named('state file', this.location), this.location)
    }
  }
}
