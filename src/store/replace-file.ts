// A file replaced whole and durably, by whoever holds the lock on it.
//
// - At every moment `path` is the old file or the new one, whole. A process killed in between leaves at most `<path>.new`, which the next
//   writer removes.
// - When it throws, `<path>.new` is not there.
import {constants} from 'node:fs'
import {type FileHandle, open, rename, rm} from 'node:fs/promises'
import {dirname} from 'node:path'
import {systemCode} from './faults.js'

/** Tells one content of a path from another without reading it. */
export interface FileIdentity {
  readonly inode: bigint
  readonly size: bigint
  readonly modifiedNs: bigint
}

/**
 * After it `path` holds `parts` with mode 0600, on the disk, whatever it was before. Throws the system's error; where only the folder could not be synced,
 * `path` may be the new file already.
 */
export async function replaceFile(path: string, parts: readonly Buffer[]): Promise<FileIdentity> {
  const temporary = `${path}.new`
  try {
    await rm(temporary, {force: true})
    const identity = await writeNew(temporary, parts)
    await rename(temporary, path)
    await syncFolder(dirname(path))
    return identity
  } catch (error) {
    // What made the write fail may forbid this too; the next writer removes it then.
    await rm(temporary, {force: true}).catch(() => undefined)
    throw error
  }
}

/** The identity of an open file, or of what a path leads to. */
export function identityOf(stats: {readonly ino: bigint; readonly size: bigint; readonly mtimeNs: bigint}): FileIdentity {
  return {inode: stats.ino, modifiedNs: stats.mtimeNs, size: stats.size}
}

/** Are they one content of one file? */
export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.inode === b.inode && a.size === b.size && a.modifiedNs === b.modifiedNs
}

async function writeNew(path: string, parts: readonly Buffer[]): Promise<FileIdentity> {
  return withFile(await open(path, 'wx', 0o600), async (file) => {
    for (const part of parts) await file.writeFile(part)
    await file.sync()
    return identityOf(await file.stat({bigint: true}))
  })
}

/** What was renamed or made in the folder is on the disk. */
export async function syncFolder(path: string): Promise<void> {
  await withFile(await open(path, constants.O_RDONLY | constants.O_DIRECTORY), async (folder) => {
    await folder.sync().catch((error: unknown) => {
      // Some file systems cannot sync a folder and say so: there a rename is as durable as it gets.
      if (systemCode(error) !== 'EINVAL') throw error
    })
  })
}

async function withFile<T>(file: FileHandle, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}
