// The locks of a state file: the one under which it is written, and the leases beside it.
import {createHash} from 'node:crypto'
import {readdirSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {compareText} from '../model/state.js'
import type {Locks} from '../world/locks.js'
import type {StateLock} from '../world/store.js'
import {named, readFault, systemCode, writeFault} from './faults.js'

const OF_THE_STATE = 'state'

/** Under which the file is written. */
export function lockOf(path: string): string {
  return `${path}.lock`
}

/** A name never becomes a path, only its hash does; two state files in one folder do not share their leases. */
export function leasePath(path: string, name: string): string {
  const hash = createHash('sha256')
    .update(`${basename(path)}\0${name}`)
    .digest('hex')
  return join(leasesOf(path), `${hash.slice(0, 32)}.lock`)
}

/** Those that stand, the state's own first, then by name. Throws `StateNotReadable`. */
export function standingLocks(path: string, locks: Locks): readonly StateLock[] {
  const leases = leaseFiles(path).flatMap((file) => standing(locks, file, basename(file, '.lock')) ?? [])
  return [standing(locks, lockOf(path), OF_THE_STATE) ?? [], leases.sort((a, b) => compareText(a.name, b.name))].flat()
}

/** Removes the one of that name; returns whether it stood. Throws `StateNotWritable`. */
export function removeLock(path: string, locks: Locks, name: string): boolean {
  const files = [lockOf(path), ...leaseFiles(path)]
  const file = files.find((one) => standing(locks, one, one === lockOf(path) ? OF_THE_STATE : basename(one, '.lock'))?.name === name)
  if (file === undefined) return false
  try {
    locks.remove(file)
    return true
  } catch (error) {
    throw writeFault(error, named('lock', file), dirname(file))
  }
}

function standing(locks: Locks, file: string, name: string): StateLock | undefined {
  const seen = locks.look(file)
  return seen && {name, ...seen.holder, isAlive: seen.isAlive}
}

function leasesOf(path: string): string {
  return join(dirname(path), 'leases')
}

function leaseFiles(path: string): readonly string[] {
  try {
    return readdirSync(leasesOf(path))
      .filter((name) => name.endsWith('.lock'))
      .map((name) => join(leasesOf(path), name))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw readFault(error, named('folder', leasesOf(path)), leasesOf(path))
  }
}
