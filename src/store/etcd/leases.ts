// Named rights in etcd, held one at a time, each until it is released, its holder dies or loses its way to etcd, or somebody takes it away.
import type {IKeyValue} from 'etcd3'
import {compareText} from '../../model/state.js'
import type {Lease, StateLock} from '../../world/store.js'
import {EtcdBell} from './bell.js'
import type {EtcdEndpoints} from './endpoints.js'
import type {EtcdKeys, KeyRange} from './keys.js'
import {type EtcdTurns, type Holder, OLDEST_FIRST, removeFirst, stillStands, type Turn} from './turns.js'

const OF_THE_STATE = 'state'

export class EtcdLeases {
  constructor(
    private readonly endpoints: EtcdEndpoints,
    private readonly keys: EtcdKeys,
    private readonly turns: EtcdTurns,
  ) {}

  /** Waits until the name is free, then holds it. Throws the signal's reason, and as a call does. */
  async take(holder: Holder, signal: AbortSignal): Promise<Lease> {
    const turn = await this.turns.take(this.keys.lock(holder.name), holder, signal)
    const ended = new AbortController()
    const lost = new AbortController()
    void this.#guard(turn, lost, AbortSignal.any([ended.signal, turn.lease.lost]))
    const release = async (): Promise<void> => {
      ended.abort()
      await this.turns.release(turn.key)
    }
    return {name: holder.name, release, signal: lost.signal}
  }

  /** Those that stand, the place of who writes next first, then by name. */
  async standing(): Promise<readonly StateLock[]> {
    const [first] = await this.#all(this.keys.queue)
    const oldest = new Map<string, StateLock>()
    for (const kv of await this.#all(this.keys.locks)) {
      const lock = this.#lockOf(kv)
      if (!oldest.has(lock.name)) oldest.set(lock.name, lock)
    }
    const leases = [...oldest.values()].sort((a, b) => compareText(a.name, b.name))
    return first ? [{...this.#lockOf(first), name: OF_THE_STATE}, ...leases] : leases
  }

  /** Takes it from whoever holds it; returns whether anybody did. */
  remove(name: string): Promise<boolean> {
    return removeFirst(this.endpoints, name === OF_THE_STATE ? this.keys.queue : this.keys.lock(name))
  }

  /** Tells when our key is gone before it was released. Never rejects. */
  async #guard({key, lease}: Turn, lost: AbortController, isOver: AbortSignal): Promise<void> {
    const bell = new EtcdBell(this.endpoints, {key}, '0')
    try {
      while (!isOver.aborted && (await stillStands(this.endpoints, key).catch(() => true))) await bell.heard(isOver)
      if (lease.lost.aborted) lost.abort(lease.lost.reason)
      else if (!isOver.aborted) lost.abort(new Error('Somebody has taken the lease away.'))
    } finally {
      bell.close()
    }
  }

  /** The oldest first. */
  async #all(range: KeyRange): Promise<readonly IKeyValue[]> {
    return (await this.endpoints.call((client, options) => client.kv.range({...range, ...OLDEST_FIRST}, options))).kvs
  }

  #lockOf(kv: IKeyValue): StateLock {
    const {by, client, command, name, since} = JSON.parse(kv.value.toString()) as Holder
    return {by, command, isAlive: !this.turns.isDead(kv), name, pid: client.pid, since}
  }
}
