// Tells that something may have changed under a key: by a watch, which moves on to another member when one falls silent. It is only a call to look; what is
// there is always read, so that no event can be lost or misread.
import {setTimeout as sleep} from 'node:timers/promises'
import type {IWatchResponse, WatchClient} from 'etcd3'
import type {EtcdEndpoints} from './endpoints.js'

/** A member that is cut off from the others keeps its watches and hears nothing: after so long one looks all the same. */
const LOOK_ANYWAY_MS = 5000
const RETRY_MS = 200

type Stream = Awaited<ReturnType<WatchClient['watch']>>

export class EtcdBell {
  readonly #closed = new AbortController()
  #ringing = new AbortController()
  #stream: Stream | undefined

  /** Rings for what is written under the key after that revision of etcd. */
  constructor(
    private readonly endpoints: EtcdEndpoints,
    private readonly of: {readonly key: Buffer},
    private since: string,
  ) {
    void this.#listen()
  }

  /** Returns when it rings, has rung since the last time, or after a few seconds, and when the signal fires. Never rejects. */
  async heard(signal: AbortSignal): Promise<void> {
    const ends = AbortSignal.any([signal, this.#ringing.signal, this.#closed.signal])
    await sleep(LOOK_ANYWAY_MS, undefined, {signal: ends}).catch(() => undefined)
    this.#ringing = new AbortController()
  }

  close(): void {
    this.#closed.abort()
    // A stream that breaks while it is still written to counts as a fault of the member.
    this.#stream?.end()
    this.#stream?.cancel()
  }

  /** Watches until it is closed. Never rejects: who looks learns what is wrong. */
  async #listen(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      // A stream that breaks is begun anew from what was heard last, on another member.
      await this.endpoints
        .call((client) => this.#watch(client.watchClient), {patienceMs: 0, signal: this.#closed.signal})
        .catch(() => undefined)
      this.#ringing.abort()
      await sleep(RETRY_MS, undefined, {ref: false, signal: this.#closed.signal}).catch(() => undefined)
    }
  }

  /** Returns when the watch ends; rejects when its stream breaks. */
  async #watch(client: WatchClient): Promise<void> {
    const stream = await client.watch()
    this.#stream = stream
    if (this.#closed.signal.aborted) return stream.cancel()
    await new Promise<void>((resolve, reject) => {
      stream.on('data', ({canceled, events, header}: IWatchResponse) => {
        if (events.length > 0 || canceled) this.since = header.revision
        if (events.length > 0) this.#ringing.abort()
        // What was to be heard is compacted, or forbidden.
        if (canceled) resolve()
      })
      stream.on('error', reject)
      stream.on('end', resolve)
      stream.write({create_request: {key: this.of.key, start_revision: String(BigInt(this.since) + 1n)}})
    })
  }
}
