// A client that dies at a moment of its work: before or after the n-th thing that it asks of an engine or writes into the state. Nothing of it goes on then, as
// after a SIGKILL: what it waits for never comes, and no clean-up of its runs.
import type {Client} from '../../src/model/client.js'
import type {Engine} from '../../src/world/engine.js'
import type {StateStore} from '../../src/world/store.js'
import type {World} from '../../src/world/world.js'

/** One life of a client. */
export class Life {
  /** What it came to, in order: `before create NAME`, `after update`. */
  readonly moments: string[] = []
  readonly client: Client
  /** Resolves when it dies. */
  readonly death: Promise<void>
  private isDead = false
  private die = (): void => undefined

  /** `dieAt`: the number of the moment, counted from 1; absent: it lives on. */
  constructor(
    number: number,
    private readonly dieAt = Number.POSITIVE_INFINITY,
  ) {
    this.client = {pid: number, bootId: 'boot', startedAt: String(number)}
    this.death = new Promise((resolve) => {
      this.die = () => {
        this.isDead = true
        resolve()
      }
    })
  }

  /** The world as this client knows it: the same hosts and state, and it may die of any of them. */
  in(world: World, typed: readonly string[], clientsAlive: readonly Life[]): World {
    const alive = [...clientsAlive, this]
    return {
      ...world,
      typed,
      clients: {self: () => this.client, isAlive: ({pid}) => alive.some(({client, isDead}) => client.pid === pid && !isDead)},
      store: this.mortal(world.store, (name) => name === 'update'),
      engines: {open: async (...words) => this.mortal<Engine>(await world.engines.open(...words), () => true)},
    }
  }

  private mortal<T extends Engine | StateStore>(thing: T, counts: (name: string) => boolean): T {
    return new Proxy(thing, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...words: readonly unknown[]) => {
          const answer = () => Reflect.apply(value, target, words) as unknown
          // A stream is not one thing that is asked.
          if (['changes', 'logs', 'usage', 'events', 'getArchive'].includes(String(name))) return answer()
          return this.lived(counts(String(name)) ? String(name) : undefined, answer)
        }
      },
    })
  }

  private async lived(name: string | undefined, answer: () => unknown): Promise<unknown> {
    await this.moment(name && `before ${name}`)
    const came = await answer()
    await this.moment(name && `after ${name}`)
    return came
  }

  private async moment(what: string | undefined): Promise<void> {
    if (what !== undefined && !this.isDead) {
      this.moments.push(what)
      if (this.moments.length === this.dieAt) this.die()
    }
    if (this.isDead) await new Promise<never>(() => {})
  }
}
