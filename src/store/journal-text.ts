// The journal as text: a line for each commit since the snapshot, each one JSON document, so that plain tools can read and search it. The first line says which
// state it goes on from. Every line begins with a checksum of itself and of the one before it, so that none can be changed, lost or put in between unseen.
import {createHash} from 'node:crypto'
import type {State} from '../model/state.js'
import {withRecords} from '../model/state-changes.js'
import type {Change} from '../world/store.js'

/** What the first line says: it goes on after this revision of this state. */
export interface JournalHead {
  readonly journal: 1
  readonly lineage: string
  readonly after: number
}

/** Where a journal ends: what the next line is chained to, and how many bytes stand before it. */
export interface JournalEnd {
  /** Of the last line. */
  readonly checksum: string
  /** Where the last line begins. */
  readonly lastAt: number
  readonly length: number
}

export interface Journal {
  readonly head: JournalHead
  /** In the order of their revisions. */
  readonly changes: readonly Change[]
  /** The end of the last whole line; what follows was never committed. */
  readonly end: JournalEnd
}

/** The journal is not what we wrote: a line of it was changed, or is missing. */
export class JournalDamage extends Error {
  /** `line`: counted from 1. `whole`: what stands before it, where that is anything. */
  constructor(
    readonly line: number,
    readonly whole: Journal | undefined,
  ) {
    super(`line ${line} does not match its checksum`)
  }
}

export const NOTHING: JournalEnd = {checksum: '', lastAt: 0, length: 0}

/** Where in a line its checksum stands, and how long it is. */
export const CHECKSUM_IN_LINE = {at: '{"checksum":"'.length, length: 16} as const

const CHECKSUM_LENGTH = CHECKSUM_IN_LINE.length
const BEGIN = '{"checksum":"'
const BODY_AT = BEGIN.length + CHECKSUM_LENGTH + '",'.length
const NEWLINE = 10

/** The text of lines that follow `end`, and the end after them. */
export function encodeLines(end: JournalEnd, lines: readonly (Change | JournalHead)[]): {readonly bytes: Buffer; readonly end: JournalEnd} {
  let {checksum} = end
  const texts = lines.map((line) => {
    const body = JSON.stringify(line).slice(1)
    checksum = chained(checksum, body)
    return `${BEGIN}${checksum}",${body}\n`
  })
  const bytes = Buffer.from(texts.join(''))
  const [last] = texts.slice(-1)
  if (last === undefined) return {bytes, end}
  const length = end.length + bytes.length
  return {bytes, end: {checksum, lastAt: length - Buffer.byteLength(last), length}}
}

/**
 * The journal in the bytes; of one of which all up to `from` is known only what follows. `undefined` where not even a first line is whole. A last line that is
 * torn, as a power cut leaves it, was never acknowledged and is left out. Throws `JournalDamage` for any other that is not what it was.
 */
export function decodeJournal(bytes: Buffer, from?: Journal): Journal | undefined {
  let {checksum} = from?.end ?? NOTHING
  let head = from?.head
  const changes: Change[] = []
  let start = 0
  let lastAt = from?.end.lastAt ?? 0
  const base = from?.end.length ?? 0
  for (let number = 1; start < bytes.length; number += 1) {
    const newline = bytes.indexOf(NEWLINE, start)
    const text = bytes.toString('utf8', start, newline < 0 ? bytes.length : newline)
    const isLast = newline < 0 || newline === bytes.length - 1
    const line = newline < 0 ? undefined : decodeLine(text, checksum)
    if (line === undefined && isLast && (newline < 0 || text.includes('\0'))) break
    if (line === undefined || 'journal' in line === (head !== undefined))
      throw new JournalDamage(number, head && {head, changes, end: {checksum, lastAt, length: base + start}})
    if ('journal' in line) head = line
    else changes.push(line)
    checksum = text.slice(BEGIN.length, BEGIN.length + CHECKSUM_LENGTH)
    lastAt = base + start
    start = newline + 1
  }
  return head && {head, changes, end: {checksum, lastAt, length: base + start}}
}

/** The state after the changes, which follow it and one another. */
export function applyChanges(state: State, changes: readonly Change[]): State {
  const last = changes.at(-1)
  if (!last) return state
  const records = changes.flatMap((change) => change.records)
  return {...withRecords(state, records), revision: last.revision}
}

function decodeLine(text: string, before: string): Change | JournalHead | undefined {
  const body = text.slice(BODY_AT)
  if (!text.startsWith(`${BEGIN}${chained(before, body)}",`)) return undefined
  try {
    return JSON.parse(`{${body}`) as Change | JournalHead
  } catch {
    // What the checksum vouches for is ours, and ours is JSON: this one was never whole.
    return undefined
  }
}

function chained(before: string, body: string): string {
  return createHash('sha256').update(before).update(body).digest('hex').slice(0, CHECKSUM_LENGTH)
}
