// The state in etcd, for operators on several machines. Which keys there are is told by keys.ts, how a commit is made by writer.ts.
//
// - A commit stands in most of the cluster's members before its promise resolves; one that throws is not there, but where `StateUnreachable` says that nobody knows.
// - Commits follow one another, whatever machine they come from, each on the newest state; none is made twice, also where an answer is lost.
// - What one process wants to commit while another commit is under way is written together.
// - Leases, places in the queue and the mark of a living client hang on one lease of etcd: they go within seconds after their process or its way to etcd has.
import {StateError} from '../../errors.js'
import type {Client} from '../../model/client.js'
import {emptyState, type State} from '../../model/state.js'
import {adoptable} from '../../model/state-adoption.js'
import {recordsChanged} from '../../model/state-changes.js'
import {timestamp} from '../../model/time.js'
import type {Clients, Presence} from '../../world/clients.js'
import type {Clock, Ids} from '../../world/clock.js'
import type {Change, Changed, Lease, StateLock, StateStore, Stored, Why} from '../../world/store.js'
import {type Commit, Proposals} from '../proposals.js'
import {readableAgain} from '../recovery.js'
import type {EtcdAccess} from './access.js'
import type {EtcdAddress} from './address.js'
import {EtcdBell} from './bell.js'
import {EtcdEndpoints} from './endpoints.js'
import {corruptKey, notKept} from './faults.js'
import {EtcdKeys} from './keys.js'
import {EtcdLeases} from './leases.js'
import {isGapless, withoutLines} from './lines.js'
import {EtcdPresence} from './presence.js'
import {EtcdQueue} from './queue.js'
import {EtcdReader, type Known} from './reader.js'
import {EtcdSession} from './session.js'
import {EtcdTurns, type Holder} from './turns.js'
import {EtcdWriter} from './writer.js'

/** What the store needs of the world. */
export interface EtcdWorld {
  readonly clock: Pick<Clock, 'now'>
  readonly ids: Ids
  /** Asked for when it is first needed: those of other machines this very state tells of. */
  readonly clients: () => Clients
}

export interface EtcdOptions {
  /** How long the members of the cluster may take together to answer a call: 15 s unless told. */
  readonly patienceMs?: number
  /** How long a commit waits for its turn at most: 60 s unless told. */
  readonly waitMs?: number
}

/**
 * The state under a prefix of an etcd. Everything throws `StateError`: `StateUnreachable`, `StateRefused`, `StateTooNew`, `StateCorrupt`; what commits also `StateLocked`,
 * `StateDiskFull` and `StateRecordTooLarge`.
 */
export class EtcdStore implements StateStore, Presence {
  readonly endpoints: readonly string[]
  readonly location: string
  readonly #endpoints: EtcdEndpoints
  readonly #keys: EtcdKeys
  readonly #leases: EtcdLeases
  readonly #presence: EtcdPresence
  readonly #proposals: Proposals
  readonly #queue: EtcdQueue
  readonly #reader: EtcdReader
  readonly #session: EtcdSession
  readonly #writer: EtcdWriter
  /** What the commit under way stands on. */
  #basis: Known | undefined

