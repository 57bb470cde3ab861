// What the bench finds out, and how a person reads it.

/** How long ours took beside a peer, in the same minutes. */
export interface TimeFigure {
  readonly kind: 'time'
  readonly name: string
  readonly ours: Contestant
  readonly peer: Contestant
  /** Median of ours over peer, round by round: what the machine did meanwhile fell on both. */
  readonly ratio: number
  readonly aim?: number
  readonly rounds: number
}

export interface Contestant {
  /** The command line, or what was done. */
  readonly what: string
  readonly medianMs: number
}

/** How often something happened. */
export interface CountFigure {
  readonly kind: 'count'
  readonly name: string
  readonly what: string
  readonly count: number
  /** `<= 500`. */
  readonly aim: string
}

/** How many of a thing are done in a second. */
export interface RateFigure {
  readonly kind: 'rate'
  readonly name: string
  readonly what: string
  readonly perSecond: number
  readonly medianMs: number
  readonly rounds: number
}

/** How long a thing takes, and how long it takes at worst. */
export interface DurationFigure {
  readonly kind: 'duration'
  readonly name: string
  readonly what: string
  readonly medianMs: number
  /** One in a hundred takes longer. */
  readonly p99Ms: number
  /** How often it was done. */
  readonly count: number
}

export type Figure = CountFigure | DurationFigure | RateFigure | TimeFigure

/** The figures as one table, and below it what ran. It ends in a newline. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = [['figure', 'ours', 'peer', 'ratio', 'aim', 'rounds'], ...figures.map(cells)]
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  )
  return `${[...lines, '', ...legends(figures)].join('\n')}\n`
}

/** The figure in one line, to be read while the others are still measured. */
export function figureLine(figure: Figure): string {
  return cells(figure)
    .filter((cell) => cell !== '')
    .join('  ')
}

function cells(figure: Figure): readonly string[] {
  if (figure.kind === 'count') return [figure.name, String(figure.count), '', '', figure.aim, '']
  if (figure.kind === 'duration')
    return [figure.name, milliseconds(figure), '', '', `p99 ${milliseconds({medianMs: figure.p99Ms})}`, String(figure.count)]
  if (figure.kind === 'rate') return [figure.name, `${figure.perSecond} a second`, '', '', '', String(figure.rounds)]
  const {aim, name, ours, peer, ratio, rounds} = figure
  return [name, milliseconds(ours), milliseconds(peer), ratio.toFixed(2), aim === undefined ? '' : `<= ${aim}`, String(rounds)]
}

function milliseconds({medianMs}: {readonly medianMs: number}): string {
  return `${medianMs < 10 ? medianMs.toFixed(1) : medianMs.toFixed(0)} ms`
}

/** What ran, each once: of some figures it is the same. */
function legends(figures: readonly Figure[]): readonly string[] {
  const names = new Map<string, string[]>()
  for (const figure of figures) {
    const what = figure.kind === 'time' ? `${figure.ours.what} | ${figure.peer.what}` : figure.what
    names.set(what, [...(names.get(what) ?? []), figure.name])
  }
  return [...names].map(([what, [first, ...others]]) => `${first}${others.length === 0 ? '' : ` (and ${others.length} more)`}: ${what}`)
}
