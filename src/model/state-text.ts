// A whole state as JSON that a person hands over, as `berth state show` prints it.
import {InvalidInputError} from '../errors.js'
import {quoted, shellWord} from './names.js'
import {type State, STATE_VERSION, stateIn, TABLES} from './state.js'
import {migrated} from './state-migrations.js'

/** The state in the text, in the shape of this Berth; older shapes are taken too. Throws `InvalidState`: it is no JSON, of a later version, or no state. */
export function parseState(text: string, named: string): State {
  const content = objectOf(text, named)
  const current = migrated(content, STATE_VERSION)
  if (!current) throw invalid(named, `is of version ${String(content['version'])}, and this Berth knows versions up to ${STATE_VERSION}`)
  if (typeof current['lineage'] !== 'string' || !Number.isSafeInteger(current['revision']))
    throw invalid(named, 'has no lineage or revision')
  const missing = TABLES.find((name) => !isObject(current[name]))
  if (missing !== undefined) throw invalid(named, `has no ${missing}`)
  return stateIn(current)
}

function objectOf(text: string, named: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(text)
    if (isObject(content)) return content
  } catch {
    // What the library says quotes the text.
    throw invalid(named, 'is no JSON')
  }
  throw invalid(named, 'is no object')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(named: string, what: string): InvalidInputError {
  const file = named === '-' ? 'Standard input' : `The file ${quoted(named)}`
  return new InvalidInputError('InvalidState', `${file} holds no state: it ${what}.`, {
    suggestions: [`berth state show > ${named === '-' ? 'FILE' : shellWord(named)}`],
  })
}