  /** `access` is asked when the first connection is made. */
  constructor(
    private readonly world: EtcdWorld,
    address: EtcdAddress,
    access: () => EtcdAccess,
    {patienceMs = 15_000, waitMs = 60_000}: EtcdOptions = {},
  ) {
    const drawId = () => world.ids.next()
    this.location = address.location
    this.endpoints = address.endpoints
    this.#endpoints = new EtcdEndpoints(address, access, patienceMs)
    this.#keys = new EtcdKeys(address.prefix)
    this.#session = new EtcdSession(this.#endpoints)
    this.#reader = new EtcdReader(this.#endpoints, this.#keys, drawId)
    this.#writer = new EtcdWriter(this.#endpoints, this.#keys, this.#reader, world)
    const turns = new EtcdTurns(this.#endpoints, this.#session, drawId, world.clients)
    this.#leases = new EtcdLeases(this.#endpoints, this.#keys, turns)
    this.#presence = new EtcdPresence(this.#endpoints, this.#keys, this.#session, () => world.clients().self())
    this.#queue = new EtcdQueue(turns, this.#keys.queue, this.location, waitMs)
    this.#proposals = new Proposals({
      lock: async () => ({release: () => this.#queue.leave()}),
      read: (why) => this.#newest(why),
      write: (before, commits) => this.#write(before, commits),
    })
  }

  async read(): Promise<Stored> {
    const {state} = await this.#reader.read()
    return {revision: state.revision, state}
  }

  update<T>(why: Why, change: (state: State) => Changed<T>): Promise<T> {
    return this.#proposals.propose(why, change)
  }

  /** As the interface says; where the revision is not kept any more, the first `Change` puts every record there is, and removals before it are not told. */
  async *changes(since: number, signal: AbortSignal): AsyncGenerator<Change> {
    let told = since
    let bell: EtcdBell | undefined
    try {
      while (!signal.aborted) {
        const news = await this.#news(told, bell !== undefined)
        for (const change of news?.changes ?? []) {
          if (signal.aborted) return
          yield change
          told = change.revision
        }
        bell ??= new EtcdBell(this.#endpoints, {key: this.#keys.revision}, news?.writtenAt ?? '0')
        await bell.heard(signal)
      }
    } finally {
      bell?.close()
    }
  }

  async history(): Promise<readonly Change[]> {
    const {state} = await this.#reader.read()
    return (await this.#reader.lines(0, state.revision)).map(({change}) => change)
  }

  async at(revision: number): Promise<State> {
    const {state} = await this.#reader.read()
    const lines = await this.#reader.lines(revision + 1, state.revision)
    const isWhole = revision + lines.length === state.revision && isGapless(revision, lines)
    const then = isWhole ? withoutLines(state, lines) : undefined
    if (!then) throw notKept(this.#endpoints.address, revision)
    return then
  }

  /** Never needed while the state can be read, and where it cannot the key that is wrong must be mended by hand: throws `PlanChanged` or `StateCorrupt`. */
  async recover(): Promise<number> {
    await this.read()
    throw readableAgain(this.location)
  }

  async adopt(why: Why, state: State): Promise<void> {
    try {
      for (let isDone = false; !isDone; ) {
        await this.#queue.wait(this.#holder(why))
        const known = await this.#spread()
        if (!adoptable(known.state, state, this.location)) return
        const {was: _, ...line} = this.#writer.line(known.state, {state, why})
        isDone = (await this.#writer.writeLarge(known, line, state, this.#queue.standing())) > 0
        this.#queue.ended(isDone)
      }
    } finally {
      this.#queue.leave()
    }
  }

  lease(name: string, holder: Why, signal: AbortSignal): Promise<Lease> {
    return this.#leases.take({...this.#holder(holder), name}, signal)
  }

  locks(): Promise<readonly StateLock[]> {
    return this.#leases.standing()
  }

  unlock(name: string): Promise<boolean> {
    return this.#leases.remove(name)
  }

  isPresent(client: Client): boolean {
    return this.#reader.isPresent(client)
  }

  async close(): Promise<void> {
    await this.#proposals.settled()
    await this.#queue.left()
    await this.#session.close()
    await this.#endpoints.close()
  }

  /** The newest state to commit on, once it is our turn where others write too. */
  async #newest(why: Why): Promise<State> {
    if (this.#queue.isNeeded) await this.#queue.wait(this.#holder(why))
    this.#basis = await this.#spread()
    return this.#basis.state
  }

  /** The newest state, all its records where they belong: what a writer that was killed had begun is done first. */
  async #spread(): Promise<Known> {
    for (;;) {
      const known = await this.#reader.read()
      const {pending} = known.written
      if (pending === '0') return known
      const [line] = await this.#reader.lines(known.state.revision, known.state.revision)
      if (!line) throw corruptKey(this.#endpoints.address, this.#keys.commit(known.state.revision).toString())
      await this.#writer.spread(line, pending)
    }
  }

  async #write(before: State, commits: readonly Commit[]): Promise<number> {
    const known = this.#basis ?? (await this.#spread())
    const isIntended = commits.some(({state}) => state.intents !== before.intents)
    const presence = isIntended ? {presence: await this.#presence.shown(known)} : {}
    const count = await this.#writer.write(known, commits, {...this.#queue.standing(), ...presence})
    this.#queue.ended(count > 0)
    return count
  }

  /** What was committed after the revision; `undefined` where nobody can be reached. Who has listened for a while listens on: members come back. */
  async #news(told: number, isBegun: boolean) {
    try {
      const {state, written} = await this.#reader.read()
      return {changes: await this.#since(told, state), writtenAt: written.revision}
    } catch (error) {
      if (isBegun && error instanceof StateError && error.code === 'StateUnreachable') return undefined
      throw error
    }
  }

  /** The commits after the revision; where they are not kept any more one that puts every record there is. */
  async #since(revision: number, state: State): Promise<readonly Change[]> {
    if (state.revision <= revision) return []
    const lines = await this.#reader.lines(revision + 1, state.revision)
    if (revision + lines.length === state.revision && isGapless(revision, lines)) return lines.map(({change}) => change)
    const newest = lines.at(-1)?.change
    return newest ? [{...newest, records: recordsChanged(emptyState(state.lineage), state), revision: state.revision}] : []
  }

  #holder({by, command}: Why): Holder {
    return {by, client: this.world.clients().self(), command, name: 'state', since: timestamp(this.world.clock.now())}
  }
}
