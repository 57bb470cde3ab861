// The newest state in etcd: read whole once, in pages of one revision of etcd, and from then on brought up to date with the commits since.
import type {IKeyValue, IResponseOp} from 'etcd3'
import type {Client} from '../../model/client.js'
import {emptyState, type State, STATE_VERSION, TABLES} from '../../model/state.js'
import {withRecords} from '../../model/state-changes.js'
import {applyChanges} from '../journal-text.js'
import type {EtcdEndpoints} from './endpoints.js'
import {corruptKey, isCompacted, tooNew} from './faults.js'
import {type EtcdKeys, get, type KeyRange} from './keys.js'
import {isGapless, type Line, type LineOrParts} from './lines.js'

/** Keys a page: a record has some hundred bytes, at most a million. */
const PAGE = 1000
/** Who is further behind reads the whole state. */
const MOST_LINES = 200
const FAR = 10 ** 14
/** From this version on states in etcd read the same: later ones only have more tables, which are empty where nobody wrote them. */
const OLDEST_READABLE = 3

/** What etcd said last. */
export interface Known {
  readonly state: State
  /** When etcd wrote these keys last; `0`: they are not there. A commit stands only on what it has seen. */
  readonly written: {
    readonly meta: string
    /** The version that stands there is that of this Berth: else whoever commits raises it, so that older ones refuse. */
    readonly isOurVersion: boolean
    readonly revision: string
    readonly pending: string
  }
  /** The keys of the clients that live. */
  readonly present: ReadonlySet<string>
}

interface Head {
  readonly revision: number
}

export class EtcdReader {
  #known: Known | undefined
  /** The lineage of a state that nobody has begun. */
  #unwritten: State | undefined

  constructor(
    private readonly endpoints: EtcdEndpoints,
    private readonly keys: EtcdKeys,
    private readonly drawId: () => string,
  ) {}

  /** Is the client among those that lived when etcd was last asked? */
  isPresent(client: Client): boolean {
    return this.#known?.present.has(this.keys.client(client).toString()) ?? false
  }

  /** Takes what was just committed as read. */
  remember(known: Known): void {
    this.#known = known
  }

  /** The newest state, the very same while nothing was committed. Throws `StateTooNew`, `StateCorrupt`, and as a call does. */
  async read(): Promise<Known> {
    for (;;) {
      try {
        this.#known = await this.#read(this.#known)
        return this.#known
      } catch (error) {
        // So many commits came while we read that the beginning is gone: begin again.
        if (!isCompacted(error)) throw error
      }
    }
  }

