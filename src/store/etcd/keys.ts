// What lies where in etcd, both ways: the only file that knows the names of the keys.
//
//   <prefix>/meta                          {version, lineage}
//   <prefix>/revision                      the newest commit: {revision, commit, at, by, command, because}
//   <prefix>/state/<table>/<id>            a record
//   <prefix>/history/<revision>            a commit, with what its records were before; of a large one where its parts lie
//   <prefix>/parts/<revision>/<commit>/N   the parts of a large commit
//   <prefix>/pending                       the revision of a large commit whose records do not all stand under state/ yet
//   <prefix>/locks/<hash of name>/N        who holds or waits for a lease: the oldest holds it
//   <prefix>/queue/N                       who writes next, where several want to: the oldest may
//   <prefix>/clients/<hash>                a client that has begun something on hosts, as long as it lives
import {createHash} from 'node:crypto'
import type {ICompare, IRequestOp} from 'etcd3'
import type {Client} from '../../model/client.js'
import type {TableName} from '../../model/state.js'

/** From `key` on, up to and without `end`. */
export interface KeyRange {
  readonly key: Buffer
  readonly range_end: Buffer
}

const DIGITS = 15

export class EtcdKeys {
  readonly meta: Buffer
  readonly revision: Buffer
  readonly pending: Buffer
  readonly records: KeyRange
  readonly locks: KeyRange
  readonly queue: KeyRange
  readonly clients: KeyRange

  constructor(private readonly prefix: string) {
    this.meta = this.#key('meta')
    this.revision = this.#key('revision')
    this.pending = this.#key('pending')
    this.records = this.#below('state')
    this.locks = this.#below('locks')
    this.queue = this.#below('queue')
    this.clients = this.#below('clients')
  }

  record(table: TableName, id: string): Buffer {
    return this.#key('state', table, encodeURIComponent(id))
  }

  /** The table and id of a record's key. */
  recordNamed(key: Buffer): {readonly table: string; readonly id: string} {
    const [table = '', id = ''] = key.toString().slice(`${this.prefix}/state/`.length).split('/')
    return {table, id: decodeURIComponent(id)}
  }

  commit(revision: number): Buffer {
    return this.#key('history', padded(revision))
  }

  /** Commits from one revision to another, both included. */
  commits(from: number, to: number): KeyRange {
    return {key: this.commit(from), range_end: this.commit(to + 1)}
  }

  part(revision: number, commit: string, index: number): Buffer {
    return this.#key('parts', padded(revision), commit, padded(index))
  }

  /** The parts of one commit. */
  partsOf(revision: number, commit: string): KeyRange {
    return this.#below('parts', padded(revision), commit)
  }

  /** The parts of all commits from one revision to another, both included, also of those that never came to be. */
  parts(from: number, to: number): KeyRange {
    return {key: this.#key('parts', padded(from)), range_end: this.#key('parts', padded(to + 1))}
  }

  /** Who wants the lease: a name never becomes a key, only its hash does. */
  lock(name: string): KeyRange {
    return this.#below('locks', createHash('sha256').update(name).digest('hex').slice(0, 32))
  }

  client({bootId, pid, startedAt}: Client): Buffer {
    const hash = createHash('sha256')
      .update(JSON.stringify([bootId, pid, startedAt]))
      .digest('hex')
    return this.#key('clients', hash.slice(0, 32))
  }

  #key(...words: readonly string[]): Buffer {
    return Buffer.from([this.prefix, ...words].join('/'))
  }

  #below(...words: readonly string[]): KeyRange {
    const path = [this.prefix, ...words].join('/')
    // What follows a slash in the order of bytes.
    return {key: Buffer.from(`${path}/`), range_end: Buffer.from(`${path}0`)}
  }
}

/** A key of its own in the range. */
export function keyIn({key}: KeyRange, name: string): Buffer {
  return Buffer.concat([key, Buffer.from(name)])
}

export function put(key: Buffer, value: Buffer | string, lease?: string): IRequestOp {
  return {request_put: {key, value: Buffer.from(value), ...(lease === undefined ? {} : {lease})}}
}

export function remove(key: Buffer | KeyRange): IRequestOp {
  return {request_delete_range: Buffer.isBuffer(key) ? {key} : key}
}

export function get(key: Buffer | KeyRange, limit = 0): IRequestOp {
  return {request_range: {...(Buffer.isBuffer(key) ? {key} : key), limit}}
}

/** Was the key last written at that revision of etcd? `0`: it is not there. */
export function isAt(key: Buffer, modRevision: string): ICompare {
  return {key, mod_revision: modRevision, result: 'Equal', target: 'Mod'}
}

export function isThere(key: Buffer): ICompare {
  return {create_revision: '0', key, result: 'Greater', target: 'Create'}
}

/** Is there no key in the range? */
export function isEmpty(range: KeyRange): ICompare {
  // A range in a comparison is part of etcd's protocol since 3.3, which the client sends without having a type for it.
  return {...range, create_revision: '0', result: 'Equal', target: 'Create'} as ICompare
}

function padded(number: number): string {
  return String(Math.max(0, number)).padStart(DIGITS, '0')
}
