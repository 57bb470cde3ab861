// The person at the terminal: questions to, and progress for.
import type {Plan} from '../model/plan.js'

export interface Choice<T> {
  readonly value: T
  readonly name: string
}

export interface Person {
  /** Is there a terminal to ask at? */
  readonly present: boolean
  /**
   * Returns when the plan may be carried out: because `--yes` said so, or the person did after seeing it.
   * Throws `DeclinedError` on a no, and where nobody can be asked.
   */
  confirm(plan: Plan, question: string): Promise<void>
  /**
   * Returns when the person lets something be done on this machine that a file asks for: because `--yes` said so, or the person did.
   * Throws `DeclinedError` on a no, and where nobody can be asked; `flag` allows it in advance.
   */
  allow(question: string, flag: string): Promise<void>
  /** One of the choices. Throws `InvalidInputError` `MissingArgument` naming `missing` where nobody can be asked. */
  choose<T>(question: string, choices: readonly Choice<T>[], missing: string): Promise<T>
  /** A typed line. Throws as `choose`. */
  ask(question: string, missing: string): Promise<string>
}

/** Talk on stderr: what is going on. Silent under `--quiet` and `--json`. */
export interface Reporter {
  /** Something that may take longer than a second begins; ends with `done` or `failed`. On a terminal a spinner shows it. */
  stage(title: string): Stage
  /** A plain line of talk. */
  note(text: string): void
  /** How the thing asked for ended, on stderr: said under `--quiet` too, not under `--json`. */
  outcome(text: string): void
  /** Ends every stage that still stands; after it nothing of the reporter keeps the process alive. */
  close(): void
}

export interface Stage {
  /** May be several lines, each new text in place of the one before. */
  progress(text: string): void
  done(text?: string): void
  failed(text?: string): void
}

const SILENT_STAGE: Stage = {done: () => {}, failed: () => {}, progress: () => {}}

/** Stages of which nothing is shown. */
export const SILENT_STAGES: Reporter['stage'] = () => SILENT_STAGE
