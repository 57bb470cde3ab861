// The marks before the lines of several logs, each in a colour of its own where a terminal looks.
import ansis from 'ansis'

const COLOURS = [ansis.cyan, ansis.yellow, ansis.green, ansis.magenta, ansis.blue, ansis.red] as const

/** Paints the mark of the `index`-th log for what is written to `stream`; NO_COLOR is heeded. */
export function prefixPaint(stream: {readonly isTTY?: boolean}): (mark: string, index: number) => string {
  if (stream.isTTY !== true) return (mark) => mark
  return (mark, index) => COLOURS[index % COLOURS.length]?.(mark) ?? mark
}
