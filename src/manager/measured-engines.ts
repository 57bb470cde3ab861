// Engines whose calls are counted and timed: what the metrics of a controller tell of the hosts.
import type {Engine, Engines} from '../world/engine.js'
import {hostText} from '../model/host-address.js'

interface Calls {
  count: number
  seconds: number
  errors: number
}

export class MeasuredEngines implements Engines {
  /** By the address of the host. */
  readonly #calls = new Map<string, Calls>()
  readonly #wrapped = new WeakMap<Engine, Engine>()

  constructor(
    private readonly engines: Engines,
    /** The instance at an address, by its name. */
    private readonly nameOf: (address: string) => string,
  ) {}

  /** By the name of the instance. */
  get calls(): ReadonlyMap<string, Readonly<Calls>> {
    return new Map([...this.#calls].map(([address, calls]) => [this.nameOf(address), calls]))
  }

  async open(...request: Parameters<Engines['open']>): Promise<Engine> {
    const address = hostText(request[0])
    const engine = await this.#timed(address, this.engines.open(...request))
    const wrapped = this.#wrapped.get(engine) ?? this.#wrap(address, engine)
    this.#wrapped.set(engine, wrapped)
    return wrapped
  }

  #wrap(address: string, engine: Engine): Engine {
    return new Proxy(engine, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value !== 'function') return value
        return (...words: readonly unknown[]) => {
          const answer: unknown = Reflect.apply(value, target, words)
          // Streams last as long as they are listened to: no time of theirs tells anything.
          return answer instanceof Promise ? this.#timed(address, answer) : answer
        }
      },
    })
  }

  async #timed<T>(address: string, call: Promise<T>): Promise<T> {
    const calls = this.#calls.get(address) ?? {count: 0, seconds: 0, errors: 0}
    this.#calls.set(address, calls)
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
