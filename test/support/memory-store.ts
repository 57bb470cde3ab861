// The state store of tests that need no disk: the same promises, kept in memory, and every commit in its history.
import {emptyState, type State} from '../../src/model/state.js'
import {timestamp} from '../../src/model/time.js'
import {ConflictError, NotFoundError} from '../../src/errors.js'
import {adoptable} from '../../src/model/state-adoption.js'
import {recordsChanged} from '../../src/model/state-changes.js'
import {applyChanges} from '../../src/store/journal-text.js'
import type {Change, Changed, Lease, StateLock, StateStore, Stored, Why} from '../../src/world/store.js'

export class MemoryStore implements StateStore {
  readonly endpoints = []
  readonly location = 'memory'
  readonly #history: Change[] = []
  readonly #heard = new EventTarget()
  readonly #leases = new Map<string, Promise<void>>()
  #begin: State
  #state: State

  constructor(state: State = emptyState('0'.repeat(32))) {
    this.#begin = state
    this.#state = state
  }

  async read(): Promise<Stored> {
    return {revision: this.#state.revision, state: this.#state}
  }

  async update<T>(why: Why, change: (state: State) => Changed<T>): Promise<T> {
    // As with any other store, the change runs later than the call.
    await Promise.resolve()
    const before = this.#state
    const {state, result} = change(before)
    if (state !== before) this.#commit(why, {...state, lineage: before.lineage, revision: before.revision + 1, version: before.version})
    return result
  }

  async history(): Promise<readonly Change[]> {
    return [...this.#history]
  }

  async at(revision: number): Promise<State> {
    const changes = this.#history.filter((change) => change.revision > this.#begin.revision && change.revision <= revision)
    if (revision === this.#begin.revision + changes.length) return applyChanges(this.#begin, changes)
    throw new NotFoundError('RevisionNotKept', `Revision ${revision} is not kept.`)
  }

  async recover(): Promise<number> {
    throw new ConflictError('PlanChanged', 'A state in memory can always be read.')
  }

  async adopt({because, by, command}: Why, state: State): Promise<void> {
    if (!adoptable(this.#state, state, this.location)) return
    const records = recordsChanged(this.#state, state)
    this.#history.splice(0, Number.POSITIVE_INFINITY, {at: timestamp(Date.now()), because, by, command, records, revision: state.revision})
    this.#begin = state
    this.#state = state
    this.#heard.dispatchEvent(new Event('commit'))
  }

  async *changes(since: number, signal: AbortSignal): AsyncGenerator<Change> {
    let told = since
    while (!signal.aborted) {
      const next = this.#history.find(({revision}) => revision > told)
      if (next) {
        told = next.revision
        yield next
      } else await this.#next(signal)
    }
  }

  async lease(name: string, _holder: Why, signal: AbortSignal): Promise<Lease> {
    for (let held = this.#leases.get(name); held; held = this.#leases.get(name)) await Promise.race([held, aborted(signal)])
    signal.throwIfAborted()
    let free = (): void => undefined
    this.#leases.set(name, new Promise((resolve) => (free = resolve)))
    const release = async (): Promise<void> => {
      this.#leases.delete(name)
      free()
    }
    return {name, release, signal: new AbortController().signal}
  }

  async locks(): Promise<readonly StateLock[]> {
    return [...this.#leases.keys()].sort().map((name) => ({name, isAlive: true}))
  }

  async unlock(name: string): Promise<boolean> {
    return this.#leases.delete(name)
  }

  async close(): Promise<void> {}

  #commit({command, by, because}: Why, state: State): void {
    this.#history.push({
      at: timestamp(Date.now()),
      because,
      by,
      command,
      records: recordsChanged(this.#state, state),
      revision: state.revision,
    })
    this.#state = state
    this.#heard.dispatchEvent(new Event('commit'))
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#heard.removeEventListener('commit', done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#heard.addEventListener('commit', done)
      signal.addEventListener('abort', done)
    })
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), {once: true})
  })
}
