// What Ctrl-C and its kin do to the command: the first asks it to record what was done and leave, the second leaves at once.
import {setMaxListeners} from 'node:events'
import {InterruptedError} from '../errors.js'
import type {SignalName, Signals} from '../world/signals.js'

const SIGNAL_NAMES: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
const EXIT_CODE = 130

/** The signals of this process from `listen` to `close`; in between none of them ends it unasked. */
export class ProcessSignals implements Signals {
  readonly #controller = new AbortController()
  readonly #handlers: ((name: SignalName) => void)[] = []

  constructor(private readonly target: NodeJS.EventEmitter & Pick<NodeJS.Process, 'exit'>) {
    // All that a command does at once listens to it: many hosts are no leak.
    setMaxListeners(0, this.#controller.signal)
  }

  /** Fires with an `InterruptedError` at the first signal that nobody took over. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  listen(): void {
    for (const name of SIGNAL_NAMES) this.target.on(name, this.#receive)
  }

  close(): void {
    for (const name of SIGNAL_NAMES) this.target.off(name, this.#receive)
  }

  takeOver(handler: (name: SignalName) => void): () => void {
    this.#handlers.push(handler)
    return () => {
      const place = this.#handlers.lastIndexOf(handler)
      if (place >= 0) this.#handlers.splice(place, 1)
    }
  }

  readonly #receive = (name: SignalName): void => {
    const handler = this.#handlers.at(-1)
    if (handler) {
      handler(name)
      return
    }
    if (this.signal.aborted) this.target.exit(EXIT_CODE)
    this.#controller.abort(
      new InterruptedError('Interrupted', `The command was interrupted by ${name}; what was done until then is recorded.`),
    )
  }
}
