// A fleet on which tasks are placed one after the other: what each instance has left now, by its place in the order of the names.
import type {Candidate, Fleet} from './fleet.js'
import {emptyRoom, type Floor, type Room, setRoom} from './room.js'
import {RoomByName} from './room-by-name.js'

export class FleetLedger {
  /** How much is left on each place. */
  readonly room: Room
  /** Places that have taken tasks, in turn: what was made of them before may have to be made anew. */
  readonly changes: number[] = []
  private readonly current: Candidate[]
  private readonly tasks = new Map<string, Map<number, number>>()
  private readonly roomByName: RoomByName

  constructor({candidates}: Fleet) {
    this.current = [...candidates]
    this.room = emptyRoom(candidates.length)
    for (const [place, candidate] of candidates.entries()) {
      setRoom(this.room, place, candidate)
      for (const [group, count] of candidate.tasksInGroup) this.count(group, place, count)
    }
    this.roomByName = new RoomByName(this.room, candidates.length)
  }

  get candidates(): readonly Candidate[] {
    return this.current
  }

  at(place: number): Candidate {
    return this.current[place] as Candidate
  }

  /** How many unstopped tasks of the group are on each place that has any. */
  tasksOf(group: string): ReadonlyMap<number, number> {
    return this.tasks.get(group) ?? NOWHERE
  }

  /** Is there nobody with so much room in the stretch of places whose halves meet at `middle`? */
  isClosed(middle: number, floor: Floor): boolean {
    return this.roomByName.isClosed(middle, floor)
  }

  /** The candidate at the place is now this one, with so many more tasks of the group. */
  take(place: number, candidate: Candidate, group: string, count: number): void {
    this.current[place] = candidate
    setRoom(this.room, place, candidate)
    this.roomByName.changed(place)
    this.count(group, place, count)
    this.changes.push(place)
  }

  private count(group: string, place: number, more: number): void {
    const counts = this.tasks.get(group) ?? new Map<number, number>()
    this.tasks.set(group, counts.set(place, (counts.get(place) ?? 0) + more))
  }
}

const NOWHERE: ReadonlyMap<number, number> = new Map()
