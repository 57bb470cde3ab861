// Whom the state may be trusted from: only files that nobody but their owner can change.
import type {BigIntStats} from 'node:fs'
import {shellWord} from '../model/names.js'
import {StateError} from '../errors.js'
import {capital} from './faults.js'

const GROUP_OR_OTHERS_WRITE = 0o022n

/** Throws `StateError` `StateUnsafe` when `path` is another user's, or its group or others may write to it. `file` is a phrase that names it. */
export function refuseUnsafe(stats: Pick<BigIntStats, 'mode' | 'uid'>, path: string, file: string): void {
  const user = process.geteuid?.()
  if (user !== undefined && stats.uid !== BigInt(user))
    throw unsafe(`${capital(file)} belongs to user ${stats.uid}, and Berth runs as user ${user}`, [
      `ls -ld ${shellWord(path)}`,
      `sudo -u '#${stats.uid}' berth cluster list`,
    ])
  if ((stats.mode & GROUP_OR_OTHERS_WRITE) !== 0n)
    throw unsafe(`${capital(file)} may be written to by others (mode ${(stats.mode & 0o7777n).toString(8).padStart(4, '0')})`, [
      `chmod go-w ${shellWord(path)}`,
    ])
}

function unsafe(what: string, suggestions: readonly string[]): StateError {
  return new StateError('StateUnsafe', `${what}; a state that others can change is not used.`, {suggestions})
}
