// What every command stands on: its words parsed, its world wired on first use, its errors turned into exit codes in one place.
import {Command, type Interfaces} from '@oclif/core'
import {converse, type Manner} from '../console/converse.js'
import {drawLive} from '../console/live.js'
import {planView} from '../console/plans.js'
import {compileQuery} from '../console/query.js'
import type {View} from '../console/view.js'
import {DifferenceFound, InvalidInputError} from '../errors.js'
import type {Done} from '../manager/done.js'
import type {Explanation} from '../model/explanation.js'
import type {Plan} from '../model/plan.js'
import type {ExecSession, Output} from '../world/engine.js'
import type {World} from '../world/world.js'
import {asFailure, failureJson} from './failure.js'
import {baseFlags} from './flags.js'
import {passOn} from '../console/pass-on.js'
import {wantsJson} from './json-wish.js'
import {ProcessSignals} from './signals.js'
import {type Wired, wire} from './wiring.js'

type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<typeof baseFlags & T['flags']>
type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>

/** A command of Berth: declares words and flags, calls one use case, shows one view, returns the JSON value. */
export abstract class BaseCommand<T extends typeof Command> extends Command {
  static override baseFlags: Interfaces.FlagInput = baseFlags
  /** Does the command take words after `--`? */
  static takesCommand = false

  protected args!: ArgsOf<T>
  protected flags!: FlagsOf<T>
  /** Every thing that was named, in order, where a command takes several. */
  protected named: readonly string[] = []
  /** The words after the first `--`: a command to run in a container. */
  protected command: readonly string[] = []

  #pick: ((value: unknown) => unknown) | undefined
  #typed: readonly string[] = []
  #wired: Wired | undefined
  readonly #signals = new ProcessSignals(process)

  /** Everything outside the process; made on first use, so that help and wrong usage touch nothing. */
  protected get world(): World {
    this.#wired ??= wire({
      command: this.words,
      json: this.jsonEnabled() && !this.printsLines,
      quiet: this.flags.quiet,
      signals: this.#signals,
      stateLocation: this.flags.state,
      typed: this.#typed,
      waitLockSeconds: (this.flags as {'wait-lock'?: number})['wait-lock'],
      yes: this.flags.yes,
    })
    return this.#wired.world
  }

  /** Is what it prints under `--json` a document a line, as it comes? Then talk stays on stderr: what is left out must be told. */
  protected get printsLines(): boolean {
    return false
  }

  override jsonEnabled(): boolean {
    return wantsJson(this.argv)
  }

  override async init(): Promise<void> {
    await super.init()
    this.#signals.listen()
    this.#typed = [...this.words.split(' '), ...this.argv]
    const cut = this.argv.indexOf('--')
    if (cut >= 0) {
      this.command = this.argv.slice(cut + 1)
      this.argv = this.argv.slice(0, cut)
    }
    const {args, argv, flags} = await this.parse({...this.ctor, args: typedOnly(this.ctor.args), baseFlags: this.ctor.baseFlags})
    this.args = args as ArgsOf<T>
    this.named = argv.map(String)
    this.flags = flags as FlagsOf<T>
    if (this.flags.query !== undefined) this.#pick = await compileQuery(this.flags.query)
    this.#refuseStrayWords()
  }

  /** Prints the view, or only its ids under `--quiet`; nothing under `--json`. */
  protected show(view: View): void {
    const text = this.#textOf(view)
    if (text !== '') this.log(text)
  }

  /** Shows what was found; under `--json` returns its JSON instead. Only what is asked for is made: of a thousand tasks each takes 10 ms. */
  protected tell<V>(found: V, view: (found: V) => View, json: (found: V) => object): object | undefined {
    if (this.jsonEnabled()) return json(found)
    this.show(view(found))
    return undefined
  }

  /** Tells what a change came to; after `--dry-run` the plan. Throws `DifferenceFound` where `--exit-code` asks for it. */
  protected answer<V>(done: Done<V>, view: (value: V) => View, json: (value: V) => object): object | undefined {
    return done.dryRun ? this.#showPlan(done) : this.tell(done.value, view, json)
  }

  /** Draws what is found again and again, one view over the other, until it ends or Ctrl-C; only ids under `--quiet`. */
  protected async watch<V>(found: AsyncIterable<V>, view: (value: V) => View): Promise<void> {
    await drawLive(found, (value) => this.#textOf(view(value)), process.stdout)
  }

  /** Passes a program's output on as it comes. Under `--quiet`, and under `--json` where it is none, it is waited for, and dropped. */
  protected async pipe(output: Output): Promise<void> {
    const isDropped = this.flags.quiet || (this.jsonEnabled() && !this.printsLines)
    await passOn(output, isDropped ? undefined : process)
  }

  /** Speaks with a program from this terminal; the command ends with the program's exit code. */
  protected async converse(session: ExecSession, manner: Manner): Promise<void> {
    this.exitWith(await converse(session, process, manner))
  }

  /** The command ends well, with a task's own exit code. */
  protected exitWith(code: number): void {
    process.exitCode = code
  }

  /** The one place where an error meets oclif. */
  protected override async catch(error: Interfaces.CommandError): Promise<void> {
    const failure = asFailure(error, this.words)
    process.exitCode = failure.exitCode
    await super.catch(failure)
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#signals.close()
    await this.#wired?.close()
    await super.finally(error)
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, undefined, this.printsLines ? undefined : 2)}\n`)
  }

  protected override toErrorJson(error: unknown): object {
    return failureJson(asFailure(error, this.words))
  }

  protected override toSuccessJson(result: unknown): unknown {
    return this.#pick ? this.#pick(result) : result
  }

  /** `task run`. */
  private get words(): string {
    return (this.id ?? '').replaceAll(':', ' ')
  }

  #textOf(view: View): string {
    return this.flags.quiet ? view.ids.join('\n') : view.text
  }

  #showPlan({explanation, plan}: {readonly plan: Plan; readonly explanation?: Explanation}): object {
    const result = {plan: {actions: plan.actions, notes: plan.notes, refusals: plan.refusals}, ...(explanation ? {explanation} : {})}
    this.show(planView(plan, explanation))
    if (plan.actions.length > 0 && (this.flags as {'exit-code'?: boolean})['exit-code'])
      throw new DifferenceFound(
        'ChangesPending',
        `"berth ${this.words}" would make ${plan.actions.length === 1 ? 'a change' : `${plan.actions.length} changes`}.`,
        {result},
      )
    return result
  }

  #refuseStrayWords(): void {
    if (this.command.length === 0 || (this.ctor as typeof BaseCommand).takesCommand) return
    throw new InvalidInputError('InvalidUsage', `"berth ${this.words}" takes no words after --.`, {
      suggestions: [`berth ${this.words} --help`],
    })
  }
}

/** oclif takes standard input for an argument that was not typed: what a loop in a script reads, or what a task is fed, is not ours to take. */
function typedOnly(args: Interfaces.ArgInput): Interfaces.ArgInput {
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, {...arg, ignoreStdin: true}]))
}
