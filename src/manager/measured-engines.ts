// Engines whose calls are counted and timed: what the metrics of a controller tell of the hosts.
import type {Engine, Engines} from '../world/engine.js'
import {hostText} from '../model/host-address.js'

interface Calls {
  count: number
  seconds: number
  errors: number
}

export class MeasuredEngines implements Engines {
  readonly #calls = new Map<string, Calls>()
  readonly #wrapped = new WeakMap<Engine, Engine>()

  constructor(
    private readonly engines: Engines,
    /** The instance at an address, by its name. */
    private readonly nameOf: (address: string) => string,
  ) {}

  /** By the name of the instance. */
  get calls(): ReadonlyMap<string, Readonly<Calls>> {
    return this.#calls
  }

  async open(...request: Parameters<Engines['open']>): Promise<Engine> {
    const name = this.nameOf(hostText(request[0]))
    const engine = await this.#timed(name, this.engines.open(...request))
    const wrapped = this.#wrapped.get(engine) ?? this.#wrap(name, engine)
    this.#wrapped.set(engine, wrapped)
    return wrapped
  }

  #wrap(name: string, engine: Engine): Engine {
    return new Proxy(engine, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value !== 'function') return value
        return (...words: readonly unknown[]) => {
          const answer: unknown = Reflect.apply(value, target, words)
          // Streams last as long as they are listened to: no time of theirs tells anything.
          return answer instanceof Promise ? this.#timed(name, answer) : answer
        }
      },
    })
  }

  async #timed<T>(name: string, call: Promise<T>): Promise<T> {
    const calls = this.#calls.get(name) ?? {count: 0, seconds: 0, errors: 0}
    this.#calls.set(name, calls)
    const begin = performance.now()
    try {
      return await call
    } catch (error) {
      calls.errors += 1
      throw error
    } finally {
      calls.count += 1
      calls.seconds += (performance.now() - begin) / 1000
    }
  }
}
