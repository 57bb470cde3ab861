// How a process that runs for ever is asked to end: the first signal lets it finish what is under way, the second, or a while, breaks that off.
import {InterruptedError} from '../errors.js'
import type {SignalName} from '../world/signals.js'
import type {World} from '../world/world.js'

/** What is under way may take so long; then it is broken off as by Ctrl-C, recorded, and left to whoever comes next. */
const GRACE_MS = 20_000

export class Ending {
  readonly #asked = new AbortController()
  readonly #over = new AbortController()
  readonly #giveBack: () => void
  /** The signal by which it was asked to end. */
  by: SignalName | undefined

  constructor(world: World) {
    this.#giveBack = world.signals.takeOver((name) => {
      if (this.by !== undefined) this.#breakOff(name)
      this.by ??= name
      this.#asked.abort(interruptedBy(name))
      world.clock.sleep(GRACE_MS, this.#over.signal).then(
        () => this.#breakOff(name),
        () => {},
      )
    })
  }

  /** Fires when nothing more is to be begun. */
  get asked(): AbortSignal {
    return this.#asked.signal
  }

  /** Fires when all is to be dropped, with an `InterruptedError`. */
  get over(): AbortSignal {
    return this.#over.signal
  }

  /** Signals end the command again. */
  close(): void {
    this.#giveBack()
    this.#over.abort(interruptedBy('SIGTERM'))
  }

  #breakOff(name: SignalName): void {
    this.#over.abort(interruptedBy(name))
  }
}

function interruptedBy(name: SignalName): InterruptedError {
  return new InterruptedError('Interrupted', `The controller was ended by ${name}; what was under way is recorded.`)
}
