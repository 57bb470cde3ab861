// What remains on the instances of a fleet, kept flat, by place: it is read for every task.
import type {Need} from '../model/resources.js'
import type {Candidate} from './fleet.js'

export interface Room {
  readonly cpuUnits: Float64Array
  readonly memoryMiB: Float64Array
  readonly gpuCount: Float64Array
  /** The scarcer of CPU and memory, as a share of `WHOLE`: who has much of the one and nothing of the other has little for both. */
  readonly scarcer: Float64Array
}

/** What CPU and memory are compared by: any pair does, one in the proportion of common hosts tells most. */
const WHOLE = {cpuUnits: 1024, memoryMiB: 4096}

/** What must remain for a task to fit. */
export interface Floor {
  readonly cpuUnits: number
  readonly memoryMiB: number
  readonly gpuCount: number
  readonly scarcer: number
}

/** Who needs nothing of a resource always fits, also where foreign containers hold more than was registered. */
export function floorOf({cpuUnits, gpuCount, memoryMiB}: Need): Floor {
  const [cpu, memory] = [cpuUnits || Number.NEGATIVE_INFINITY, memoryMiB || Number.NEGATIVE_INFINITY]
  return {cpuUnits: cpu, memoryMiB: memory, gpuCount, scarcer: scarcerOf(cpu, memory)}
}

/** Room for so many places, all empty. */
export function emptyRoom(size: number): Room {
  return {
    cpuUnits: new Float64Array(size),
    memoryMiB: new Float64Array(size),
    gpuCount: new Float64Array(size),
    scarcer: new Float64Array(size),
  }
}

/** Writes down what remains on the candidate. */
export function setRoom(room: Room, place: number, {remaining}: Candidate): void {
  room.cpuUnits[place] = remaining.cpuUnits
  room.memoryMiB[place] = remaining.memoryMiB
  room.gpuCount[place] = remaining.gpuIds.length
  room.scarcer[place] = scarcerOf(remaining.cpuUnits, remaining.memoryMiB)
}

export function hasRoom(room: Room, place: number, floor: Floor): boolean {
  return (
    (room.cpuUnits[place] as number) >= floor.cpuUnits &&
    (room.memoryMiB[place] as number) >= floor.memoryMiB &&
    (room.scarcer[place] as number) >= floor.scarcer &&
    (room.gpuCount[place] as number) >= floor.gpuCount
  )
}

/** Writes down at one place what `from` says of another, or the same. */
export function copyRoom(to: Room, at: number, from: Room, place: number): void {
  to.cpuUnits[at] = from.cpuUnits[place] as number
  to.memoryMiB[at] = from.memoryMiB[place] as number
  to.gpuCount[at] = from.gpuCount[place] as number
  to.scarcer[at] = from.scarcer[place] as number
}

/** Raises each resource at one place to what `from` says of another, where that is more. */
export function raiseRoom(to: Room, at: number, from: Room, place: number): void {
  if ((from.cpuUnits[place] as number) > (to.cpuUnits[at] as number)) to.cpuUnits[at] = from.cpuUnits[place] as number
  if ((from.memoryMiB[place] as number) > (to.memoryMiB[at] as number)) to.memoryMiB[at] = from.memoryMiB[place] as number
  if ((from.gpuCount[place] as number) > (to.gpuCount[at] as number)) to.gpuCount[at] = from.gpuCount[place] as number
  if ((from.scarcer[place] as number) > (to.scarcer[at] as number)) to.scarcer[at] = from.scarcer[place] as number
}

function scarcerOf(cpuUnits: number, memoryMiB: number): number {
  return Math.min(cpuUnits / WHOLE.cpuUnits, memoryMiB / WHOLE.memoryMiB)
}
