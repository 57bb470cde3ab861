// The attributes of an instance: ECS's names, limits and built-in set (developer guide, "Attributes", read 2026-11-23).
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'

/** Name to value; most capability attributes have none, which is `null`. */
export type Attributes = Readonly<Record<string, string | null>>

/** What an instance must have to run a task: the attribute, and where a value stands this very one. */
export interface RequiredAttribute {
  readonly name: string
  readonly value?: string
}

/** ECS takes at most so many custom attributes on one instance. */
export const MAX_CUSTOM_ATTRIBUTES = 10

const ATTRIBUTE_NAME = /^[A-Za-z0-9_./\\-]{1,128}$/
const ATTRIBUTE_VALUE = /^(?! )[A-Za-z0-9_.@/\\: -]{1,128}(?<! )$/

/** May it name an attribute: 1 to 128 letters, digits and - _ . / \\? */
export function isAttributeName(text: string): boolean {
  return ATTRIBUTE_NAME.test(text)
}

/** Reads `name=value` or `name`. Throws `InvalidAttribute`; names beginning with `ecs.` are kept for the built-in ones. */
export function parseAttribute(text: string): {readonly name: string; readonly value: string | null} {
  const cut = text.indexOf('=')
  const name = cut < 0 ? text : text.slice(0, cut)
  const value = cut < 0 ? null : text.slice(cut + 1)
  if (!isAttributeName(name)) throw invalid(`${quoted(name)} cannot name an attribute: use 1 to 128 letters, digits and - _ . / \\.`)
  if (/^(ecs\.|com\.amazonaws\.)/.test(name))
    throw invalid(`Attribute ${quoted(name)} is built in; Berth sets it (zone and instance type by --zone and --instance-type).`)
  return {name, value: value === null ? null : checkAttributeValue(name, value)}
}

/** `value` itself when attribute `name` may have it; else throws `InvalidAttribute`. */
export function checkAttributeValue(name: string, value: string): string {
  if (ATTRIBUTE_VALUE.test(value)) return value
  throw invalid(
    `${quoted(value)} cannot be the value of attribute ${quoted(name)}: use 1 to 128 letters, digits, spaces and - _ . @ / \\ :, with no space at either end.`,
  )
}

/** `--attribute` flags as one set, later ones winning. Throws `InvalidAttribute`, or ECS's `AttributeLimitExceededException` over ten. */
export function parseAttributes(texts: readonly string[]): Attributes {
  return checkAttributeCount(Object.fromEntries(texts.map(parseAttribute).map(({name, value}) => [name, value])))
}

/** The same set when it holds at most ten; else throws `AttributeLimitExceededException`. */
export function checkAttributeCount(custom: Attributes): Attributes {
  const count = Object.keys(custom).length
  if (count > MAX_CUSTOM_ATTRIBUTES)
    throw new InvalidInputError(
      'AttributeLimitExceededException',
      `An instance takes at most ${MAX_CUSTOM_ATTRIBUTES} custom attributes; ${count} were given.`,
      {suggestions: ['berth instance describe INSTANCE', 'berth instance update INSTANCE --help']},
    )
  return custom
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('InvalidAttribute', message, {suggestions: ['berth instance join HOST --attribute disk=ssd']})
}
