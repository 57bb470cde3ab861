// The queue of who commits next, as one process sees it: it goes there once it was overtaken, and leaves with its commit.
import {setTimeout as sleep} from 'node:timers/promises'
import {StateError} from '../../errors.js'
import {quoted} from '../../model/names.js'
import type {KeyRange} from './keys.js'
import type {EtcdTurns, Holder, Turn} from './turns.js'

/** Who leaves waits so long for etcd to hear it. */
const LEAVING_MS = 1000

export class EtcdQueue {
  #isNeeded = false
  #leaving: Promise<void> = Promise.resolve()
  #turn: Turn | undefined

  constructor(
    private readonly turns: EtcdTurns,
    private readonly range: KeyRange,
    private readonly location: string,
    private readonly waitMs: number,
  ) {}

  /** Were we overtaken, or is what we commit so large that we would be? */
  get isNeeded(): boolean {
    return this.#isNeeded
  }

  /** What a commit stands on. */
  standing(): {readonly turn?: Buffer} {
    return this.#turn ? {turn: this.#turn.key} : {}
  }

  /** Returns when we stand first. Throws `StateLocked`. */
  async wait(holder: Holder): Promise<void> {
    if (this.#turn) return
    const patience = AbortSignal.timeout(this.waitMs)
    try {
      await this.left()
      this.#turn = await this.turns.take(this.range, holder, patience)
    } catch (error) {
      throw patience.aborted ? this.#locked(error) : error
    }
  }

  /** To be called after each try: a commit takes our place away with it, and who was overtaken goes to the end. */
  ended(isCommitted: boolean): void {
    // Where others stood before us they will again: who queues at once does not first try in vain.
    this.#isNeeded = !isCommitted || this.#turn?.hasWaited === true
    if (isCommitted) this.#turn = undefined
    else this.leave()
  }

  /** Gives our place back, where we have one. */
  leave(): void {
    const turn = this.#turn
    this.#turn = undefined
    if (turn) this.#leaving = this.turns.giveBack(turn)
  }

  /** Returns when our place is given back, or could not be for a while: then it goes with our lease, or as soon as somebody can be reached. */
  async left(): Promise<void> {
    await Promise.race([this.#leaving, sleep(LEAVING_MS, undefined, {ref: false})])
  }

  #locked(cause: unknown): StateError {
    const waited = (this.waitMs / 1000).toFixed(1)
    return new StateError(
      'StateLocked',
      `Others write the state ${quoted(this.location)}: it was not our turn in ${waited} s of waiting.`,
      {
        cause,
        suggestions: ['berth state lock list', 'berth state unlock state --force'],
      },
    )
  }
}
