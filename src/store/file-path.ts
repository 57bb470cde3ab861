// Where a file truly lies: a state file may be a symbolic link, and the file it leads to is the one that is replaced and locked.
import {mkdirSync, readlinkSync, realpathSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {systemCode} from './faults.js'

/** The path of the file itself, all links followed, also where it does not exist yet; its folder may be missing too. */
export function realFile(path: string): string {
  return realPath(path) ?? followDangling(path)
}

/** After it the folder is there, those that it lies in too; what was made is the person's alone. Throws the system's error. */
export function makeFolder(path: string): void {
  mkdirSync(path, {mode: 0o700, recursive: true})
}

function followDangling(path: string): string {
  const folder = realPath(dirname(path)) ?? resolve(dirname(path))
  const target = linkTarget(path)
  return target === undefined ? join(folder, basename(path)) : realFile(resolve(folder, target))
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (error) {
    // Nothing is there, or what is there is no link.
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EINVAL') return undefined
    throw error
  }
}
