// The two sides of a copy, as docker writes them: `TASK:PATH` in a task, else a path of this machine, or `-` for a tar on standard input or output.
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'

export type CopySide =
  | {readonly kind: 'task'; readonly task: string; readonly path: string}
  | {readonly kind: 'local'; readonly path: string}
  | {readonly kind: 'stream'}

/** Which way a copy goes, where it can go: between a task and this machine. */
export type Copy =
  | {readonly kind: 'out'; readonly from: Extract<CopySide, {kind: 'task'}>; readonly to: Exclude<CopySide, {kind: 'task'}>}
  | {readonly kind: 'in'; readonly from: Exclude<CopySide, {kind: 'task'}>; readonly to: Extract<CopySide, {kind: 'task'}>}

/** Reads one side. A local path with a colon is written with a `./` before it, as for docker. */
export function parseCopySide(text: string): CopySide {
  if (text === '-') return {kind: 'stream'}
  const [, task, path] = text.startsWith('arn:') ? arnSide(text) : (/^([^:/.][^:/]*):(.*)$/s.exec(text) ?? [])
  return task === undefined || path === undefined ? {kind: 'local', path: text} : {kind: 'task', task, path: path === '' ? '/' : path}
}

/** The copy from one side to the other. Throws `InvalidUsage` where neither or both are in a task. */
export function copyOf(from: string, to: string): Copy {
  const [a, b] = [parseCopySide(from), parseCopySide(to)]
  if (a.kind === 'task' && b.kind !== 'task') return {kind: 'out', from: a, to: b}
  if (a.kind !== 'task' && b.kind === 'task') return {kind: 'in', from: a, to: b}
  throw new InvalidInputError(
    'InvalidUsage',
    `A copy goes between a task and this machine; ${quoted(from)} and ${quoted(to)} are ${a.kind === 'task' ? 'both in a task' : 'both here'}.`,
    {suggestions: ['berth task cp TASK:/etc/hosts .', 'berth task cp ./app.conf TASK:/etc/app/']},
  )
}

/** An absolute path inside a container; docker takes a relative one from the root. */
export function inContainer(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}

/** The last part of a path, without slashes at its end; of `.` and the root nothing. */
export function lastPart(path: string): string {
  const bare = path.replace(/\/+$/, '')
  const last = bare.slice(bare.lastIndexOf('/') + 1)
  return last === '.' ? '' : last
}

/** The path up to its last part: `/` for one at the root, `.` for a bare name. */
export function parentOf(path: string): string {
  const bare = path.replace(/\/+$/, '')
  const cut = bare.lastIndexOf('/')
  return cut < 0 ? '.' : cut === 0 ? '/' : bare.slice(0, cut)
}

/** Does the path mean what is in a folder, and not the folder itself: `dir/.`? */
export function meansContents(path: string): boolean {
  return path === '.' || path.endsWith('/.')
}

function arnSide(text: string): readonly (string | undefined)[] {
  return /^(arn:[^:]*:[^:]*:[^:]*:[^:]*:task\/[^:]+):(.*)$/s.exec(text) ?? []
}
