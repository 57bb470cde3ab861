// A lock that dies with its holder: a file that names who holds it.
//
// Invariants:
// - The file appears whole (written elsewhere, then linked), so it always names its holder.
// - Only a lock whose holder has ended is broken, and only by who holds the right to break that very lock: a lock of its own,
//   named by what the dead one says. So what is removed is always what was judged. (To move the lock away and look afterwards
//   is not enough: while a living lock is away, another takes its place. Fifty breakers at once showed it.)
import {createHash} from 'node:crypto'
import {link, readFile, rm, writeFile} from 'node:fs/promises'
import type {Ids} from '../world/clock.js'
import type {Processes, ProcessIdentity} from '../world/process.js'

export interface HeldLock {
  /** Gives the lock back; a lock that is no longer ours is left alone. */
  release(): Promise<void>
}

export interface LockKeepers {
  readonly ids: Ids
  readonly processes: Processes
}

/** Holds the lock of that path from now on; `undefined` when somebody alive holds it. Does not wait. */
export async function tryLock(path: string, keepers: LockKeepers): Promise<HeldLock | undefined> {
  const token = keepers.ids.next()
  const draft = `${path}.${token}`
  const text = JSON.stringify({...keepers.processes.self(), token})
  await writeFile(draft, text, {flag: 'wx', mode: 0o600})
  try {
    if (await linked(draft, path)) return {release: () => release(path, text)}
    if (!(await brokenIfDead(path, keepers))) return undefined
    return (await linked(draft, path)) ? {release: () => release(path, text)} : undefined
  } finally {
    await rm(draft, {force: true})
  }
}

/** True when the lock is out of the way: its holder has ended, or it was given back meanwhile. */
async function brokenIfDead(path: string, keepers: LockKeepers): Promise<boolean> {
  const judged = await textOf(path)
  if (judged === undefined) return true
  const holder = holderOf(judged)
  if (holder !== undefined && keepers.processes.isAlive(holder)) return false
  const right = await tryLock(`${path}.${createHash('sha256').update(judged).digest('hex').slice(0, 12)}`, keepers)
  if (right === undefined) return false
  try {
    if ((await textOf(path)) === judged) await rm(path, {force: true})
    return true
  } finally {
    await right.release()
  }
}

async function release(path: string, text: string): Promise<void> {
  if ((await textOf(path)) === text) await rm(path, {force: true})
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** `undefined` for a text that no holder of ours wrote. */
function holderOf(text: string): ProcessIdentity | undefined {
  try {
    const {pid, bootId, startedAt} = JSON.parse(text) as Partial<ProcessIdentity>
    return typeof pid === 'number' && typeof bootId === 'string' && typeof startedAt === 'string' ? {pid, bootId, startedAt} : undefined
  } catch {
    // A machine that lost power may leave a file without its content: nobody of this boot holds that.
    return undefined
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}
