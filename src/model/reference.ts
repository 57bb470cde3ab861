// What a person types to mean a task definition, a task or an instance that exists.
import {InvalidInputError} from '../errors.js'
import {isName, quoted} from './names.js'
import type {DefinitionReference} from './task-definition.js'

const DEFINITION_ARN = /^arn:aws[a-z-]*:ecs:[a-z0-9-]*:\d*:task-definition\/(.*)$/s

/**
 * Reads `family`, `family:revision` or an ARN of either; of an ARN's region and account nothing is asked. Whether it exists is for the caller to see.
 * Throws `InvalidReference`.
 */
export function parseDefinitionReference(text: string): DefinitionReference {
  const [family = '', revisionText, ...rest] = (DEFINITION_ARN.exec(text)?.[1] ?? text).split(':')
  const revision = revisionText === undefined ? undefined : /^[1-9]\d{0,8}$/.test(revisionText) ? Number(revisionText) : Number.NaN
  if (!isName(family) || rest.length > 0 || Number.isNaN(revision))
    throw new InvalidInputError('InvalidReference', `${quoted(text)} names no task definition: give family, family:revision or an ARN.`, {
      suggestions: ['berth task run FAMILY', 'berth task run FAMILY:1', 'berth task run --image IMAGE'],
    })
  return revision === undefined ? {family} : {family, revision}
}

/**
 * The one of `ids` that is meant by an ARN (whose last part is the id; the rest is not compared), by the id or by any unique prefix of it; a whole id wins
 * over longer ones. `undefined` when none is. Throws `AmbiguousId` with the first candidates when several are.
 */
export function matchId(ids: readonly string[], text: string): string | undefined {
  const prefix = (text.startsWith('arn:') ? text.slice(text.lastIndexOf('/') + 1) : text).toLowerCase()
  if (prefix === '') return undefined
  if (ids.includes(prefix)) return prefix
  const candidates = ids.filter((id) => id.startsWith(prefix)).sort()
  if (candidates.length < 2) return candidates[0]
  const shown = candidates.slice(0, 3)
  const more = candidates.length - shown.length
  throw new InvalidInputError(
    'AmbiguousId',
    `${quoted(text)} begins ${candidates.length} ids: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}. Give more of it.`,
    {
      suggestions: ['berth task list', 'berth instance list'],
    },
  )
}
