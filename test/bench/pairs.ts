// Measuring side by side: every contender runs once a round, so that a busy minute of the machine falls on all of them.
import type {TimeFigure} from './figure.js'

/** One way to do a thing. */
export interface Contender {
  readonly what: string
  /** Does it once and returns how long that took, in milliseconds; what it needs before and after is not in it. */
  readonly run: () => Promise<number>
}

export interface Measured {
  readonly what: string
  /** Milliseconds, one a round. */
  readonly times: readonly number[]
}

/** The contenders in turn, again and again; every other round in reverse, so that none always follows the same one. The first round counts too. */
export async function takeTurns(contenders: readonly Contender[], rounds: number): Promise<readonly Measured[]> {
  const times = await inTurns(
    contenders.map(({run}) => run),
    rounds,
  )
  return contenders.map(({what}, index) => ({what, times: times[index] ?? []}))
}

/** As `takeTurns`, for deeds of which more than one thing is measured: what each gave, one a round. */
export async function inTurns<T>(deeds: readonly (() => Promise<T>)[], rounds: number): Promise<readonly (readonly T[])[]> {
  const given = deeds.map((): T[] => [])
  for (let round = 0; round < rounds; round++) {
    const order = [...deeds.entries()]
    for (const [index, deed] of round % 2 === 0 ? order : order.reverse()) given[index]?.push(await deed())
  }
  return given
}

/** Ours beside a peer, in turns. */
export async function compared(name: string, ours: Contender, theirs: Contender, rounds: number): Promise<TimeFigure> {
  const [mine, peer] = await takeTurns([ours, theirs], rounds)
  if (!mine || !peer) throw new Error('Two took part and two were measured.')
  return beside(name, mine, peer)
}

/** What was measured of ours and of a peer in the same rounds. */
export function beside(name: string, ours: Measured, peer: Measured, aim?: number): TimeFigure {
  return {
    kind: 'time',
    name,
    ours: {what: ours.what, medianMs: median(ours.times)},
    peer: {what: peer.what, medianMs: median(peer.times)},
    ratio: ratioOf(ours, peer),
    rounds: ours.times.length,
    ...(aim === undefined ? {} : {aim}),
  }
}

/** The middle of the numbers; the mean of the two in the middle where they are even in number. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

/** The median of `ours / peer` over the rounds. */
export function ratioOf(ours: Measured, peer: Measured): number {
  return median(ours.times.map((time, round) => time / (peer.times[round] ?? Number.NaN)))
}

/** Milliseconds that the deed took. */
export async function timed(deed: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await deed()
  return performance.now() - began
}
