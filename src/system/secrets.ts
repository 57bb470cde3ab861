// Values of secrets from this machine: a variable, a file, a program's output. No error of this file holds any of a value.
import {readFile, stat} from 'node:fs/promises'
import {InvalidInputError, NotFoundError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {SecretSource} from '../model/secret-source.js'
import type {Secrets} from '../world/secrets.js'
import type {Environment} from './paths.js'

/** A program that prints a secret is quick, or it asks somebody who is not there. */
const PROGRAM_TIMEOUT_MS = 30_000

/** As much as AWS lets a secret hold. */
const MAX_BYTES = 65_536

export class SystemSecrets implements Secrets {
  constructor(private readonly env: Environment) {}

  async read(source: SecretSource, signal: AbortSignal): Promise<string> {
    switch (source.kind) {
      case 'env':
        return checked(this.variable(source.variable), `The environment variable ${quoted(source.variable)}`)
      case 'file':
        return checked(await fileText(source.path), `The file ${quoted(source.path)}`)
      case 'exec':
        return checked(await this.output(source.words, signal), `What ${quoted(source.words[0])} prints`)
      case 'aws':
        throw notFound(`The secret ${quoted(source.reference)} is kept by AWS, and has no value here.`, [
          'berth task run FAMILY --secret NAME=env:NAME',
        ])
    }
  }

  private variable(name: string): string {
    const value = Object.hasOwn(this.env, name) ? this.env[name] : undefined
    if (value !== undefined) return value
    throw notFound(`The environment variable ${quoted(name)}, which holds a secret, is not set.`, [`export ${shellWord(name)}=...`])
  }

  /** No shell, nothing to read; what it says on stderr is dropped, since it may say the secret. */
  private async output([program, ...words]: readonly [string, ...string[]], signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    const {execa} = await import('execa')
    const ran = await execa(program, words, {
      cancelSignal: signal,
      env: this.env,
      extendEnv: false,
      maxBuffer: MAX_BYTES + 1,
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
      timeout: PROGRAM_TIMEOUT_MS,
    })
    signal.throwIfAborted()
    if (ran.exitCode === 0) return ran.stdout
    const why =
      ran.code === 'ENOENT'
        ? 'there is no such program'
        : ran.timedOut
          ? 'it did not end in time'
          : `it ended with ${ran.exitCode ?? ran.signal}`
    throw notFound(`The program ${quoted(program)}, which prints a secret, printed none: ${why}.`, [])
  }
}

async function fileText(path: string): Promise<string> {
  try {
    // A device or a pipe may never end.
    if (!(await stat(path)).isFile()) throw new Error('It is no file.')
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw notFound(`The file ${quoted(path)}, which holds a secret, cannot be read.`, [`ls -l ${shellWord(path)}`], cause)
  }
}

/** The value without one newline at its end, as editors and programs write it. */
function checked(text: string, what: string): string {
  const value = text.replace(/\r?\n$/, '')
  const wrong =
    Buffer.byteLength(value) > MAX_BYTES ? `is longer than ${MAX_BYTES} bytes` : value.includes('\0') ? 'holds a NUL character' : undefined
  if (wrong === undefined) return value
  throw new InvalidInputError('InvalidSecret', `${what} ${wrong}, which no secret may.`)
}

function notFound(message: string, suggestions: readonly string[], cause?: unknown): NotFoundError {
  return new NotFoundError('SecretNotFound', message, {cause, suggestions})
}
