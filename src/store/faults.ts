// What the file system and its locks say, in our words. The codes are errno(3); no message is matched.
import {StateError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {LockRefusal} from '../world/locks.js'

/** The system's name of the error (`ENOENT`), or '' when it is not the system's. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'errno' in error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/**
 * What to throw when a file or folder could not be written: `StateDiskFull` (no room, no inodes, no quota) or `StateNotWritable` for the
 * system's errors, any other as it is. `file` is a phrase that names it; `folder` is where it lies.
 */
export function writeFault(error: unknown, file: string, folder: string): unknown {
  const code = systemCode(error)
  if (code === '') return error
  const message = `${capital(file)} could not be written, because ${reason(code)}; it is as it was before.`
  if (FULL.has(code))
    return new StateError('StateDiskFull', message, {
      cause: error,
      suggestions: [`df -h ${shellWord(folder)}`, `df -i ${shellWord(folder)}`],
    })
  return new StateError('StateNotWritable', message, {
    cause: error,
    suggestions: [`ls -ld ${shellWord(folder)}`, `findmnt --target ${shellWord(folder)}`],
  })
}

/** What to throw when a file that is there could not be read: `StateNotReadable` for the system's errors, any other as it is. */
export function readFault(error: unknown, file: string, path: string): unknown {
  const code = systemCode(error)
  if (code === '') return error
  return new StateError('StateNotReadable', `${capital(file)} could not be read, because ${reason(code)}.`, {
    cause: error,
    suggestions: [`ls -l ${shellWord(path)}`],
  })
}

/** `StateLocked`: by whom, since when, and how long we waited. `guarded` is a phrase for what the lock guards. */
export function lockedFault({holder, path, waitedMs}: LockRefusal, guarded: string): StateError {
  const by = `process ${holder.pid} (${quoted(holder.command)}) since ${holder.since}`
  return new StateError(
    'StateLocked',
    `${capital(guarded)} is held by ${by}, and was not released in ${(waitedMs / 1000).toFixed(1)} s of waiting.`,
    {suggestions: [`ps -fp ${holder.pid}`, `readlink ${shellWord(path)}`, 'berth state lock list']},
  )
}

/** A phrase that names a file: `the state file "/x/state.json"`. */
export function named(what: string, path: string): string {
  return `the ${what} ${quoted(path)}`
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'the permission is missing',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reported an input/output error',
  EISDIR: 'it is a folder',
  ENOSPC: 'no space or no inode is left on its file system',
  ENOTDIR: 'a part of its path is not a folder',
  EPERM: 'the system does not permit it',
  EROFS: 'its file system is read-only',
}

function reason(code: string): string {
  return REASONS[code] ?? `the system answered ${code}`
}

/** A phrase as the beginning of a sentence. */
export function capital(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1)
}
