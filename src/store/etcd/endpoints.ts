// The members of an etcd cluster, asked one after the other: each call has a deadline, goes to the next member when one does not answer, and is given up when none
// has for long. The client's own guards are put aside: its circuit breaker refuses for seconds what works again, and its retries know no deadline.
import {setMaxListeners} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'
import type {Etcd3, IOptions} from 'etcd3'
import type {EtcdAccess} from './access.js'
import type {EtcdAddress} from './address.js'
import {answerFault, isCompacted, isLeaseGone, mayPass, unreachable} from './faults.js'

/** How long one member may take to answer. A member that is frozen accepts connections and says nothing. */
const ATTEMPT_MS = 3000
const LONGEST_PAUSE_MS = 500
/** Notices a stream to a frozen member; etcd refuses who asks more often than every 5 s. */
const PING = {everyMs: 10_000, answerMs: 3000}

type Guard = NonNullable<NonNullable<IOptions['faultHandling']>['global']>
const UNGUARDED = {execute: async (act: (context: object) => unknown) => act({signal: new AbortController().signal})} as unknown as Guard

/** What a call may take. */
export interface CallOptions {
  readonly deadline: number
}

export interface CallTerms {
  readonly signal?: AbortSignal
  /** Does it change anything? Then nobody knows whether it did when no answer comes. */
  readonly isWrite?: boolean
  /** How long all members together may take; as told to the constructor unless told here. */
  readonly patienceMs?: number
  /** How long one member may take. */
  readonly attemptMs?: number
}

export class EtcdEndpoints {
  readonly #clients: (Promise<Etcd3> | undefined)[] = []
  readonly #closed = new AbortController()
  /** The member that answered last. */
  #current = 0

  constructor(
    readonly address: EtcdAddress,
    private readonly access: () => EtcdAccess,
    private readonly patienceMs: number,
  ) {
    // Each call under way listens to it.
    setMaxListeners(0, this.#closed.signal)
  }

  get isClosed(): boolean {
    return this.#closed.signal.aborted
  }

  /**
   * What a member answers. `act` may run again, on another member, after one that may have done it already: whatever it asks for must bear being asked twice. Throws
   * `StateUnreachable`, `StateRefused`, `StateDiskFull`, the signal's reason, and the client's error of a lease that is gone or a revision that was compacted.
   */
  async call<T>(
    act: (client: Etcd3, options: CallOptions) => Promise<T>,
    {attemptMs = ATTEMPT_MS, signal, isWrite = false, patienceMs}: CallTerms = {},
  ): Promise<T> {
    const ends = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal
    const begun = performance.now()
    const waited = () => performance.now() - begun
    for (let attempt = 1; ; attempt += 1) {
      ends.throwIfAborted()
      const index = this.#current
      try {
        return await unlessAborted(
          this.#client(index).then((client) => act(client, {deadline: Date.now() + attemptMs})),
          ends,
        )
      } catch (thrown) {
        ends.throwIfAborted()
        const error = await asSaid(thrown)
        if (isLeaseGone(error) || isCompacted(error)) throw error
        if (!mayPass(error)) throw answerFault(error, this.address)
        this.#turnAway(index)
        if (waited() >= (patienceMs ?? this.patienceMs)) throw unreachable(this.address, waited(), error, isWrite)
        // Each has been asked: give them time.
        if (attempt % this.address.endpoints.length === 0) await sleep(Math.min(LONGEST_PAUSE_MS, 50 * attempt), undefined, {signal: ends})
      }
    }
  }

  /** The next call goes to another member; of several that one member has failed only the first moves on. */
  #turnAway(index: number): void {
    if (this.#current === index) this.#current = (index + 1) % this.address.endpoints.length
  }

  /** Ends every call and connection. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('The state was closed.'))
    for (const client of await Promise.allSettled(this.#clients)) if (client.status === 'fulfilled') client.value?.close()
  }

  #client(index: number): Promise<Etcd3> {
    const made = this.#clients[index] ?? this.#make(this.address.endpoints[index] ?? '')
    this.#clients[index] = made
    return made
  }

  async #make(endpoint: string): Promise<Etcd3> {
    const {login, tls} = this.access()
    const {Etcd3} = await import('etcd3')
    const scheme = this.address.isTls || tls ? 'https' : 'http'
    return new Etcd3({
      hosts: [`${scheme}://${endpoint}`],
      faultHandling: {global: UNGUARDED, host: () => UNGUARDED},
      grpcOptions: {
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.keepalive_time_ms': PING.everyMs,
        'grpc.keepalive_timeout_ms': PING.answerMs,
        'grpc.max_receive_message_length': -1,
        'grpc.max_reconnect_backoff_ms': 1000,
        'grpc.min_reconnect_backoff_ms': 100,
        'grpc.use_local_subchannel_pool': 1,
      },
      ...(tls ? {credentials: credentialsOf(tls)} : {}),
      ...(login ? {auth: {...login, callOptions: () => ({deadline: Date.now() + ATTEMPT_MS})}} : {}),
    })
  }
}

/** What breaks on a stream has no class yet. */
async function asSaid(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error) || thrown.constructor !== Error) return thrown
  const {castGrpcError} = await import('etcd3')
  return castGrpcError(thrown)
}

/** Without a CA those of the system are meant, which the client's types do not foresee. */
function credentialsOf({ca, certificate, key}: NonNullable<EtcdAccess['tls']>): NonNullable<IOptions['credentials']> {
  return {
    ...(ca ? {rootCertificate: ca} : {}),
    ...(certificate && key ? {certChain: certificate, privateKey: key} : {}),
  } as NonNullable<IOptions['credentials']>
}

/** The promise's outcome, or the signal's reason as soon as it fires. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, {once: true})
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
