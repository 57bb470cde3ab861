// Environment variables as flags and as files, read as the docker command reads them (docker/cli, pkg/kvfile and opts/env.go, read 2026-11-23).
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'
import type {NameValue} from './container-definition.js'

/** The variables around the program: a name without a value takes its value from there. */
export type Surroundings = Readonly<Record<string, string | undefined>>

/**
 * Reads `NAME=VALUE`, whose value may be empty and may hold anything; a bare `NAME` takes its value from `surroundings` and is left out where it has none.
 * In the order given; a name may come twice. Throws `InvalidEnvironment`, which never tells a value.
 */
export function parseEnvironment(texts: readonly string[], surroundings: Surroundings): readonly NameValue[] {
  return texts.flatMap((text) => {
    const [name, value] = cut(text)
    if (name === '') throw invalid('An environment variable has no name: give NAME=VALUE.')
    return variable(name, value, surroundings, `Environment variable ${quoted(name)}`)
  })
}

/**
 * Reads the text of an env file: `NAME=VALUE` a line, lines that are blank or begin with `#` left out, white space before a name too; quotes, later `#` and `$`
 * stand for themselves. A bare `NAME` as in `parseEnvironment`. `file` names it in errors. Throws `InvalidEnvironment` with the line's number.
 */
export function parseEnvironmentFile(text: string, surroundings: Surroundings, file: string): readonly NameValue[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  return lines.flatMap((raw, index) => {
    const line = raw.trimStart()
    if (line === '' || line.startsWith('#')) return []
    const where = `Line ${index + 1} of env file ${quoted(file)}`
    const [name, value] = cut(line)
    if (name === '') throw invalid(`${where} has no name before "=".`)
    // Not quoted: a line that is no name may be one of a secret of several lines.
    if (/\s/.test(name)) throw invalid(`${where} has white space in the name.`)
    return variable(name, value, surroundings, where)
  })
}

function cut(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function variable(name: string, given: string | undefined, surroundings: Surroundings, where: string): readonly NameValue[] {
  const value = given ?? (Object.hasOwn(surroundings, name) ? surroundings[name] : undefined)
  // No program can be given one: the system ends names and values with it.
  if (`${name}${value ?? ''}`.includes('\0')) throw invalid(`${where} holds a NUL character.`)
  return value === undefined ? [] : [{name, value}]
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('InvalidEnvironment', message, {
    suggestions: ['berth task run FAMILY --env NAME=VALUE', 'berth task run FAMILY --env-file FILE'],
  })
}
