// The instances in the order of their names, halved again and again: how much room there is at most in each half, so that a race passes over those with none.
import {copyRoom, emptyRoom, type Floor, hasRoom, raiseRoom, type Room} from './room.js'

export class RoomByName {
  /** By the middle of each stretch of places, which no other stretch has. */
  private readonly most: Room

  constructor(
    private readonly room: Room,
    private readonly size: number,
  ) {
    this.most = emptyRoom(size)
    this.measure(0, size)
  }

  /** Is there nobody with so much room in the stretch whose halves meet at `middle`? */
  isClosed(middle: number, floor: Floor): boolean {
    return !hasRoom(this.most, middle, floor)
  }

  /** To be called once the room of a place has changed. */
  changed(place: number): void {
    this.measureAround(0, this.size, place)
  }

  private measure(low: number, high: number): void {
    if (high - low <= 1) return
    const middle = (low + high) >> 1
    this.measure(low, middle)
    this.measure(middle, high)
    this.tell(low, middle, high)
  }

  private measureAround(low: number, high: number, place: number): void {
    if (high - low <= 1) return
    const middle = (low + high) >> 1
    if (place < middle) this.measureAround(low, middle, place)
    else this.measureAround(middle, high, place)
    this.tell(low, middle, high)
  }

  private tell(low: number, middle: number, high: number): void {
    copyRoom(this.most, middle, this.room, middle)
    if (middle - low === 1) raiseRoom(this.most, middle, this.room, low)
    else raiseRoom(this.most, middle, this.most, (low + middle) >> 1)
    if (high - middle > 1) raiseRoom(this.most, middle, this.most, (middle + high) >> 1)
  }
}
