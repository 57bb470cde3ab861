// The one place where errors become oclif's: their code, their suggestions, their exit code, and the words a person sees.
import {Errors} from '@oclif/core'
import type {Paint} from '../console/colours.js'
import {KnownError} from '../errors.js'
import {usageFault} from './usage.js'

const REPORT_AT = 'This is a fault in Berth. Run it again with DEBUG=berth to see the stack, and report it with that.'
const USAGE_EXIT_CODE = 2
const HELP_HINT = /\nSee more help with --help$/

/** An error as oclif wants it. `exitCode` is what oclif reads under `--json`, `oclif.exit` what it reads otherwise: both are the same. */
export class Failure extends Errors.CLIError {
  readonly exitCode: number
  /** What was done all the same. */
  readonly result: object

  constructor(
    error: Error,
    readonly details: {
      readonly code: string
      readonly exitCode: number
      readonly message: string
      readonly suggestions: readonly string[]
      readonly result?: object | undefined
    },
  ) {
    super(details.message, {code: details.code, exit: details.exitCode, suggestions: [...details.suggestions]})
    this.exitCode = details.exitCode
    this.result = details.result ?? {}
    this.cause = error
  }
}

/** `error` as a failure of `command`: ours by their family, oclif's own as wrong usage, every other as a fault in Berth. */
export function asFailure(error: unknown, command?: string): Failure {
  if (error instanceof Failure) return error
  if (error instanceof KnownError) return knownFailure(error)
  if (error instanceof Errors.CLIError) return usageFailure(error, command)
  const unknown = error instanceof Error ? error : new Error(String(error))
  return new Failure(unknown, {code: 'InternalError', exitCode: 1, message: unknown.message || unknown.name, suggestions: [REPORT_AT]})
}

/** What a person reads on stderr: the sentence, then what helps; with `debug`, also the stacks of the error and its causes. */
export function failureText(failure: Failure, debug: boolean, paint: Paint): string {
  const helps = (failure.suggestions ?? []).map((suggestion) => `  ${suggestion === REPORT_AT ? '' : 'try: '}${suggestion}`)
  const stacks = debug ? causes(failure).map((error) => error.stack ?? error.message) : []
  return [`${paint.bad('berth:')} ${failure.message}`, ...helps.map(paint.faint), ...stacks].join('\n')
}

/** The failure as `--json` prints it, beside what was done all the same. */
export function failureJson(failure: Failure): object {
  const {code, exitCode, message, suggestions} = failure.details
  return {...failure.result, error: {code, message, suggestions, exitCode}}
}

/** oclif writes into the message of an error that a flag's value met; the sentence inside already quotes the value. */
function knownFailure(error: KnownError): Failure {
  const {code, exitCode, result, suggestions} = error
  const message = error.message.replace(/^Parsing --\S+ \n\t/, '').replace(HELP_HINT, '')
  return new Failure(error, {code, exitCode, message, suggestions, result})
}

function usageFailure(error: Errors.CLIError, command: string | undefined): Failure {
  return new Failure(error, {code: 'InvalidUsage', exitCode: error.oclif.exit ?? USAGE_EXIT_CODE, ...usageFault(error, command)})
}

function causes(failure: Failure): readonly Error[] {
  const chain: Error[] = []
  for (let error = failure.cause; error instanceof Error && !chain.includes(error); error = error.cause) chain.push(error)
  return chain
}
