// When to look at a cluster's hosts again: as soon as something happens to a container of ours, and now and then all the same.
// - First its events are heard, then it is looked at: an instance is due once its stream of events stands, and again when that breaks, so that nothing is missed.
// - One that stays away is due no more often than all are: whoever tries to reach it again and again would have everybody wait for it.
// - What is told while nobody waits is not lost: the next wait returns at once.
import {setMaxListeners} from 'node:events'
import type {Instance, InstanceId} from '../model/instance.js'
import {timestamp} from '../model/time.js'
import type {World} from '../world/world.js'

/** What changes how a task stands. Starts are recorded by whoever starts. */
const TELLING = /^(die|health_status\b.*)$/

/**
 * An engine tells of a death before its list of containers knows of it: milliseconds before, and more where its disk is slow (seen on 26.1.5, whose list, asked at
 * once, said `running` each time).
 */
const LOOK_AFTER_MS = [50, 1000]

const RECONNECT_PAUSE_MS = 2000

export class Pulse {
  readonly #due = new Set<InstanceId>()
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

  /** The instances that are to be looked at, which are so no longer then. */
  takeDue(): ReadonlySet<InstanceId> {
    const due = new Set(this.#due)
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
    // Each event that is looked into listens to it for a second.
    setMaxListeners(0, signal)
    void this.#listen(instance, signal)
  }

  async #listen(instance: Instance, signal: AbortSignal): Promise<void> {
    const isDue = () => {
      this.#due.add(instance.id)
      this.ring()
    }
    // The way to a host that was lost may be dead for long after the host is back: another is looked for.
    for (let fresh = false; !signal.aborted; fresh = true) {
      let isHeard = false
      try {
        const engine = await this.world.engines.open(instance.address, {fresh}, signal)
        const since = timestamp(await engine.time(signal))
        isHeard = true
        isDue()
        // Foreign ones too: what they give back may be what a task waits for.
        for await (const {action, type} of engine.events({since}, signal)) {
          // Foreign ones too: what they give back may be what a task waits for.
          if (type !== 'container' || !TELLING.test(action)) continue
          for (const ms of LOOK_AFTER_MS) this.world.clock.sleep(ms, signal).then(isDue, () => {})
        }
      } catch {
        // The host is away, or we are: the look says which, and the next try begins anew.
      }
      if (signal.aborted) return
      if (isHeard) isDue()
      await this.world.clock.sleep(RECONNECT_PAUSE_MS, signal).catch(() => {})
    }
  }
}