  async #read(known: Known | undefined): Promise<Known> {
    const {clients, meta, pending, revision} = this.keys
    const since = this.keys.commits((known?.state.revision ?? FAR) + 1, FAR)
    const request = {success: [get(meta), get(revision), get(pending), get(clients), get(since, MOST_LINES)]}
    const {header, responses} = await this.endpoints.call((client, options) => client.kv.txn(request, options))
    const [metaKey, revisionKey, pendingKey] = responses.slice(0, 3).map((response) => kvsOf(response)[0])
    const present = new Set(kvsOf(responses[3]).map(({key}) => key.toString()))
    const written = {
      meta: metaKey?.mod_revision ?? '0',
      isOurVersion: metaKey !== undefined && this.#decode<{readonly version: unknown}>(metaKey).version === STATE_VERSION,
      pending: pendingKey?.mod_revision ?? '0',
      revision: revisionKey?.mod_revision ?? '0',
    }
    // Of the two, which are always written together, somebody has taken one away: what is left must not be taken for an empty state.
    if (!metaKey !== !revisionKey) throw corruptKey(this.endpoints.address, (metaKey ? revision : meta).toString())
    if (!metaKey || !revisionKey) return {present, state: this.#beginning(known), written}
    const lineage = this.#lineageOf(metaKey)
    if (known && known.written.revision === written.revision && known.state.lineage === lineage) return {...known, present, written}
    const head = {lineage, revision: this.#decode<Head>(revisionKey).revision}
    const next = known && (await this.#joined(known.state, head, kvsOf(responses[4]), header.revision))
    return {present, state: next ?? (await this.#whole(head, pendingKey !== undefined, header.revision)), written}
  }

  /** The commits from one revision to another, both included, as far as they are kept. */
  async lines(from: number, to: number, asOf?: string): Promise<readonly Line[]> {
    const {at, kvs} = await this.#all(this.keys.commits(from, to), asOf)
    return Promise.all(kvs.map((kv) => this.#lineOf(kv, at)))
  }

  #beginning(known: Known | undefined): State {
    if (known?.written.revision === '0') return known.state
    this.#unwritten ??= emptyState(this.drawId())
    return this.#unwritten
  }

  #lineageOf(kv: IKeyValue): string {
    const {lineage, version} = this.#decode<{readonly lineage: unknown; readonly version: unknown}>(kv)
    if (typeof version === 'number' && version > STATE_VERSION) throw tooNew(this.endpoints.address, version)
    const isReadable = typeof version === 'number' && version >= OLDEST_READABLE
    if (typeof lineage !== 'string' || !isReadable) throw corruptKey(this.endpoints.address, kv.key.toString())
    return lineage
  }

  /** What is known with the commits since; `undefined` where they do not lead from there to the head. */
  async #joined(
    state: State,
    head: {lineage: string; revision: number},
    kvs: readonly IKeyValue[],
    at: string,
  ): Promise<State | undefined> {
    if (state.lineage !== head.lineage || state.revision + kvs.length !== head.revision || kvs.length === 0) return undefined
    const lines = await Promise.all(kvs.map((kv) => this.#lineOf(kv, at)))
    return isGapless(state.revision, lines)
      ? applyChanges(
          state,
          lines.map(({change}) => change),
        )
      : undefined
  }

  /** Every record, as it was at one revision of etcd; where the newest commit is still being spread, with that. */
  async #whole({lineage, revision}: {lineage: string; revision: number}, isPending: boolean, at: string): Promise<State> {
    const records = new Map<string, [string, unknown][]>(TABLES.map((table) => [table, []]))
    for (const kv of (await this.#all(this.keys.records, at)).kvs) {
      const {id, table} = this.keys.recordNamed(kv.key)
      // A table that this Berth does not know would come with a higher version.
      records.get(table)?.push([id, this.#decode(kv)])
    }
    const tables = Object.fromEntries([...records].map(([table, entries]) => [table, Object.fromEntries(entries)]))
    const state = {...emptyState(lineage), ...tables, revision}
    const pending = isPending ? await this.lines(revision, revision, at) : []
    return {
      ...withRecords(
        state,
        pending.flatMap(({change}) => change.records),
      ),
      revision,
    }
  }

  async #lineOf(kv: IKeyValue, at: string): Promise<Line> {
    const line = this.#decode<LineOrParts>(kv)
    if (!('parts' in line)) return line
    const revision = Number(kv.key.toString().split('/').at(-1))
    const {kvs} = await this.#all(this.keys.partsOf(revision, line.commit), at)
    return this.#decode<Line>({...kv, value: Buffer.concat(kvs.map(({value}) => value))})
  }

  /** Every key of the range, page after page, at one revision of etcd. */
  async #all(range: KeyRange, asOf?: string): Promise<{readonly kvs: readonly IKeyValue[]; readonly at: string}> {
    const kvs: IKeyValue[] = []
    let {key} = range
    let at = asOf
    for (;;) {
      const request = {...range, key, limit: PAGE, ...(at === undefined ? {} : {revision: at})}
      const page = await this.endpoints.call((client, options) => client.kv.range(request, options))
      at ??= page.header.revision
      for (const kv of page.kvs) kvs.push(kv)
      const last = page.kvs.at(-1)
      if (!page.more || !last) return {at, kvs}
      key = Buffer.concat([last.key, Buffer.of(0)])
    }
  }

  #decode<T>({key, value}: IKeyValue): T {
    try {
      const content: unknown = JSON.parse(value.toString())
      if (typeof content === 'object' && content !== null) return content as T
    } catch (error) {
      throw corruptKey(this.endpoints.address, key.toString(), error)
    }
    throw corruptKey(this.endpoints.address, key.toString())
  }
}

function kvsOf(response: IResponseOp | undefined): readonly IKeyValue[] {
  return response?.response_range.kvs ?? []
}
