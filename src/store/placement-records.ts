// Records of placements: one file a run beside the state, the newest thousand. Which of them is newer their names say.
import {readdir, readFile, rm} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import type {PlacementRecord} from '../model/placement-record.js'
import type {TaskId} from '../model/task.js'
import type {PlacementRecords} from '../world/placement-records.js'
import {named, readFault, systemCode, writeFault} from './faults.js'
import {writeWhole} from './whole-file.js'

const MOST_KEPT = 1000

/**
 * `<folder>/<moment>-<run id>-<first task id, or "refused">.json`, mode 0600. They come whole, but are not synced: a power cut may cost them. Throws `StateError`
 * `StateNotWritable`, `StateDiskFull` or `StateNotReadable`.
 */
export class PlacementRecordFiles implements PlacementRecords {
  readonly location: string

  constructor(folder: string) {
    this.location = resolve(folder)
  }

  async keep(record: PlacementRecord): Promise<void> {
    const first = record.tasks[0]?.id ?? 'refused'
    const path = join(this.location, `${record.at.replaceAll(/[-:.]/g, '')}-${record.runId}-${first}.json`)
    try {
      await writeWhole(path, `${JSON.stringify(record)}\n`)
      const old = (await this.#newestFirst()).slice(MOST_KEPT)
      for (const name of old) await rm(join(this.location, name), {force: true})
    } catch (error) {
      throw writeFault(error, named('folder', this.location), this.location)
    }
  }

  async of(taskId: TaskId): Promise<PlacementRecord | undefined> {
    const names = await this.#newestFirst()
    const own = names.filter((name) => name.includes(taskId))
    for (const name of own.length > 0 ? own : names) {
      const record = await this.#read(join(this.location, name))
      if (record?.tasks.some(({id}) => id === taskId)) return record
    }
    return undefined
  }

  async list(): Promise<readonly PlacementRecord[]> {
    const records = await Promise.all((await this.#newestFirst()).map((name) => this.#read(join(this.location, name))))
    return records.flatMap((record) => record ?? [])
  }

  async #read(path: string): Promise<PlacementRecord | undefined> {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as PlacementRecord
    } catch (error) {
      // Another command may have let go of it meanwhile; one that a power cut left half tells nothing.
      if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined
      throw readFault(error, 'the record of a placement', path)
    }
  }

  async #newestFirst(): Promise<readonly string[]> {
    try {
      return (await readdir(this.location))
        .filter((name) => name.endsWith('.json'))
        .sort()
        .reverse()
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw readFault(error, named('folder', this.location), this.location)
    }
  }
}
