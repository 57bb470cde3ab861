// The journal on the disk: lines are added at its end, durably, by whoever holds the lock on the state.
import {constants} from 'node:fs'
import {type FileHandle, open} from 'node:fs/promises'
import {dirname} from 'node:path'
import {type JournalEnd, NOTHING} from './journal-text.js'
import {syncFolder} from './replace-file.js'

/** Where the changes since the snapshot stand. */
export function journalOf(path: string): string {
  return `${path}.journal`
}

/**
 * After it the bytes stand in the file after `end`, on the disk, in place of what a killed writer may have left there; a file that is to be begun is made, mode
 * 0600. Throws the system's error; then it ends where it did.
 */
export async function appendLines(path: string, end: JournalEnd, bytes: Buffer): Promise<{readonly inode: bigint}> {
  const isNew = end.length === NOTHING.length
  const file = await open(path, isNew ? constants.O_RDWR | constants.O_CREAT : constants.O_RDWR, 0o600)
  try {
    const {ino, size} = await file.stat({bigint: true})
    if (size > BigInt(end.length)) await file.truncate(end.length)
    await add(file, end, bytes)
    if (isNew) await syncFolder(dirname(path))
    return {inode: ino}
  } finally {
    await file.close()
  }
}

async function add(file: FileHandle, {length}: JournalEnd, bytes: Buffer): Promise<void> {
  try {
    for (let written = 0; written < bytes.length; ) written += (await file.write(bytes, written, undefined, length + written)).bytesWritten
    await file.datasync()
  } catch (error) {
    // What made the write fail may forbid this too: then the next writer cuts it off, and readers take a torn line for none.
    await file.truncate(length).catch(() => undefined)
    throw error
  }
}
