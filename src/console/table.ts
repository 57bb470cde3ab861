// Columns as docker prints them: capital heads, two spaces between, no lines.
// Written out here because cli-table3 takes 0.3 s for 1,000 rows, three times as long as the rest of the command.
import {replaceUnseen} from '../model/names.js'

const GAP = '  '
/** Nothing but what stands on every keyboard. */
const PLAIN = /^[\x20-\x7e]*$/

/** Heads and rows as lines, each column as wide as its widest cell; no line ends in spaces. Control characters in cells are made visible. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows.map((row) => row.map(visible))]
  const widths = heads.map(() => 0)
  for (const line of lines)
    for (let column = 0; column < widths.length; column += 1) {
      const wide = width(line[column] ?? '')
      if (wide > (widths[column] ?? 0)) widths[column] = wide
    }
  return lines.map((line) => lineOf(line, widths)).join('\n')
}

/** Built by adding up: of ten thousand rows a map and a join each take as long as reading the state. */
function lineOf(cells: readonly string[], widths: readonly number[]): string {
  let line = ''
  for (let column = 0; column < cells.length; column += 1)
    line += (column === 0 ? '' : GAP) + padded(cells[column] ?? '', widths[column] ?? 0)
  return line.trimEnd()
}

/** `Name:  value` lines, the values in one column; those that are `undefined` are left out. */
export function fields(pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  const known = pairs.flatMap(([name, value]) => (value === undefined ? [] : [[`${name}:`, visible(value)] as const]))
  const widest = known.reduce((widest, [name]) => Math.max(widest, name.length), 0)
  return known.map(([name, value]) => `${name.padEnd(widest)}${GAP}${value}`.trimEnd()).join('\n')
}

/** `text` with everything that could move the cursor or colour the screen turned into a visible sign: it came from a host. */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : replaceUnseen(text, () => '\ufffd')
}

function padded(cell: string, to: number): string {
  return PLAIN.test(cell) ? cell.padEnd(to) : cell + ' '.repeat(Math.max(0, to - width(cell)))
}

/** Characters, not code units: an emoji is one. */
function width(cell: string): number {
  return PLAIN.test(cell) ? cell.length : [...cell].length
}
