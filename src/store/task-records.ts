// The last words of stopped tasks: one file a task beside the state, so that the state stays lean.
import {readFile, rm} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {InvalidInputError} from '../errors.js'
import {quoted} from '../model/names.js'
import type {TaskId} from '../model/task.js'
import type {TaskRecords} from '../world/task-records.js'
import {named, readFault, systemCode, writeFault} from './faults.js'
import {writeWhole} from './whole-file.js'

const MOST_BYTES = 64 * 1024

/**
 * `<folder>/<task id>.log`, mode 0600. They come and go whole, but are not synced: a power cut may cost them. Throws `StateError`
 * `StateNotWritable`, `StateDiskFull` or `StateNotReadable`, and `InvalidInputError` `InvalidTaskId` before an id that is none becomes a path.
 */
export class TaskRecordFiles implements TaskRecords {
  readonly location: string

  constructor(folder: string) {
    this.location = resolve(folder)
  }

  async keepLastWords(taskId: TaskId, text: string): Promise<void> {
    const path = this.#path(taskId)
    try {
      await writeWhole(path, lastLines(Buffer.from(text)))
    } catch (error) {
      throw writeFault(error, recordOf(taskId), this.location)
    }
  }

  async lastWords(taskId: TaskId): Promise<string | undefined> {
    const path = this.#path(taskId)
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined
      throw readFault(error, recordOf(taskId), path)
    }
  }

  /** Those that are gone already are left so. */
  async forget(taskIds: readonly TaskId[]): Promise<void> {
    const paths = taskIds.map((taskId) => this.#path(taskId))
    try {
      for (const path of paths) await rm(path, {force: true})
    } catch (error) {
      throw writeFault(error, named('folder', this.location), this.location)
    }
  }

  #path(taskId: TaskId): string {
    if (!/^[0-9a-f]{32}$/.test(taskId))
      throw new InvalidInputError('InvalidTaskId', `${quoted(taskId)} is not the id of a task: ids have 32 hex digits.`)
    return join(this.location, `${taskId}.log`)
  }
}

/** At most 64 KiB from the end, beginning with a line; where one line alone is longer, with a character of it. */
function lastLines(text: Buffer): Buffer {
  if (text.length <= MOST_BYTES) return text
  const from = text.length - MOST_BYTES
  const newline = text.indexOf('\n', from - 1)
  if (newline !== -1 && newline + 1 < text.length) return text.subarray(newline + 1)
  let start = from
  while (isContinuation(text[start])) start++
  return text.subarray(start)
}

/** Is it a byte inside a UTF-8 character? */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

function recordOf(taskId: TaskId): string {
  return `the last words of task ${taskId}`
}
