// The person at the terminal, asked by inquirer. What is asked goes to stderr: stdout is for answers.
import {DeclinedError, InterruptedError, InvalidInputError} from '../errors.js'
import {shellWord, typedWith} from '../model/names.js'
import type {Plan} from '../model/plan.js'
import type {Choice, Person} from '../world/person.js'
import {planView} from './plans.js'
import {visible} from './table.js'

/** The streams of a process, as far as a person needs them. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & {readonly isTTY?: boolean}
  readonly stderr: NodeJS.WritableStream & {readonly isTTY?: boolean}
}

type Question = {
  readonly type: 'confirm' | 'input' | 'select'
  readonly message: string
  readonly choices?: readonly Choice<unknown>[]
  readonly default?: boolean
}

/** A question that a person leaves by Ctrl-C ends the command as Ctrl-C does elsewhere. */
export class TerminalPerson implements Person {
  constructor(
    private readonly terminal: Terminal,
    private readonly options: {readonly typed: readonly string[]; readonly yes: boolean},
  ) {}

  get present(): boolean {
    return this.terminal.stdin.isTTY === true && this.terminal.stderr.isTTY === true
  }

  async confirm(plan: Plan, question: string): Promise<void> {
    if (this.options.yes) return
    if (!this.present) throw this.#declined(`${question} Nobody is at a terminal to answer; nothing was done.`)
    this.terminal.stderr.write(`${planView(plan).text}\n`)
    const answer = await this.#put<boolean>({default: false, message: question, type: 'confirm'})
    if (!answer) throw this.#declined(`${question} The answer was no; nothing was done.`)
  }

  async allow(question: string, flag: string): Promise<void> {
    if (this.options.yes) return
    if (!this.present) throw this.#declined(`${question} Nobody is at a terminal to answer; nothing was done.`, flag)
    const answer = await this.#put<boolean>({default: false, message: visible(question), type: 'confirm'})
    if (!answer) throw this.#declined(`${question} The answer was no; nothing was done.`, flag)
  }

  async choose<T>(question: string, choices: readonly Choice<T>[], missing: string): Promise<T> {
    if (!this.present) throw this.#missingArgument(missing)
    // Numbers, because inquirer begins at the choice whose value is undefined when no default is given.
    const numbered = choices.map(({name}, index) => ({name, value: index}))
    const chosen = await this.#put<number>({choices: numbered, message: question, type: 'select'})
    return (choices[chosen] as Choice<T>).value
  }

  async ask(question: string, missing: string): Promise<string> {
    if (!this.present) throw this.#missingArgument(missing)
    return this.#put<string>({message: question, type: 'input'})
  }

  #declined(message: string, flag = '--yes'): DeclinedError {
    return new DeclinedError('Declined', message, {suggestions: [typedWith(this.options.typed, [flag])]})
  }

  #missingArgument(missing: string): InvalidInputError {
    return new InvalidInputError('MissingArgument', `${missing} is missing, and nobody is at a terminal to ask for it.`, {
      suggestions: [`berth ${[...this.options.typed, missing].map(shellWord).join(' ')}`],
    })
  }

  async #put<T>(question: Question): Promise<T> {
    const {createPromptModule} = await import('inquirer')
    const prompt = createPromptModule({input: this.terminal.stdin, output: this.terminal.stderr})
    try {
      const {answer}: {answer: unknown} = await prompt([{...question, name: 'answer'}])
      return answer as T
    } catch (error) {
      if (error instanceof Error && error.name === 'ExitPromptError')
        throw new InterruptedError('Interrupted', 'The question was left unanswered; nothing was done.', {cause: error})
      throw error
    }
  }
}
