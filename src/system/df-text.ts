// What df(1) prints of one file system with -P (POSIX.1-2017, "df", STDOUT).
import type {Share} from '../model/diagnosis.js'

/** Total, used, available and a percentage before the mount point; the name before them may hold blanks. */
const LINE = /\s(\d+)\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+\//

/** What is left to who is not root, in what df counted; `undefined` where there is no such line, or where it counts none (inodes on btrfs). */
export function shareIn(line: string | undefined): Share | undefined {
  const [, total = '0', free = '0'] = LINE.exec(line ?? '') ?? []
  return Number(total) > 0 ? {free: Number(free), total: Number(total)} : undefined
}
