// Instances in the order in which a strategy prefers them, one ordered tree for each bucket, so that the best one with enough room is found without a look at
// those that have none: each branch knows the most that anybody in it has left. The trees are treaps (Aragon and Seidel, "Randomized search trees", 1989).
import {mix} from './rank.js'
import {copyRoom, emptyRoom, type Floor, hasRoom, raiseRoom, type Room} from './room.js'

const NOBODY = -1

export class RankedForest {
  private readonly roots: Int32Array
  private readonly left: Int32Array
  private readonly right: Int32Array
  private readonly keys: readonly Float64Array[]
  private readonly most: Room

  /** `readKeys` are asked of each place when it is put in; the lowest is preferred, and the place decides between equals. */
  constructor(
    private readonly room: Room,
    private readonly bucketOf: Int32Array,
    bucketCount: number,
    private readonly readKeys: readonly ((place: number) => number)[],
  ) {
    const size = bucketOf.length
    this.roots = new Int32Array(bucketCount).fill(NOBODY)
    this.left = new Int32Array(size).fill(NOBODY)
    this.right = new Int32Array(size).fill(NOBODY)
    this.keys = readKeys.map(() => new Float64Array(size))
    this.most = emptyRoom(size)
  }

  /** Puts a place in that is not there yet, by its keys of now. */
  add(place: number): void {
    for (const [at, read] of this.readKeys.entries()) (this.keys[at] as Float64Array)[place] = read(place)
    this.left[place] = NOBODY
    this.right[place] = NOBODY
    this.tell(place)
    const bucket = this.bucketOf[place] as number
    this.roots[bucket] = this.insert(this.roots[bucket] as number, place)
  }

  /** Takes a place out that is there, by the keys that it was put in with. */
  remove(place: number): void {
    const bucket = this.bucketOf[place] as number
    this.roots[bucket] = this.without(this.roots[bucket] as number, place)
  }

  /** The most preferred place of the bucket that has room and passes the test; -1 when none does. */
  first(bucket: number, floor: Floor, test: (place: number) => boolean): number {
    return this.seek(this.roots[bucket] as number, floor, test)
  }

  /** Is the one preferred to the other? Of two that are in a tree. */
  isBefore(one: number, other: number): boolean {
    for (const key of this.keys) {
      const difference = (key[one] as number) - (key[other] as number)
      if (difference !== 0) return difference < 0
    }
    return one < other
  }

  private seek(node: number, floor: Floor, test: (place: number) => boolean): number {
    if (node === NOBODY || !hasRoom(this.most, node, floor)) return NOBODY
    const before = this.seek(this.left[node] as number, floor, test)
    if (before !== NOBODY) return before
    if (hasRoom(this.room, node, floor) && test(node)) return node
    return this.seek(this.right[node] as number, floor, test)
  }

  private insert(node: number, place: number): number {
    if (node === NOBODY) return place
    if (mix(place) > mix(node)) {
      this.split(node, place)
      this.tell(place)
      return place
    }
    if (this.isBefore(place, node)) this.left[node] = this.insert(this.left[node] as number, place)
    else this.right[node] = this.insert(this.right[node] as number, place)
    this.tell(node)
    return node
  }

  /** Parts a tree into those before the place, which become its left, and those after it, which become its right. */
  private split(node: number, place: number): void {
    if (node === NOBODY) return
    if (this.isBefore(node, place)) {
      this.split(this.right[node] as number, place)
      this.right[node] = this.left[place] as number
      this.left[place] = node
    } else {
      this.split(this.left[node] as number, place)
      this.left[node] = this.right[place] as number
      this.right[place] = node
    }
    this.tell(node)
  }

  private without(node: number, place: number): number {
    if (node === place) return this.joined(this.left[node] as number, this.right[node] as number)
    if (this.isBefore(place, node)) this.left[node] = this.without(this.left[node] as number, place)
    else this.right[node] = this.without(this.right[node] as number, place)
    this.tell(node)
    return node
  }

  /** One tree of two of which the first comes before the second. */
  private joined(before: number, after: number): number {
    if (before === NOBODY) return after
    if (after === NOBODY) return before
    const root = mix(before) > mix(after) ? before : after
    if (root === before) this.right[before] = this.joined(this.right[before] as number, after)
    else this.left[after] = this.joined(before, this.left[after] as number)
    this.tell(root)
    return root
  }

  private tell(node: number): void {
    const [left, right] = [this.left[node] as number, this.right[node] as number]
    copyRoom(this.most, node, this.room, node)
    if (left !== NOBODY) raiseRoom(this.most, node, this.most, left)
    if (right !== NOBODY) raiseRoom(this.most, node, this.most, right)
  }
}
