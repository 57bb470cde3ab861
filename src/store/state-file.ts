// The state in one file, written whole at each commit. Readers need no lock: they see one commit or the next. The text of the file is
// state-document.ts, how it reaches the disk replace-file.ts; who may write is told by the world's locks.
//
// - A commit is on the disk before its promise resolves; one that throws left the file as it was.
// - Commits follow one another under the lock `<file>.lock`, whatever process they come from, each on the newest state.
// - What one process wants to commit while it waits for the lock, or for the disk, is written together.
// - The file before the last write is kept as `<file>.backup`.
import {createHash} from 'node:crypto'
import {mkdirSync, statSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {quoted} from '../model/names.js'
import {emptyState, type State} from '../model/state.js'
import {timestamp} from '../model/time.js'
import type {Clock, Ids} from '../world/clock.js'
import type {HeldLock, Locks, LockTerms} from '../world/locks.js'
import type {Change, Changed, Lease, StateStore, Stored, Why} from '../world/store.js'
import {recordsChanged} from './differences.js'
import {lockedFault, named, readFault, writeFault} from './faults.js'
import {realFile} from './file-path.js'
import {Proposals} from './proposals.js'
import {replaceFile} from './replace-file.js'
import {refuseUnsafe} from './safety.js'
import {backupOf, SnapshotReader} from './snapshot-reader.js'
import {type StateDocument, StateEncoder} from './state-document.js'

/** What the file needs of the world. */
export interface StateFileWorld {
  readonly clock: Pick<Clock, 'now'>
  readonly ids: Ids
  readonly locks: Locks
}

export interface StateFileOptions {
  /** How long a commit waits for the lock at most: 10 s unless told. */
  readonly waitMs?: number
}

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
  readonly location: string
  readonly #encoder = new StateEncoder()
  readonly #proposals: Proposals
  readonly #reader = new SnapshotReader()
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
      write: (state, why) => this.#write(state, why),
    })
  }

  async read(): Promise<Stored> {
    const state = this.#read()
    return {revision: state.revision, state}
  }

  update<T>(why: Why, change: (state: State) => Changed<T>): Promise<T> {
    return this.#proposals.propose(why, change)
  }

  /**
   * As the interface says, but a file keeps no history: a `Change` tells what became of the records since the state told before, so it may
   * cover several commits, in the name of the last. Where this store no longer knows the state of revision `since`, the first `Change` puts
   * every record there is, and removals before it are not told. A commit that changed no record in the end is told with none.
   */
  async *changes(since: number, signal: AbortSignal): AsyncGenerator<Change> {
    let told = this.#reader.last?.state ?? this.#read()
    if (told.revision !== since) told = {...emptyState(told.lineage), revision: since}
    while (!signal.aborted) {
      const document = this.#reader.read(this.#path())
      if (document && document.state.revision !== told.revision) {
        yield {...document.commit, records: recordsChanged(told, document.state), revision: document.state.revision}
        told = document.state
      }
      // Its only rejection is the signal's, which the loop asks next.
      await sleep(CHANGES_PAUSE_MS, undefined, {signal}).catch(() => undefined)
    }
  }

  /** As the interface says; the lease's signal never fires, for a lock file is not lost while its holder lives. */
  async lease(name: string, holder: Why, signal: AbortSignal): Promise<Lease> {
    const path = this.#leasePath(name)
    const lost = new AbortController()
    try {
      makeFolder(dirname(path))
      const lock = await this.#take(path, `the lease ${quoted(name)}`, {command: holder.command, maxPauseMs: LEASE_PAUSE_MS, signal})
      return {name, release: async () => lock.release(), signal: lost.signal}
    } catch (error) {
      throw writeFault(error, `the lease ${quoted(name)}`, dirname(path))
    }
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

  async #lock(command: string): Promise<HeldLock> {
    const path = this.#path()
    const folder = dirname(path)
    try {
      makeFolder(folder)
      refuseUnsafe(statSync(folder, {bigint: true}), folder, named('folder of the state', folder))
      const terms = {command, maxPauseMs: COMMIT_PAUSE_MS, waitMs: this.options.waitMs ?? 10_000}
      return await this.#take(`${path}.lock`, named('state file', path), terms)
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

  async #write(state: State, {command, by, because}: Why): Promise<void> {
    const path = this.#path()
    const document: StateDocument = {commit: {at: timestamp(this.world.clock.now()), because, by, command}, state}
    const [seal, rest] = this.#encoder.encode(document)
    try {
      this.#reader.remember(document, seal, await replaceFile(path, backupOf(path), [seal, rest]))
    } catch (error) {
      throw writeFault(error, named('state file', path), dirname(path))
    }
  }

  /** Where the file truly lies now. */
  #path(): string {
    try {
      return realFile(this.location)
    } catch (error) {
      throw readFault(error, named('state file', this.location), this.location)
    }
  }

  /** A name never becomes a path, only its hash does; two state files in one folder do not share their leases. */
  #leasePath(name: string): string {
    const path = this.#path()
    const hash = createHash('sha256')
      .update(`${basename(path)}\0${name}`)
      .digest('hex')
    return join(dirname(path), 'leases', `${hash.slice(0, 32)}.lock`)
  }
}

function makeFolder(path: string): void {
  mkdirSync(path, {mode: 0o700, recursive: true})
}
