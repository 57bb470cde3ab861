// Commits in etcd: one transaction where they fit into one. A larger one is laid down in parts that nobody looks at, made the newest by one small transaction, and
// then spread over the records, by its writer or whoever writes next; until that is done readers take its records from its parts.
//
// - Every transaction stands only on the revision that it was made for: whoever was overtaken has written nothing.
// - Each may be asked for twice: one whose answer was lost knows its own commit again in the history.
// - Where several want to write they queue, and who does not stand first cannot commit: nobody is overtaken for ever.
import type {Etcd3, ICompare, IKeyValue, IRequestOp, ITxnRequest} from 'etcd3'
import {type State, STATE_VERSION} from '../../model/state.js'
import {type Timestamp, timestamp} from '../../model/time.js'
import type {Clock, Ids} from '../../world/clock.js'
import type {Commit} from '../proposals.js'
import type {CallOptions, EtcdEndpoints} from './endpoints.js'
import {tooLarge} from './faults.js'
import {type EtcdKeys, get, isAt, isEmpty, isThere, put, remove} from './keys.js'
import {type Line, lineOf} from './lines.js'
import type {EtcdReader, Known} from './reader.js'

/** etcd takes 128 operations and 1.5 MiB in one transaction unless told; some of both go to what each commit needs besides. */
const MOST_OPERATIONS = 100
const MOST_BYTES = 1_000_000
/** So many commits are kept. */
const KEPT = 1000

/** Of what a transaction must stand on besides the revision. */
export interface Standing {
  /** Our place at the head of the queue; without it the queue must be empty. */
  readonly turn?: Buffer
  /** That we live, where what we commit is bound to it. */
  readonly presence?: Buffer
}

interface Batch {
  readonly lines: readonly Line[]
  readonly state: State
}

export interface WriterWorld {
  readonly clock: Pick<Clock, 'now'>
  readonly ids: Ids
}

export class EtcdWriter {
  constructor(
    private readonly endpoints: EtcdEndpoints,
    private readonly keys: EtcdKeys,
    private readonly reader: EtcdReader,
    private readonly world: WriterWorld,
  ) {}

  /**
   * Commits as many of the first as fit into one transaction, or one that is too large for that; returns how many stand: 0 where somebody was faster, or where a large one
   * lacks its turn. Throws `StateRecordTooLarge`, and as a call does.
   */
  async write(known: Known, commits: readonly Commit[], standing: Standing): Promise<number> {
    const batch = this.#gather(known.state, commits)
    const [line] = batch.lines
    if (!line) return 0
    if (!batch.isSmall) return standing.turn ? this.writeLarge(known, line, batch.state, standing) : 0
    const at = await this.#commit(known, batch, standing, batch.operations)
    if (at === undefined) return 0
    this.#remember(known, batch.state, at, known.written.pending)
    return batch.lines.length
  }

  /** As `write`, of one commit, which may tell of a whole state. */
  async writeLarge(known: Known, line: Line, state: State, standing: Standing): Promise<number> {
    const {commit, change} = line
    const {revision} = change
    const parts = partsOf(JSON.stringify(line))
    for (const [index, part] of parts.entries()) {
      const success = [put(this.keys.part(revision, commit, index), part)]
      if (!(await this.#transact({compare: this.#standsOn(known, standing), success})).succeeded) return 0
    }
    const flip = [put(this.keys.commit(revision), JSON.stringify({commit, parts: parts.length})), put(this.keys.pending, String(revision))]
    const at = await this.#commit(known, {lines: [line], state}, standing, flip)
    if (at === undefined) return 0
    this.#remember(known, state, at, at)
    await this.spread(line, at)
    return 1
  }

  /** After it every record of the newest commit stands where it belongs, `at` being where etcd wrote that it was pending. Who is overtaken in it leaves it to the faster. */
  async spread(line: Line, at: string): Promise<void> {
    const isOurs = isAt(this.keys.pending, at)
    for (const success of chunked(this.#recordsOf(line))) if (!(await this.#transact({compare: [isOurs], success})).succeeded) return
    const {revision} = line.change
    const own = this.keys.partsOf(revision, line.commit)
    // Parts of commits that never came to be lie around ours; those of older large commits are history.
    const all = this.keys.parts(revision, revision)
    const success = [
      remove(this.keys.pending),
      remove({key: all.key, range_end: own.key}),
      remove({key: own.range_end, range_end: all.range_end}),
    ]
    await this.#transact({compare: [isOurs], success})
  }

  /** The commit's line. */
  line(before: State, {state, why}: Commit): Line {
    return lineOf(before, state, why, {at: this.#now(), commit: this.world.ids.next()})
  }

  /** When etcd wrote it; `undefined` where somebody was faster. */
  async #commit(known: Known, {lines, state}: Batch, standing: Standing, operations: readonly IRequestOp[]): Promise<string | undefined> {
    const [first] = lines
    const last = lines.at(-1)
    if (!first || !last) return undefined
    const {records: _, ...head} = last.change
    const success = [
      ...operations,
      put(this.keys.revision, JSON.stringify({commit: last.commit, ...head})),
      ...(known.written.isOurVersion ? [] : [put(this.keys.meta, JSON.stringify({version: STATE_VERSION, lineage: state.lineage}))]),
      ...this.#forgetting(head.revision - KEPT),
      ...(standing.turn ? [remove(standing.turn)] : []),
    ]
    const compare = [...this.#standsOn(known, standing), ...(standing.presence ? [isThere(standing.presence)] : [])]
    const failure = [get(this.keys.commit(first.change.revision)), get(this.keys.revision)]
    let tries = 0
    const answer = await this.#transact({compare, success, failure}, () => (tries += 1))
    if (answer.succeeded) return answer.header.revision
    const [found, stands] = answer.responses.map(({response_range: {kvs}}) => kvs[0])
    // An answer of ours may have been lost: then our commit stands there.
    if (found) return commitIn(found.value) === first.commit ? found.mod_revision : undefined
    return tries > 1 && stands?.mod_revision === known.written.revision ? this.#shutOut(first, stands) : undefined
  }

  /**
   * Nothing was committed, but an earlier try may lie in a member that was slow: after it that one comes too late, for the revision that it stands on was written anew.
   * Returns when it came before.
   */
  async #shutOut({change, commit}: Line, {mod_revision: at, value}: IKeyValue): Promise<string | undefined> {
    const {responses, succeeded} = await this.#transact({
      compare: [isAt(this.keys.revision, at)],
      success: [put(this.keys.revision, value)],
      failure: [get(this.keys.commit(change.revision))],
    })
    const found = succeeded ? undefined : responses[0]?.response_range.kvs[0]
    return found && commitIn(found.value) === commit ? found.mod_revision : undefined
  }

  #standsOn({written}: Known, {turn}: Standing): ICompare[] {
    const {meta, pending, queue, revision} = this.keys
    return [isAt(revision, written.revision), isAt(meta, written.meta), isAt(pending, '0'), turn ? isThere(turn) : isEmpty(queue)]
  }

  /** `onTry` is called with each member that is asked. */
  #transact(request: ITxnRequest, onTry: () => void = () => {}) {
    const ask = (client: Etcd3, options: CallOptions) => {
      onTry()
      return client.kv.txn(request, options)
    }
    return this.endpoints.call(ask, {isWrite: true})
  }

  #remember(known: Known, state: State, at: string, pending: string): void {
    const meta = known.written.isOurVersion ? known.written.meta : at
    this.reader.remember({...known, state, written: {meta, isOurVersion: true, pending, revision: at}})
  }

