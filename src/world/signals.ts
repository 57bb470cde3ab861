// Signals that a person or the system sends to the command.

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

export interface Signals {
  /**
   * Hands every signal from now on to `handler` instead of ending the command: an attached run passes them to its task.
   * Returns what gives them back. The latest handler has them; the one before it gets them again when it lets go.
   */
  takeOver(handler: (name: SignalName) => void): () => void
}
