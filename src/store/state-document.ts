// The state as text: what lies in the file, both ways. Where it lies and how it gets there is state-file.ts and replace-file.ts.
//
// The first line is a checksum of all that follows, so that `tail -n +2 state.json | sha256sum` proves a file; then one record a line,
// so that plain tools can search and compare it. As a whole it is one JSON document.
import {createHash} from 'node:crypto'
import {StateError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import {type State, STATE_VERSION, stateIn, TABLES} from '../model/state.js'
import {migrated} from '../model/state-migrations.js'
import type {Timestamp} from '../model/time.js'
import type {Why} from '../world/store.js'

/** The commit that wrote the document: when, and for what reason. */
export interface LastCommit extends Why {
  readonly at: Timestamp
}

/** All that the file holds. */
export interface StateDocument {
  readonly state: State
  readonly commit: LastCommit
  /** Must a journal lie beside it? What it says may be newer. */
  readonly hasJournal?: boolean
}

/** Bytes of the first line, its newline included: equal first lines mean equal documents. */
export const SEAL_BYTES = sealOf(Buffer.alloc(0)).length

/** Makes the bytes of documents; remembers the text of records, so that those a commit shares with the one before are not written out again. */
export class StateEncoder {
  readonly #texts = new WeakMap<object, string>()

  /** The first line, and the rest. */
  encode({state, commit}: StateDocument): readonly [seal: Buffer, rest: Buffer] {
    const {version, lineage, revision} = state
    const parts = [`"version":${version},"lineage":${JSON.stringify(lineage)},"revision":${revision},\n"commit":${JSON.stringify(commit)}`]
    for (const name of TABLES) this.#pushTable(parts, name, state[name])
    parts.push('}\n')
    const rest = Buffer.from(parts.join(''))
    return [sealOf(rest), rest]
  }

  #pushTable(parts: string[], name: string, table: Readonly<Record<string, object>>): void {
    parts.push(`,\n"${name}":{`)
    let before = '\n'
    for (const [id, record] of Object.entries(table)) {
      parts.push(before, JSON.stringify(id), ':', this.#textOf(record))
      before = ',\n'
    }
    parts.push('}')
  }

  #textOf(record: object): string {
    const known = this.#texts.get(record)
    if (known !== undefined) return known
    const text = JSON.stringify(record)
    this.#texts.set(record, text)
    return text
  }
}

/**
 * The document that `bytes` hold, in the shape of this Berth. Throws `StateError`: `StateTooNew` when a later Berth wrote them, `StateCorrupt` when they are not
 * JSON, not what the checksum says, or not of a state's shape. What stands inside the records is not checked: the checksum says that we wrote them.
 */
export function decodeState(bytes: Buffer, path: string): StateDocument {
  const corrupt = (what: string, cause?: unknown): StateError => corruptState(path, what, cause)
  const content = parseObject(bytes, corrupt)
  if (typeof content['version'] === 'number' && content['version'] > STATE_VERSION) throw tooNew(path, content['version'])
  if (!sealOf(bytes.subarray(SEAL_BYTES)).equals(bytes.subarray(0, SEAL_BYTES))) throw corrupt('does not match its checksum')
  const current = migrated(content, STATE_VERSION)
  if (!current || typeof current['lineage'] !== 'string' || !Number.isSafeInteger(current['revision']))
    throw corrupt('does not hold a state')
  for (const name of ['commit', ...TABLES]) if (!isObject(current[name])) throw corrupt(`holds no ${name}`)
  return {
    commit: current['commit'] as LastCommit,
    hasJournal: content['version'] !== 1,
    state: stateIn(current),
  }
}

/** `StateCorrupt`: what lies at `path` is not what was written. */
export function corruptState(path: string, what: string, cause?: unknown): StateError {
  return new StateError('StateCorrupt', `The state file ${quoted(path)} ${what}; nothing was changed.`, {
    cause,
    suggestions: [`berth state restore newest --state ${shellWord(path)}`, `berth state history --state ${shellWord(path)}`],
  })
}

function sealOf(rest: Buffer): Buffer {
  return Buffer.from(`{"checksum":"${createHash('sha256').update(rest).digest('hex')}",\n`)
}

function parseObject(bytes: Buffer, corrupt: (what: string, cause?: unknown) => StateError): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(bytes.toString())
    if (isObject(content)) return content
  } catch (error) {
    throw corrupt('is not JSON', error)
  }
  throw corrupt('does not hold a state')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function tooNew(path: string, version: number): StateError {
  return new StateError(
    'StateTooNew',
    `The state file ${quoted(path)} is of version ${version}, and this Berth knows versions up to ${STATE_VERSION}; nothing was changed.`,
    {suggestions: ['npm install --global berth-cli@latest']},
  )
}
