// Who is first: each who wants something puts a key of its own, bound to its life, and the oldest key has it. So nobody waits for ever and nobody dead stands in the way.
import {setTimeout as sleep} from 'node:timers/promises'
import type {IKeyValue, IRangeResponse, ITxnRequest} from 'etcd3'
import type {Client} from '../../model/client.js'
import type {Timestamp} from '../../model/time.js'
import type {Clients} from '../../world/clients.js'
import {EtcdBell} from './bell.js'
import type {EtcdEndpoints} from './endpoints.js'
import {isLeaseGone} from './faults.js'
import {get, isAt, isThere, type KeyRange, keyIn, put, remove} from './keys.js'
import type {EtcdLease, EtcdSession} from './session.js'

/** Who gives up waits no longer until its place is given back; that goes on meanwhile. */
const PATIENCE_MS = 1000
const PAUSE_MS = 250

/** What stands in the key of who holds or waits. */
export interface Holder {
  /** What is held. */
  readonly name: string
  readonly command: string
  readonly by: string
  readonly client: Client
  readonly since: Timestamp
}

/** A place at the head. */
export interface Turn {
  /** Ours, which stands as long as we hold it. */
  readonly key: Buffer
  readonly lease: EtcdLease
  /** Did others stand before us? */
  readonly hasWaited: boolean
}

export class EtcdTurns {
  constructor(
    private readonly endpoints: EtcdEndpoints,
    private readonly session: EtcdSession,
    private readonly drawId: () => string,
    private readonly clients: () => Clients,
  ) {}

  /** Waits until it is ours. Throws the signal's reason, and as a call does; then our key is gone. */
  async take(range: KeyRange, holder: Holder, signal: AbortSignal): Promise<Turn> {
    for (;;) {
      const lease = await this.session.lease()
      const key = keyIn(range, this.drawId())
      try {
        const stood = await this.#stand(range, {key, lease}, holder, signal)
        if (stood) return {hasWaited: stood === 'waited', key, lease}
      } catch (error) {
        await Promise.race([this.giveBack({key, lease}), sleep(PATIENCE_MS, undefined, {ref: false})])
        throw error
      }
    }
  }

  /** As `release`, tried until it is done or our lease is lost: while that lives an orphan of ours would keep all others from their turn. Never rejects. */
  async giveBack({key, lease}: Place): Promise<void> {
    while (!lease.lost.aborted) {
      const isGone = await this.release(key, 0).then(
        () => true,
        () => false,
      )
      if (isGone) return
      await sleep(PAUSE_MS, undefined, {ref: false})
    }
  }

  /** After it our key is gone, and the next is first. `patienceMs`: 0 is one try. */
  async release(key: Buffer, patienceMs?: number): Promise<void> {
    const terms = patienceMs === undefined ? {} : {patienceMs}
    await this.endpoints.call((client, options) => client.kv.deleteRange({key}, options), terms)
  }

  /** Is it certain that the holder does not live? Of another machine's only its lease tells; to wait for that would be to wait for seconds. */
  isDead({value}: Pick<IKeyValue, 'value'>): boolean {
    const {client} = JSON.parse(value.toString()) as Holder
    const clients = this.clients()
    return client.bootId === clients.self().bootId && !clients.isAlive(client)
  }

  /** False where our key went while we waited: the lease was lost, or somebody took it away. */
  async #stand(range: KeyRange, place: Place, holder: Holder, signal: AbortSignal): Promise<'at once' | 'waited' | false> {
    const {lease} = place
    let seen = await this.#enter(range, place, holder, signal)
    for (let stood: 'at once' | 'waited' = 'at once'; ; stood = 'waited') {
      if (!seen.isStanding) return false
      if (seen.before === undefined) return stood
      if (this.isDead(seen.before)) await this.release(seen.before.key)
      else await this.#wait(seen.before, seen.revision, AbortSignal.any([signal, lease.lost]))
      signal.throwIfAborted()
      if (lease.lost.aborted) return false
      seen = seenBy(
        place.key,
        await this.endpoints.call((client, options) => client.kv.range({...range, ...OLDEST_FIRST}, options), {signal}),
      )
    }
  }

  /** Puts our key, and looks in the same breath. */
  async #enter(range: KeyRange, {key, lease}: Place, holder: Holder, signal: AbortSignal): Promise<Seen> {
    const look = {request_range: {...range, ...OLDEST_FIRST}}
    // Asked twice, it stays as it was: its age is its place.
    const request: ITxnRequest = {compare: [isAt(key, '0')], success: [put(key, JSON.stringify(holder), lease.id), look], failure: [look]}
    try {
      const {header, responses} = await this.endpoints.call((client, options) => client.kv.txn(request, options), {signal})
      return seenBy(key, {header, kvs: responses.at(-1)?.response_range.kvs ?? []})
    } catch (error) {
      if (!isLeaseGone(error)) throw error
      lease.forget()
      return {before: undefined, isStanding: false, revision: '0'}
    }
  }

  /** Returns when something happens to the key, or may have. */
  async #wait({key}: IKeyValue, since: string, signal: AbortSignal): Promise<void> {
    const bell = new EtcdBell(this.endpoints, {key}, since)
    try {
      await bell.heard(signal)
    } finally {
      bell.close()
    }
  }
}

type Place = Pick<Turn, 'key' | 'lease'>

/** Do we still stand, and who stands just before us? */
interface Seen {
  readonly before: IKeyValue | undefined
  readonly isStanding: boolean
  readonly revision: string
}

/** The order of places. */
export const OLDEST_FIRST = {sort_order: 'Ascend', sort_target: 'Create'} as const

function seenBy(key: Buffer, {header, kvs}: Pick<IRangeResponse, 'header' | 'kvs'>): Seen {
  const place = kvs.findIndex((one) => one.key.equals(key))
  return {before: kvs[place - 1], isStanding: place >= 0, revision: header.revision}
}

/** Does the key of a turn still stand? */
export async function stillStands(endpoints: EtcdEndpoints, key: Buffer): Promise<boolean> {
  const request: ITxnRequest = {compare: [isThere(key)], failure: [get(key)]}
  return (await endpoints.call((client, options) => client.kv.txn(request, options))).succeeded
}

/** Takes the oldest key of the range away; returns whether there was one. */
export async function removeFirst(endpoints: EtcdEndpoints, range: KeyRange): Promise<boolean> {
  const {kvs} = await endpoints.call((client, options) => client.kv.range({...range, ...OLDEST_FIRST, limit: 1}, options))
  const [first] = kvs
  if (!first) return false
  const request: ITxnRequest = {compare: [isAt(first.key, first.mod_revision)], success: [remove(first.key)]}
  await endpoints.call((client, options) => client.kv.txn(request, options), {isWrite: true})
  return true
}