  /** After it neither commits up to that revision are kept nor their parts. */
  #forgetting(revision: number): readonly IRequestOp[] {
    return revision <= 0 ? [] : [remove(this.keys.commits(0, revision)), remove(this.keys.parts(0, revision))]
  }

  /** The longest beginning of the commits that goes into one transaction, at least the first. */
  #gather(before: State, commits: readonly Commit[]): Batch & {readonly isSmall: boolean; readonly operations: readonly IRequestOp[]} {
    const lines: Line[] = []
    let state = before
    let written: readonly IRequestOp[] = []
    let isSmall = true
    for (const commit of commits) {
      const line = this.line(state, commit)
      const more = [...written, put(this.keys.commit(line.change.revision), JSON.stringify(line)), ...this.#recordsOf(line)]
      isSmall = more.length <= MOST_OPERATIONS && more.reduce((sum, operation) => sum + bytesOf(operation), 0) <= MOST_BYTES
      if (!isSmall && lines.length > 0) return {isSmall: true, lines, operations: this.#once(before, lines, written), state}
      lines.push(line)
      state = commit.state
      written = more
      if (!isSmall) break
    }
    return {isSmall, lines, operations: this.#once(before, lines, written), state}
  }

  /** Each key once, as it is written last: etcd changes none twice in a transaction. */
  #once({revision}: State, lines: readonly Line[], written: readonly IRequestOp[]): readonly IRequestOp[] {
    const byKey = new Map(written.map((operation) => [String((operation.request_put ?? operation.request_delete_range)?.key), operation]))
    // Parts at these revisions belong to commits that never came to be.
    return [...byKey.values(), remove(this.keys.parts(revision + 1, revision + lines.length))]
  }

  /** What the commit makes of the records. */
  #recordsOf({change}: Line): readonly IRequestOp[] {
    return change.records.map(({id, record, table}) => {
      const key = this.keys.record(table, id)
      if (record === null) return remove(key)
      const text = Buffer.from(JSON.stringify(record))
      if (text.length > MOST_BYTES) throw tooLarge(this.endpoints.address, `${table}/${id}`, text.length)
      return put(key, text)
    })
  }

  #now(): Timestamp {
    return timestamp(this.world.clock.now())
  }
}

/** The operations in groups that each go into one transaction. */
function chunked(operations: readonly IRequestOp[]): readonly IRequestOp[][] {
  const chunks: IRequestOp[][] = []
  let room = 0
  for (const operation of operations) {
    room -= bytesOf(operation)
    const last = chunks.at(-1)
    if (last && room >= 0 && last.length < MOST_OPERATIONS) last.push(operation)
    else {
      chunks.push([operation])
      room = MOST_BYTES - bytesOf(operation)
    }
  }
  return chunks
}

function bytesOf({request_delete_range: gone, request_put: written}: IRequestOp): number {
  return (written?.key?.length ?? 0) + (written?.value?.length ?? 0) + (gone?.key?.length ?? 0)
}

function partsOf(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text)
  return Array.from({length: Math.ceil(bytes.length / MOST_BYTES)}, (_, index) =>
    bytes.subarray(index * MOST_BYTES, (index + 1) * MOST_BYTES),
  )
}

/** Whose commit stands in the key's value: it is the first that each says. */
function commitIn(value: Buffer): string | undefined {
  return /^\{"commit":"([0-9a-f]{32})"/.exec(value.subarray(0, 64).toString('latin1'))?.[1]
}
