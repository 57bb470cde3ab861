// Where a secret's value comes from: what `valueFrom` says, read once.
// The forms of AWS are those of the developer guide's "Pass sensitive data to a container" (read 2026-11-26).
import {InvalidInputError} from '../errors.js'

/** AWS's own stores (`aws`) have no value here: a run must say by `--secret` where it is. */
export type SecretSource =
  | {readonly kind: 'env'; readonly variable: string}
  | {readonly kind: 'file'; readonly path: string}
  /** A program and its words: no shell. Its standard output, less one newline at the end, is the value. */
  | {readonly kind: 'exec'; readonly words: readonly [string, ...string[]]}
  | {readonly kind: 'aws'; readonly reference: string}

/** A variable as a shell can name it. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** An ARN of any service and partition: of a secret it may end in a JSON key, a version stage and a version. */
const ARN = /^arn:[^\s:]+:[^\s:]+:[^\s:]*:[^\s:]*:\S+$/

/** A parameter of the Systems Manager, or a secret by its name: one word without a colon, behind which another store's name could stand. */
const PARAMETER = /^[^\s:]{1,2048}$/

/**
 * The source that `valueFrom` names: `env:NAME`, `file:PATH`, `exec:["program","word"]`, `exec:PROGRAM`, or AWS's ARN or parameter name.
 * Throws `InvalidSecret`, which tells the kind alone: the rest may be the secret itself, written there by mistake.
 */
export function parseSecretSource(valueFrom: string): SecretSource {
  const [, kind, rest = ''] = /^(env|file|exec):(.*)$/s.exec(valueFrom) ?? []
  if (valueFrom.includes('\0')) throw invalid(kind, 'must not hold a NUL character')
  switch (kind) {
    case 'env':
      if (VARIABLE.test(rest)) return {kind, variable: rest}
      throw invalid(kind, 'must name an environment variable, such as env:DB_PASSWORD')
    case 'file':
      if (rest !== '') return {kind, path: rest}
      throw invalid(kind, 'must name a file, such as file:secrets/password')
    case 'exec':
      return {kind, words: wordsOf(rest)}
    default:
      if (ARN.test(valueFrom) || PARAMETER.test(valueFrom)) return {kind: 'aws', reference: valueFrom}
      throw invalid(undefined, 'must be env:NAME, file:PATH, exec:["program","word"], or the ARN or name that AWS knows it by')
  }
}

function wordsOf(text: string): readonly [string, ...string[]] {
  const words = text.startsWith('[') ? listed(text) : /^\S+$/.test(text) ? [text] : []
  const [program, ...others] = words
  if (program) return [program, ...others]
  throw invalid('exec', 'must be a JSON list of a program and its words, such as exec:["pass","show","db"]')
}

/** The strings of a JSON list; nothing when it is no such list. */
function listed(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((one) => typeof one === 'string' && !one.includes('\0')) ? list : []
  } catch {
    // JSON's own message would quote the text, which may be the secret: the caller says what is wanted.
    return []
  }
}

function invalid(kind: string | undefined, rule: string): InvalidInputError {
  return new InvalidInputError('InvalidSecret', `A secret's valueFrom ${kind ? `of the kind ${kind} ` : ''}${rule}.`, {
    suggestions: ['berth task run FAMILY --secret DB_PASSWORD=env:DB_PASSWORD', 'berth task-definition register --help'],
  })
}
