// Colours for people: only where a terminal looks, and never against NO_COLOR (ansis sees to that).
import ansis from 'ansis'

export interface Paint {
  readonly bad: (text: string) => string
  readonly faint: (text: string) => string
}

const PLAIN: Paint = {bad: (text) => text, faint: (text) => text}

/** The colours for what is written to `stream`. */
export function paintFor(stream: {readonly isTTY?: boolean}): Paint {
  return stream.isTTY === true ? {bad: (text) => ansis.red(text), faint: (text) => ansis.dim(text)} : PLAIN
}
