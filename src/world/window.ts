// The window of the terminal that the command writes to.

export interface WindowSize {
  readonly columns: number
  readonly rows: number
}

export interface TerminalWindow {
  /** Tells the size now and at each change, where there is a terminal; returns what ends the telling. */
  onSize(tell: (size: WindowSize) => void): () => void
}
