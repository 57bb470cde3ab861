// The life of this process as etcd sees it: one lease, kept alive from when something first needs it, on which hangs all that must not outlive us.
import {setTimeout as sleep} from 'node:timers/promises'
import type {Etcd3} from 'etcd3'
import {mayPass} from './faults.js'
import type {CallOptions, EtcdEndpoints} from './endpoints.js'

/** What hangs on a lease goes so long after its holder has died or lost its way to etcd: whoever waits for it then still has it within 10 s. */
export const TTL_SECONDS = 8
/** We count it as lost sooner than etcd does, from when we asked. */
const GOOD_MS = TTL_SECONDS * 1000 - 500
const RENEW_MS = 2000
/** After a renewal that nobody answered: the time is short then. */
const RENEW_AGAIN_MS = 250
/** A member that takes longer makes way for another. */
const RENEWAL_TERMS = {attemptMs: 1500, patienceMs: 3000}

/** A lease of etcd that is kept alive. */
export interface EtcdLease {
  readonly id: string
  /** Aborts when it is lost, and what hung on it. */
  readonly lost: AbortSignal
  /** To be called by who hears from etcd that the lease is no more. */
  forget(): void
}

interface Kept extends EtcdLease {
  readonly ended: AbortController
}

export class EtcdSession {
  #kept: Promise<Kept> | undefined
  readonly #closed = new AbortController()

  constructor(private readonly endpoints: EtcdEndpoints) {}

  /** The lease of this process, granted anew where an earlier one was lost. Throws as a call does. */
  async lease(): Promise<EtcdLease> {
    this.#kept ??= this.#grant()
    try {
      const kept = await this.#kept
      if (!kept.lost.aborted) return kept
    } catch (error) {
      this.#kept = undefined
      throw error
    }
    this.#kept = this.#grant()
    return this.#kept
  }

  /** After it nothing that hung on the lease is there, if etcd can be reached; else it goes with time. */
  async close(): Promise<void> {
    const kept = await this.#kept?.catch(() => undefined)
    this.#closed.abort()
    if (!kept || kept.lost.aborted) return
    kept.ended.abort(new Error('The state was closed.'))
    // Whoever cannot be reached forgets it by itself.
    await this.endpoints
      .call((client, options) => client.leaseClient.leaseRevoke({ID: kept.id}, options), {patienceMs: 0})
      .catch(() => undefined)
  }

  async #grant(): Promise<Kept> {
    const askedAt = performance.now()
    const {ID: id} = await this.endpoints.call((client, options) => client.leaseClient.leaseGrant({TTL: TTL_SECONDS}, options))
    const ended = new AbortController()
    const kept = {ended, forget: () => ended.abort(new LeaseLost()), id, lost: ended.signal}
    void this.#keep(kept, askedAt)
    return kept
  }

  /** Renews it again and again until it cannot be any more. Never rejects. */
  async #keep({ended, id}: Kept, grantedAt: number): Promise<void> {
    const isOver = AbortSignal.any([this.#closed.signal, ended.signal])
    let goodUntil = grantedAt + GOOD_MS
    let pauseMs = RENEW_MS
    while (performance.now() < goodUntil) {
      // Its only rejection is the signal's, which is asked next. Nobody waits for us to end.
      await sleep(pauseMs, undefined, {ref: false, signal: isOver}).catch(() => undefined)
      if (isOver.aborted) return
      const askedAt = performance.now()
      try {
        // Whoever is still waiting for an answer when the time is over has lost it.
        const inTime = AbortSignal.timeout(Math.max(0, Math.floor(goodUntil - askedAt)))
        await this.endpoints.call((client, options) => renew(client, id, options), {
          ...RENEWAL_TERMS,
          signal: AbortSignal.any([isOver, inTime]),
        })
        goodUntil = askedAt + GOOD_MS
        pauseMs = RENEW_MS
      } catch (error) {
        if (isOver.aborted) return
        if (error instanceof LeaseLost || !(isUnanswered(error) || mayPass(error))) break
        pauseMs = RENEW_AGAIN_MS
      }
    }
    ended.abort(new LeaseLost())
  }
}

/** What hung on our lease is gone, or soon will be. */
class LeaseLost extends Error {
  constructor() {
    super('The lease was lost: etcd was not reached in time.')
    this.name = 'LeaseLost'
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'StateUnreachable'
}

/** Once, on a stream of its own, so that a frozen member costs one deadline. */
async function renew(client: Etcd3, id: string, options: CallOptions): Promise<void> {
  const stream = await client.leaseClient.leaseKeepAlive(options)
  try {
    const {TTL} = await new Promise<{readonly TTL: string}>((resolve, reject) => {
      stream.on('data', resolve)
      stream.on('error', reject)
      stream.on('end', () => reject(new Error('The stream ended.')))
      stream.write({ID: id})
    })
    if (Number(TTL) <= 0) throw new LeaseLost()
  } finally {
    stream.end()
  }
}
