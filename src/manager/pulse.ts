// When to look at a cluster's hosts again: as soon as something happens to a container of ours, and now and then all the same.
// - An instance is due from the moment its stream of events begins, again whenever that breaks: what happened in between is found by the look.
// - What is told while nobody waits is not lost: the next wait returns at once.
import {setMaxListeners} from 'node:events'
import type {Instance, InstanceId} from '../model/instance.js'
import {timestamp} from '../model/time.js'
import type {World} from '../world/world.js'

/** What changes how a task stands. Starts are recorded by whoever starts. */
const TELLING = /^(die|health_status\b.*)$/

const RECONNECT_PAUSE_MS = 2000

export class Pulse {
  readonly #due = new Map<InstanceId, Set<string>>()
  readonly #listening = new Map<InstanceId, AbortController>()
  #rung = false
  #wake = () => {}

  constructor(private readonly world: World) {}

  /** Hears of these instances from now on, and of no others. */
  hear(instances: readonly Instance[]): void {
    const ids = new Set(instances.map(({id}) => id))
    for (const [id, closing] of this.#listening)
      if (!ids.has(id)) {
        closing.abort()
        this.#listening.delete(id)
      }
    for (const instance of instances) if (!this.#listening.has(instance.id)) this.#begin(instance)
  }

  /** The instances that are to be looked at, which are so no longer then, each with the runtime ids of containers that something has happened to. */
  takeDue(): ReadonlyMap<InstanceId, ReadonlySet<string>> {
    const due = new Map(this.#due)
    this.#due.clear()
    return due
  }

  /** Something else has happened that may change what is to be done. */
  ring(): void {
    this.#rung = true
    this.#wake()
  }

  /** Returns as soon as anything has happened since the last wait, or after `ms`. Throws the signal's reason. */
  async wait(ms: number): Promise<void> {
    const done = new AbortController()
    const rung = new Promise<void>((resolve) => {
      this.#wake = resolve
      if (this.#rung) resolve()
    })
    try {
      await Promise.race([rung, this.world.clock.sleep(Math.max(0, ms), AbortSignal.any([this.world.signal, done.signal]))])
      this.world.signal.throwIfAborted()
    } finally {
      done.abort()
      this.#rung = false
      this.#wake = () => {}
    }
  }

  close(): void {
    for (const closing of this.#listening.values()) closing.abort()
    this.#listening.clear()
  }

  #begin(instance: Instance): void {
    const closing = new AbortController()
    this.#listening.set(instance.id, closing)
    const signal = AbortSignal.any([this.world.signal, closing.signal])
    setMaxListeners(0, signal)
    void this.#listen(instance, signal)
  }

  async #listen(instance: Instance, signal: AbortSignal): Promise<void> {
    // The way to a host that was lost may be dead for long after the host is back: another is looked for.
    for (let fresh = false; !signal.aborted; fresh = true) {
      let isHeard = false
      try {
        const engine = await this.world.engines.open(instance.address, {fresh}, signal)
        const since = timestamp(await engine.time(signal))
        isHeard = true
        this.#isDue(instance)
        // Foreign ones too: what they give back may be what a task waits for.
        for await (const {action, subject, type} of engine.events({since}, signal))
          if (type === 'container' && TELLING.test(action)) this.#isDue(instance, subject)
      } catch {
        // The host is away, or we are: the look says which, and the next try begins anew.
      }
      if (signal.aborted) return
      if (isHeard) this.#isDue(instance)
      await this.world.clock.sleep(RECONNECT_PAUSE_MS, signal).catch(() => {})
    }
  }

  #isDue({id}: Instance, ...runtimeIds: readonly string[]): void {
    const known = this.#due.get(id) ?? new Set()
    for (const one of runtimeIds) known.add(one)
    this.#due.set(id, known)
    this.ring()
  }
}
