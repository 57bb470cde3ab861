// Where Berth keeps what is its own, by the XDG base directory specification (version 0.8, read 2026-11-23).
// The runtime folder holds sockets, so its path is short: a socket's path ends at 104 bytes on macOS, 108 on Linux.
import {createHash} from 'node:crypto'
import {lstat, mkdir} from 'node:fs/promises'
import {isAbsolute, join} from 'node:path'
import {StateError} from '../errors.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** The person's home folder and user id on this machine. */
export interface MachineUser {
  readonly home: string
  readonly uid: number
}

export interface BerthPaths {
  readonly stateFolder: string
  readonly stateFile: string
  readonly configFolder: string
  readonly cacheFolder: string
  /** Sockets and locks of this boot; made and judged by `prepareRuntimeFolder`. */
  readonly runtimeFolder: string
}

/** The longest runtime folder that leaves room for a socket's name, and for the suffix ssh adds while it binds one. */
const LONGEST_RUNTIME_FOLDER = 56

/**
 * Every folder of Berth for this person. Variables that are empty or hold a relative path count as unset, as XDG demands.
 * A runtime folder that would be too long for sockets moves to `/tmp`, under a name that still tells it from others.
 */
export function berthPaths(env: Environment, user: MachineUser): BerthPaths {
  const base = (name: string, fallback: string): string => join(absolute(env[name]) ?? join(user.home, fallback), 'berth')
  const stateFolder = base('XDG_STATE_HOME', '.local/state')
  return {
    stateFolder,
    stateFile: join(stateFolder, 'state.json'),
    configFolder: base('XDG_CONFIG_HOME', '.config'),
    cacheFolder: base('XDG_CACHE_HOME', '.cache'),
    runtimeFolder: runtimeFolder(absolute(env.XDG_RUNTIME_DIR), user.uid),
  }
}

/**
 * After it the folder exists and only this person can look into it. Throws `StateError` `RuntimeFolderUnsafe` for a folder that
 * is a link, belongs to another, or is open to others: whoever could write there could stand between us and a host.
 */
export async function prepareRuntimeFolder(folder: string, uid: number): Promise<void> {
  const found = await lstat(folder).catch(async () => {
    await mkdir(folder, {mode: 0o700, recursive: true}).catch((cause: unknown) => {
      throw new StateError('RuntimeFolderUnwritable', `The folder "${folder}" for connections cannot be made.`, {cause})
    })
    return lstat(folder)
  })
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return
  const fault = found.isDirectory() ? (found.uid === uid ? 'is open to other people' : 'belongs to somebody else') : 'is no folder'
  throw new StateError(
    'RuntimeFolderUnsafe',
    `"${folder}", where connections are kept, ${fault}; it must be a folder of yours with mode 0700.`,
    {
      suggestions: found.isDirectory() && found.uid === uid ? [`chmod 700 ${folder}`] : [`ls -ld ${folder}`],
    },
  )
}

function runtimeFolder(given: string | undefined, uid: number): string {
  const own = `/tmp/berth-${uid}`
  if (given === undefined) return own
  const folder = join(given, 'berth')
  if (Buffer.byteLength(folder) <= LONGEST_RUNTIME_FOLDER) return folder
  return `${own}-${createHash('sha256').update(given).digest('hex').slice(0, 8)}`
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined
}
