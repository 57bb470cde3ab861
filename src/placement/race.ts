// Chance as a race of clocks, one for each instance of a fleet: whoever's clock strikes first takes the next task, and its clock runs on. The pauses are
// exponentially distributed, so each instance is as likely as any other to be next, however often each has been.
// The first strikes are drawn from the top: that of all, which half of them has it, and so on down to the single clock (the least of n exponential clocks is
// exponential n times as fast, and the other half, not having struck, starts anew). So the first clock of those that fit is found without winding up the others.
import {hashText, mix} from './rank.js'

/** A half of the places of a fleet, in which nobody needs to be looked at. `middle` names it: where the halves of the places `low` to below `high` meet. */
export type IsClosed = (middle: number) => boolean

const LEFT = 0x9e3779b9
const LATER = 0x85ebca77
const AGAIN = 0xc2b2ae3d

export class Race {
  private readonly seed: number
  private strikes: Float64Array | undefined

  /** The same seed and number of places always give the same race. */
  constructor(
    seed: string,
    private readonly placeCount: number,
  ) {
    this.seed = hashText(seed)
  }

  /** When the clock of the place strikes first. */
  firstStrike(place: number): number {
    if (!this.strikes) {
      this.strikes = new Float64Array(this.placeCount)
      this.drawAll(this.strikes, 0, this.placeCount, this.start)
    }
    return this.strikes[place] ?? 0
  }

  /** How long the clock of the place pauses after it has struck so many times. */
  pause(place: number, strikes: number): number {
    return exponential(mix(mix(this.seed ^ Math.imul(place + 1, AGAIN)) ^ Math.imul(strikes, LEFT)))
  }

  /** The place whose clock strikes first of those that pass the test; -1 when none does. */
  first(isClosed: IsClosed, test: (place: number) => boolean): number {
    let first = -1
    let best = Number.POSITIVE_INFINITY
    const seek = (low: number, high: number, strike: number): void => {
      if (strike >= best) return
      if (high - low === 1) {
        if (!test(low)) return
        first = low
        best = strike
        return
      }
      const middle = (low + high) >> 1
      if (isClosed(middle)) return
      const isLeft = this.isLeft(low, middle, high)
      const later = this.later(low, middle, high, strike, isLeft)
      if (isLeft) {
        seek(low, middle, strike)
        seek(middle, high, later)
      } else {
        seek(middle, high, strike)
        seek(low, middle, later)
      }
    }
    if (this.placeCount > 0) seek(0, this.placeCount, this.start)
    return first
  }

  private get start(): number {
    return exponential(mix(this.seed ^ LATER)) / this.placeCount
  }

  private drawAll(strikes: Float64Array, low: number, high: number, strike: number): void {
    if (high - low <= 1) {
      if (high > low) strikes[low] = strike
      return
    }
    const middle = (low + high) >> 1
    const isLeft = this.isLeft(low, middle, high)
    const later = this.later(low, middle, high, strike, isLeft)
    this.drawAll(strikes, low, middle, isLeft ? strike : later)
    this.drawAll(strikes, middle, high, isLeft ? later : strike)
  }

  /** Is the first of these clocks in the left half? */
  private isLeft(low: number, middle: number, high: number): boolean {
    return mix(this.seed ^ Math.imul(middle, LEFT)) * (high - low) < (middle - low) * 0x1_0000_0000
  }

  /** When the first clock of the other half strikes. */
  private later(low: number, middle: number, high: number, strike: number, isLeft: boolean): number {
    return strike + exponential(mix(mix(this.seed ^ LATER) ^ Math.imul(middle, AGAIN))) / (isLeft ? high - middle : middle - low)
  }
}

/** Exponentially distributed with mean 1, for a 32-bit number of even distribution. */
function exponential(drawn: number): number {
  return -Math.log((drawn + 1) / 0x1_0000_0001)
}
