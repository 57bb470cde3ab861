// Changes of the state that wait to be committed, in their order. While one write waits for the lock or the disk, those that come in the
// meantime gather, and the next write takes them all: many small commits cost a few writes.
import type {State} from '../model/state.js'
import type {HeldLock} from '../world/locks.js'
import type {Changed, Why} from '../world/store.js'

/** How a batch is committed. */
export interface Committing {
  /** Waits until nobody else may write. */
  lock(command: string): Promise<HeldLock>
  /** The newest state. */
  read(why: Why): State | Promise<State>
  /**
   * After it so many of the first of the commits, which follow `before` and one another, stand durably as is returned: fewer than all, or none, where somebody else was faster
   * or they do not go together. Throws; then the newest is what it was.
   */
  write(before: State, commits: readonly Commit[]): Promise<number>
}

/** A state, and why it came to be. */
export interface Commit {
  readonly state: State
  readonly why: Why
}

interface Proposal {
  readonly why: Why
  /** Runs the change; what it threw is the proposer's, and leaves the others alone. */
  attempt(state: State): Attempt | undefined
  reject(error: unknown): void
}

interface Attempt {
  readonly state: State
  acknowledge(): void
}

/** A change that did not throw, and how many of the batch's commits must stand for its result to be true. */
interface Accepted {
  readonly proposal: Proposal
  readonly attempt: Attempt
  readonly standsOn: number
}

interface Batch {
  /** Of the changes that changed anything. */
  readonly commits: readonly Commit[]
  readonly accepted: readonly Accepted[]
}

export class Proposals {
  readonly #waiting: Proposal[] = []
  #rounds: Promise<void> | undefined

  constructor(private readonly committing: Committing) {}

  /**
   * Commits what `change` makes of the newest state, at its turn, and returns its result when that is durable. A `change` that throws fails
   * alone; a lock or a write that fails fails every change that waited for it.
   */
  propose<T>(why: Why, change: (state: State) => Changed<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const attempt = (before: State): Attempt | undefined => {
        try {
          const {state, result} = change(before)
          return {acknowledge: () => resolve(result), state}
        } catch (error) {
          reject(error)
          return undefined
        }
      }
      this.#waiting.push({attempt, reject, why})
      this.#rounds ??= this.#runRounds()
    })
  }

  /** Returns when nothing waits any more. */
  async settled(): Promise<void> {
    await this.#rounds
  }

  async #runRounds(): Promise<void> {
    // Who proposes in the same breath goes along.
    await Promise.resolve()
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) await this.#runRound(first)
    this.#rounds = undefined
  }

  async #runRound(first: Proposal): Promise<void> {
    // Who comes while we wait shares the lock, but not the failure to get it: their time is not over.
    const waitedAllAlong = this.#waiting.length
    let proposals: readonly Proposal[] = []
    try {
      const lock = await this.committing.lock(first.why.command).catch((error: unknown) => {
        proposals = this.#waiting.splice(0, waitedAllAlong)
        throw error
      })
      proposals = this.#waiting.splice(0)
      const done: Attempt[] = []
      await this.#commit(proposals, done).finally(() => {
        release(lock)
        for (const attempt of done) attempt.acknowledge()
      })
    } catch (error) {
      for (const proposal of proposals) proposal.reject(error)
    }
  }

  /** Adds to `done` whatever stands, also when it throws in the end. A change that threw is answered, and never runs again. */
  async #commit(proposals: readonly Proposal[], done: Attempt[]): Promise<void> {
    for (let left = proposals; left[0]; ) {
      const before = await this.committing.read(left[0].why)
      const {accepted, commits} = runInTurn(before, left)
      const count = commits.length > 0 ? await this.committing.write(before, commits) : 0
      done.push(...accepted.filter(({standsOn}) => standsOn <= count).map(({attempt}) => attempt))
      left = accepted.filter(({standsOn}) => standsOn > count).map(({proposal}) => proposal)
    }
  }
}

/** Each change on the state that the one before left; each that changes anything is a revision of its own. */
function runInTurn(before: State, proposals: readonly Proposal[]): Batch {
  const accepted: Accepted[] = []
  const commits: Commit[] = []
  let state = before
  for (const proposal of proposals) {
    const attempt = proposal.attempt(state)
    if (attempt === undefined) continue
    if (attempt.state !== state) {
      const {version, lineage, revision} = state
      state = {...attempt.state, lineage, revision: revision + 1, version}
      commits.push({state, why: proposal.why})
    }
    accepted.push({attempt, proposal, standsOn: commits.length})
  }
  return {accepted, commits}
}

function release(lock: HeldLock): void {
  try {
    lock.release()
  } catch {
    // The commit stands all the same. The lock is ours until this process ends, and dies with it.
  }
}
