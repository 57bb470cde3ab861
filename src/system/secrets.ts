// Values of secrets from this machine: a variable, a file, a program's output. No error of this file holds any of a value.
import {InvalidInputError, KnownError, NotFoundError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {SecretSource} from '../model/secret-source.js'
import {within} from '../world/deadline.js'
import type {Secrets} from '../world/secrets.js'
import {textOf, textOfFile} from './client-text.js'
import type {Environment} from './paths.js'

/** A program that prints a secret is quick, or it asks somebody who is not there. */
const PROGRAM_TIMEOUT_MS = 30_000

/** As much as AWS lets a secret hold. */
const MAX_BYTES = 65_536

const INSTEAD = 'berth task run FAMILY --secret NAME=env:NAME'

export class SystemSecrets implements Secrets {
  constructor(
    private readonly env: Environment,
    private readonly timeoutMs = PROGRAM_TIMEOUT_MS,
  ) {}

  async read(source: SecretSource, signal: AbortSignal): Promise<string> {
    switch (source.kind) {
      case 'env':
        return checked(this.variable(source.variable), `The environment variable ${quoted(source.variable)}`)
      case 'file':
        return checked(withoutLastNewline(await fileText(source.path)), `The file ${quoted(source.path)}`)
      case 'exec':
        return checked(withoutLastNewline(await this.output(source.words, signal)), `What ${quoted(source.words[0])} prints`)
      case 'aws':
        throw notFound(`The secret ${quoted(source.reference)} is kept by AWS, and has no value here.`, [INSTEAD])
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
    const over = within(signal, this.timeoutMs)
    const running = execa(program, words, {
      cancelSignal: over,
      encoding: 'buffer',
      env: this.env,
      extendEnv: false,
      maxBuffer: MAX_BYTES + 2,
      reject: false,
      stderr: 'ignore',
      stdin: 'ignore',
      stripFinalNewline: false,
      // NODE_DEBUG=execa makes others print what passes.
      verbose: 'none',
    })
    // What it left behind may hold its output open.
    over.addEventListener('abort', () => running.stdout.destroy())
    const ran = await running
    signal.throwIfAborted()
    const what = `What ${quoted(program)} prints`
    if (ran.isMaxBuffer) throw tooLong(what)
    // One that ended well in time may have left its output open beyond it: what came of it may be half of a secret.
    if (!ran.failed && !over.aborted) return textOf(ran.stdout, what)
    throw notFound(
      `The program ${quoted(program)}, which prints a secret, printed none: ${over.aborted ? 'it did not end in time' : whyNot(ran)}.`,
      [`command -v ${shellWord(program)}`],
    )
  }
}

interface Ended {
  readonly code?: string | undefined
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
}

function whyNot({code, exitCode, signal}: Ended): string {
  if (code === 'ENOENT') return 'there is no such program'
  if (code === 'EACCES') return 'it may not be run'
  return `it ended with ${exitCode ?? signal ?? code}`
}

async function fileText(path: string): Promise<string> {
  try {
    return await textOfFile(path)
  } catch (cause) {
    if (cause instanceof KnownError) throw cause
    throw notFound(`The file ${quoted(path)}, which holds a secret, cannot be read.`, [`ls -l ${shellWord(path)}`], cause)
  }
}

/** As editors and programs write it. */
function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function checked(value: string, what: string): string {
  if (Buffer.byteLength(value) > MAX_BYTES) throw tooLong(what)
  if (!value.includes('\0')) return value
  throw new InvalidInputError('InvalidSecret', `${what} holds a NUL character, which no secret may.`, {suggestions: [INSTEAD]})
}

function tooLong(what: string): InvalidInputError {
  return new InvalidInputError('InvalidSecret', `${what} is longer than ${MAX_BYTES} bytes, which no secret may be.`, {
    suggestions: [INSTEAD],
  })
}

function notFound(message: string, suggestions: readonly string[], cause?: unknown): NotFoundError {
  return new NotFoundError('SecretNotFound', message, {cause, suggestions})
}
