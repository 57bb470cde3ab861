// Whether lines that were printed can be drawn over.

/** What a stream tells of the terminal behind it. */
export interface TerminalSize {
  readonly columns?: number
  readonly isTTY?: boolean
}

/** Is there a terminal with a width? One of no columns (under script, or expect) makes redrawing clear lines without end. */
export function canRedraw({columns, isTTY}: TerminalSize): boolean {
  return isTTY === true && columns !== 0
}
