// What ECS lets things be called (API reference of CreateCluster, RegisterTaskDefinition and RunTask, read 2026-11-23).
import {InvalidInputError} from '../errors.js'

const NAME = /^[A-Za-z0-9_-]{1,255}$/

/** Is it a name for a cluster, a family, a container or a volume: 1 to 255 letters, digits, hyphens, underscores? */
export function isName(text: string): boolean {
  return NAME.test(text)
}

/** `name` itself when it may name a `kind`; else throws `InvalidName`. */
export function checkName(kind: string, name: string): string {
  if (isName(name)) return name
  throw new InvalidInputError(
    'InvalidName',
    `${quoted(name)} cannot be the name of a ${kind}: use 1 to 255 letters, digits, hyphens and underscores.`,
    {suggestions: [`berth ${kind} create prod-1`]},
  )
}

/** A service's name itself; else throws `InvalidName`. */
export function checkServiceName(name: string): string {
  if (isName(name)) return name
  throw new InvalidInputError(
    'InvalidName',
    `${quoted(name)} cannot be the name of a service: use 1 to 255 letters, digits, hyphens and underscores.`,
    {suggestions: ['berth service create web --task-definition FAMILY']},
  )
}

/** May it name an instance: a host name with dots besides what ECS lets names be, that begins with neither a dot nor a hyphen? */
export function isInstanceName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/.test(name)
}

/** An instance's name itself; else throws `InvalidName`. */
export function checkInstanceName(name: string): string {
  if (isInstanceName(name)) return name
  throw new InvalidInputError(
    'InvalidName',
    `${quoted(name)} cannot be the name of an instance: use up to 255 letters, digits, dots, hyphens and underscores, beginning with a letter or digit.`,
    {
      suggestions: ['berth instance join HOST --name NAME'],
    },
  )
}

/** A task group: anything printable up to 255 characters. */
export function checkGroup(group: string): string {
  if (/^[^\p{C}]{1,255}$/u.test(group)) return group
  throw new InvalidInputError('InvalidGroup', `${quoted(group)} cannot be a task group: use 1 to 255 printable characters.`, {
    suggestions: ['berth task run FAMILY --group nightly'],
  })
}

/** A mark to find tasks by, as ECS has it: up to 128 letters, digits, hyphens, slashes, underscores. Throws `InvalidStartedBy`. */
export function checkStartedBy(mark: string): string {
  if (/^[A-Za-z0-9_/-]{1,128}$/.test(mark)) return mark
  throw new InvalidInputError(
    'InvalidStartedBy',
    `${quoted(mark)} cannot say who started a task: use 1 to 128 letters, digits, hyphens, slashes and underscores.`,
    {suggestions: ['berth task run FAMILY --started-by nightly-backup']},
  )
}

/** A client token, as ECS has it: up to 64 printable ASCII characters without spaces. Throws `InvalidClientToken`. */
export function checkClientToken(token: string): string {
  if (/^[!-~]{1,64}$/.test(token)) return token
  throw new InvalidInputError(
    'InvalidClientToken',
    `${quoted(token)} cannot be a client token: use 1 to 64 ASCII characters without spaces.`,
    {
      suggestions: ['berth task run FAMILY --client-token release-42'],
    },
  )
}

/**
 * `text` with each character that a terminal would obey or not show (controls, formats such as U+200B and U+202E, line and paragraph separators)
 * as `replaced` makes it: the one rule for all that others wrote.
 */
export function replaceUnseen(text: string, replaced: (character: string) => string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, replaced)
}

/** `text` with what `replaceUnseen` finds as JSON escapes it: `\u200b`. */
export function escaped(text: string): string {
  return replaceUnseen(text, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** `text` in double quotes, safe on a terminal: what would not be seen is escaped, cut at 80 characters. */
export function quoted(text: string): string {
  const safe = escaped(JSON.stringify(text))
  return safe.length > 82 ? `${safe.slice(0, 79)}..."` : safe
}

/** `text` as one word of a shell, for commands that an error suggests or a host is to run: bare where nothing in it means anything to a shell, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** The command that was typed, with more flags: they stand before what is to run in a container. */
export function typedWith(typed: readonly string[], flags: readonly string[]): string {
  const cut = typed.includes('--') ? typed.indexOf('--') : typed.length
  return ['berth', ...typed.slice(0, cut), ...flags, ...typed.slice(cut)].map(shellWord).join(' ')
}
