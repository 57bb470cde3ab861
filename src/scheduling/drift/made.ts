// Drift as data: its id, and the answers in the words that all kinds share.
import type {Answer, Drift, Remedy} from '../../model/drift.js'
import {hashText} from '../../placement/rank.js'

interface Found extends Omit<Drift, 'id'> {
  /** What tells it from others of the same subject, where the words do not, or would differ from one look to the next. */
  readonly mark?: string
}

const ID_LENGTH = 12

/** With the id that follows from what it is about and what was found. */
export function drift({mark, ...found}: Found): Drift {
  const key = JSON.stringify([found.kind, found.instance.id, found.subject, mark ?? found.found])
  return {id: `${hex(hashText(key))}${hex(hashText(`again ${key}`))}`.slice(0, ID_LENGTH), ...found}
}

export function can(said: string, remedy: Remedy): Answer {
  return {possible: true, said, remedy}
}

/** Why there is no such answer, and what a person would do by hand. */
export function cannot(said: string, mend?: string): Answer {
  return {possible: false, said, ...(mend === undefined ? {} : {mend})}
}

/** As tables name a task. */
export function taskSubject(id: string): string {
  return `task ${id.slice(0, ID_LENGTH)}`
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0')
}
