// That this process lives, told to all who share the state: what it has begun on hosts is nobody else's to go on with.
import {setTimeout as sleep} from 'node:timers/promises'
import type {ITxnRequest} from 'etcd3'
import type {Client} from '../../model/client.js'
import type {EtcdEndpoints} from './endpoints.js'
import {isLeaseGone} from './faults.js'
import {type EtcdKeys, put} from './keys.js'
import type {Known} from './reader.js'
import type {EtcdLease, EtcdSession} from './session.js'

/** Between two tries to be seen again. */
const PAUSE_MS = 1000

export class EtcdPresence {
  #lease: EtcdLease | undefined

  constructor(
    private readonly endpoints: EtcdEndpoints,
    private readonly keys: EtcdKeys,
    private readonly session: EtcdSession,
    private readonly self: () => Client,
  ) {}

  /** Our key, which stands from now on for as long as we live. Throws as a call does. */
  async shown({present}: Pick<Known, 'present'>): Promise<Buffer> {
    const key = this.keys.client(this.self())
    if (!this.#lease || this.#lease.lost.aborted || !present.has(key.toString())) await this.#show(key)
    return key
  }

  async #show(key: Buffer): Promise<void> {
    const lease = await this.session.lease()
    const request: ITxnRequest = {success: [put(key, JSON.stringify(this.self()), lease.id)]}
    try {
      await this.endpoints.call((client, options) => client.kv.txn(request, options))
    } catch (error) {
      if (!isLeaseGone(error)) throw error
      // The commit will find that it does not stand, and be tried again.
      lease.forget()
      return
    }
    if (this.#lease !== lease) lease.lost.addEventListener('abort', () => void this.#again(key, lease), {once: true})
    this.#lease = lease
  }

  /** A process that was cut off for a while lives on: it says so as soon as it can. */
  async #again(key: Buffer, {lost}: EtcdLease): Promise<void> {
    if (!(lost.reason instanceof Error && lost.reason.name === 'LeaseLost')) return
    while (!this.endpoints.isClosed) {
      const isShown = await this.#show(key).then(
        () => true,
        () => false,
      )
      if (isShown) return
      await sleep(PAUSE_MS, undefined, {ref: false})
    }
  }
}
