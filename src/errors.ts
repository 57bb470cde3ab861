// The families of errors a person can meet, each with its exit code.
// It knows nothing of help, configuration or the screen: the command line turns these into words and exit codes in one place.

/** What an error may carry besides its message. */
export interface ErrorDetails {
  /** The error underneath, kept for `DEBUG`. */
  readonly cause?: unknown
  /** What was done all the same; it is printed beside the error under `--json`. */
  readonly result?: object
  /** At most three commands that help, runnable as they stand. */
  readonly suggestions?: readonly string[]
}

/**
 * An error that Berth foresaw. The message is one full sentence: what failed, on what, where.
 * `code` is ECS's exception or failure name where ECS has one, else ours in the same form.
 */
export class KnownError extends Error {
  readonly exitCode: number = 1
  readonly result: object | undefined
  readonly suggestions: readonly string[]

  constructor(
    readonly code: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause})
    this.name = new.target.name
    this.result = details.result
    this.suggestions = (details.suggestions ?? []).slice(0, 3)
  }
}

/** The words or values given were wrong; nothing was touched. */
export class InvalidInputError extends KnownError {
  override readonly exitCode = 2
}

/** The thing named does not exist. */
export class NotFoundError extends KnownError {
  override readonly exitCode = 3
}

/** What stands now forbids the change. */
export class ConflictError extends KnownError {
  override readonly exitCode = 4
}

/** No instance may take the task. */
export class PlacementError extends KnownError {
  override readonly exitCode = 5
}

/** A host or its engine did not answer. */
export class UnreachableError extends KnownError {
  override readonly exitCode = 6
}

/** The engine answered, and refused. */
export class EngineError extends KnownError {
  override readonly exitCode = 7
}

/** The state could not be read or written. */
export class StateError extends KnownError {
  override readonly exitCode = 8
}

/** The time ran out. */
export class DeadlineError extends KnownError {
  override readonly exitCode = 9
}

/** A person, or the lack of one, said no. */
export class DeclinedError extends KnownError {
  override readonly exitCode = 10
}

/** A difference was looked for and found. */
export class DifferenceFound extends KnownError {
  override readonly exitCode = 11
}

/** Ctrl-C, or another signal that ends us: what was done is recorded. */
export class InterruptedError extends KnownError {
  override readonly exitCode = 130
}

/** Every family with its exit code and meaning, in the order of the codes: help and README are generated from it. */
export const EXIT_CODES: readonly {readonly code: number; readonly family: string; readonly meaning: string}[] = [
  {code: 0, family: '', meaning: 'Done, or there was nothing to do.'},
  {code: 1, family: 'Error', meaning: 'A fault in Berth itself.'},
  {code: 2, family: 'InvalidInputError', meaning: 'The words or values given were wrong; nothing was touched.'},
  {code: 3, family: 'NotFoundError', meaning: 'The thing named does not exist.'},
  {code: 4, family: 'ConflictError', meaning: 'What stands now forbids the change.'},
  {code: 5, family: 'PlacementError', meaning: 'No instance may take the task.'},
  {code: 6, family: 'UnreachableError', meaning: 'A host or its engine did not answer.'},
  {code: 7, family: 'EngineError', meaning: 'The engine refused: a pull, a create, a start; the container never ran.'},
  {code: 8, family: 'StateError', meaning: 'The state could not be read or written.'},
  {code: 9, family: 'DeadlineError', meaning: 'The time ran out.'},
  {code: 10, family: 'DeclinedError', meaning: 'The answer was no, or nobody was there to ask.'},
  {code: 11, family: 'DifferenceFound', meaning: 'A difference was looked for and found.'},
  {code: 130, family: 'InterruptedError', meaning: 'Interrupted; what was done is recorded.'},
]
