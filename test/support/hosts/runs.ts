// Which runs of test hosts are on this machine, and whose: so that a run whose process was killed is taken down by the next one.
import {existsSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {stopRun} from './stop.js'

/** What is known of a run from its first moment: enough to take it down. */
export interface RunRecord {
  readonly runId: string
  readonly folder: string
  /** Empty until the run has its addresses. */
  readonly addresses: string
  /** The root of the checkout that the run belongs to. */
  readonly checkout: string
  /** The process that the run belongs to; absent when the run stays until `npm run hosts down`. */
  readonly owner?: {readonly pid: number; readonly startedAt: string}
}

/** The record of a run that begins now. `stays`: it outlives this process. */
export function newRun(runId: string, stays: boolean): RunRecord {
  const record = {runId, folder: join(tmpdir(), `${PREFIX}${runId}`), addresses: '', checkout: checkout()}
  return stays ? record : {...record, owner: {pid: process.pid, startedAt: startOf(process.pid) ?? ''}}
}

/** Writes the record into the run's folder, whole or not at all. */
export function recordRun(record: RunRecord): void {
  const file = join(record.folder, 'run.json')
  writeFileSync(`${file}.new`, JSON.stringify(record))
  renameSync(`${file}.new`, file)
}

/** Takes down every run of this checkout whose process is gone. */
export async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((folder) => folder.startsWith(PREFIX))) {
    const file = join(tmpdir(), name, 'run.json')
    if (!existsSync(file)) continue
    const record: RunRecord = JSON.parse(readFileSync(file, 'utf8'))
    const gone = record.owner && startOf(record.owner.pid) !== record.owner.startedAt
    if (gone && record.checkout === checkout()) await stopRun(record)
  }
}

/** The root of this checkout. */
export function checkout(): string {
  return fileURLToPath(new URL('../../..', import.meta.url))
}

const PREFIX = 'berth-hosts-'

/**
 * When the process of this id started, in ticks since boot; `undefined` when there is none or it has ended and only waits to be
 * reaped. Tells a process from a later one of its id.
 */
function startOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets and may hold blanks: count from the last bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ') ?? []
    return /^[ZX]/.test(fields[0] ?? '') ? undefined : fields[19]
  } catch {
    // No such process.
    return undefined
  }
}
