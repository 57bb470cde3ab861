// Who is first: each who wants something puts a key of its own, bound to its life, and the oldest key has it. So nobody waits for ever and nobody dead stands in the way.
import type {IKeyValue, ITxnRequest} from 'etcd3'
import type {Client} from '../../model/intent.js'
import type {Timestamp} from '../../model/time.js'
import type {Clients} from '../../world/clients.js'
import {EtcdBell} from './bell.js'
import type {EtcdEndpoints} from './endpoints.js'
import {isLeaseGone} from './faults.js'
import {get, isAt, isThere, type KeyRange, keyIn, put, remove} from './keys.js'
import type {EtcdLease, EtcdSession} from './session.js'

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
        await this.release(key).catch(() => undefined)
        throw error
      }
    }
  }

  /** After it our key is gone, and the next is first. */
  async release(key: Buffer): Promise<void> {
    await this.endpoints.call((client, options) => client.kv.deleteRange({key}, options))
  }

  /** Is it certain that the holder does not live? Of another machine's only its lease tells; to wait for that would be to wait for seconds. */
  isDead({value}: Pick<IKeyValue, 'value'>): boolean {
    const {client} = JSON.parse(value.toString()) as Holder
    const clients = this.clients()
    return client.bootId === clients.self().bootId && !clients.isAlive(client)
  }

  /** False where our key went while we waited: the lease was lost, or somebody took it away. */
  async #stand(
    range: KeyRange,
    {key, lease}: Pick<Turn, 'key' | 'lease'>,
    holder: Holder,
    signal: AbortSignal,
  ): Promise<'at once' | 'waited' | false> {
    // Asked twice, it stays as it was: its age is its place.
    const request: ITxnRequest = {compare: [isAt(key, '0')], success: [put(key, JSON.stringify(holder), lease.id)]}
    try {
      await this.endpoints.call((client, options) => client.kv.txn(request, options), {signal})
    } catch (error) {
      if (!isLeaseGone(error)) throw error
      lease.forget()
      return false
    }
    for (let stood: 'at once' | 'waited' = 'at once'; ; stood = 'waited') {
      const {before, isStanding, revision} = await this.#look(range, key, signal)
      if (!isStanding) return false
      if (before === undefined) return stood
      if (this.isDead(before)) {
        await this.release(before.key)
        continue
      }
      const bell = new EtcdBell(this.endpoints, before, revision)
      try {
        await bell.heard(AbortSignal.any([signal, lease.lost]))
      } finally {
        bell.close()
      }
      signal.throwIfAborted()
      if (lease.lost.aborted) return false
    }
  }

  /** Do we still stand, and who stands just before us? */
  async #look(range: KeyRange, key: Buffer, signal: AbortSignal) {
    const {header, kvs} = await this.endpoints.call(
      (client, options) => client.kv.range({...range, sort_order: 'Ascend', sort_target: 'Create'}, options),
      {signal},
    )
    const place = kvs.findIndex((one) => one.key.equals(key))
    return {before: kvs[place - 1], isStanding: place >= 0, revision: header.revision}
  }
}

/** Does the key of a turn still stand? */
export async function stillStands(endpoints: EtcdEndpoints, key: Buffer): Promise<boolean> {
  const request: ITxnRequest = {compare: [isThere(key)], failure: [get(key)]}
  return (await endpoints.call((client, options) => client.kv.txn(request, options))).succeeded
}

/** Takes the oldest key of the range away; returns whether there was one. */
export async function removeFirst(endpoints: EtcdEndpoints, range: KeyRange): Promise<boolean> {
  const {kvs} = await endpoints.call((client, options) =>
    client.kv.range({...range, limit: 1, sort_order: 'Ascend', sort_target: 'Create'}, options),
  )
  const [first] = kvs
  if (!first) return false
  const request: ITxnRequest = {compare: [isAt(first.key, first.mod_revision)], success: [remove(first.key)]}
  await endpoints.call((client, options) => client.kv.txn(request, options), {isWrite: true})
  return true
}
