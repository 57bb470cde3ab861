// Wrong words on the command line, in one full sentence. oclif finds them; its texts run over several lines, quote nothing and hand
// on whatever was typed, which on a terminal they must not.
import type {Errors} from '@oclif/core'
import {closest, distance} from 'fastest-levenshtein'
import {escaped, quoted} from '../model/names.js'

const MOST_TYPING_ERRORS = 2

export interface UsageFault {
  readonly message: string
  readonly suggestions: readonly string[]
}

/** What was wrong in the words of `command`; its help, and before it the nearest flag where one was mistyped. */
export function usageFault(error: Errors.CLIError, command: string | undefined): UsageFault {
  const berth = command ? `berth ${command}` : 'berth'
  const help = `${berth} --help`
  const typed: object = error
  if ('flags' in typed && isList(typed.flags)) {
    const [flag = ''] = typed.flags.map(String)
    const near = nearestFlag(flag, typed)
    return {message: `${quoted(berth)} has no flag ${quoted(flag)}.`, suggestions: [...(near ? [`${berth} ${near}`] : []), help]}
  }
  if ('args' in typed && isList(typed.args)) return {message: argumentFault(berth, typed.args), suggestions: [help]}
  return {message: sentence(error.message), suggestions: [help]}
}

/** oclif tells arguments that are missing as their declarations, and words that are too many as they were typed. */
function argumentFault(berth: string, args: readonly unknown[]): string {
  const [first] = args
  if (!isDeclared(first)) return `${quoted(berth)} does not take the word ${quoted(String(first))}.`
  return `${quoted(berth)} needs ${first.name.toUpperCase()}: ${(first.description ?? 'it was not given').replace(/\.$/, '')}.`
}

/** `--json` for `--jsn`; nothing when no flag of the command is near. */
function nearestFlag(flag: string, error: object): string | undefined {
  const parse = 'parse' in error ? (error.parse as {readonly input?: {readonly flags?: object}}) : undefined
  const names = Object.keys(parse?.input?.flags ?? {}).map((name) => `--${name}`)
  const near = names.length > 0 && flag.startsWith('--') ? closest(flag, names) : undefined
  return near !== undefined && distance(flag, near) <= MOST_TYPING_ERRORS ? near : undefined
}

/** oclif's text on one line, its colours, headings and hints gone and control characters escaped. */
function sentence(text: string): string {
  const line = text
    .replaceAll(/\u001b\[(?:2|22)m/g, '')
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s+/, '')
    .replace(/^Parsing (--\S+)\s+Expected/, 'Flag $1 does not fit: expected')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const safe = escaped(line)
  return /[.?]$/.test(safe) ? safe : `${safe}.`
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isDeclared(value: unknown): value is {readonly name: string; readonly description?: string} {
  return typeof value === 'object' && value !== null && 'name' in value
}
