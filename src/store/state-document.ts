// The state as text: what lies in the file, both ways. Where it lies and how it gets there is state-file.ts and replace-file.ts.
//
// The first line is a checksum of all that follows, so that `tail -n +2 state.json | sha256sum` proves a file; then one record a line,
// so that plain tools can search and compare it. As a whole it is one JSON document.
import {createHash} from 'node:crypto'
import {StateError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import {type State, STATE_VERSION, TABLES} from '../model/state.js'
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
 * The document that `bytes` hold. Throws `StateError`: `StateTooNew` when a later Berth wrote them, `StateCorrupt` when they are not JSON,
 * not what the checksum says, or not of a state's shape. What stands inside the records is not checked: the checksum says that we wrote them.
 */
export function decodeState(bytes: Buffer, path: string, backupPath: string): StateDocument {
  const corrupt = (what: string, cause?: unknown): StateError =>
    new StateError(
      'StateCorrupt',
      `The state file ${quoted(path)} ${what}; nothing was changed, and the copy before its last commit is ${quoted(backupPath)}.`,
      {
        cause,
        suggestions: [`cp ${shellWord(backupPath)} ${shellWord(path)}`],
      },
    )
  const content = parseObject(bytes, corrupt)
  const {version, lineage, revision, commit} = content
  if (typeof version === 'number' && version > STATE_VERSION) throw tooNew(path, version)
  if (!sealOf(bytes.subarray(SEAL_BYTES)).equals(bytes.subarray(0, SEAL_BYTES))) throw corrupt('does not match its checksum')
  if (version !== STATE_VERSION || typeof lineage !== 'string' || !Number.isSafeInteger(revision)) throw corrupt('does not hold a state')
  for (const name of ['commit', ...TABLES]) if (!isObject(content[name])) throw corrupt(`holds no ${name}`)
  const {clusters, instances, families, definitions, tasks} = content as unknown as State
  return {
    commit: commit as LastCommit,
    state: {version, lineage, revision: revision as number, clusters, instances, families, definitions, tasks},
  }
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
