// One failed login serves all who waited for it: twenty commands at a silent host give up together, not one after another.
import {readFile, rm, writeFile} from 'node:fs/promises'
import {UnreachableError} from '../errors.js'
import type {Instant} from '../model/time.js'
import type {ConnectionFiles} from './kept-connection.js'

interface FailureRecord {
  readonly at: Instant
  readonly code: string
  readonly message: string
  readonly suggestions: readonly string[]
}

export async function leaveFailure(files: ConnectionFiles, error: UnreachableError, at: Instant): Promise<void> {
  const record: FailureRecord = {at, code: error.code, message: error.message, suggestions: error.suggestions}
  await writeFile(files.failure, JSON.stringify(record), {mode: 0o600})
}

/** The failure of a login that ended at `since` or later; older ones say nothing about now. */
export async function failureSince(files: ConnectionFiles, since: Instant): Promise<UnreachableError | undefined> {
  try {
    const {at, code, message, suggestions} = JSON.parse(await readFile(files.failure, 'utf8')) as FailureRecord
    return at >= since ? new UnreachableError(code, message, {suggestions}) : undefined
  } catch {
    // None was left, or it is torn: then one tries for oneself.
    return undefined
  }
}

export async function forgetFailure(files: ConnectionFiles): Promise<void> {
  await rm(files.failure, {force: true})
}
