// Talk on stderr while something takes its time.
import {type Reporter, SILENT_STAGES, type Stage} from '../world/person.js'
import {visible} from './table.js'
import {canRedraw, type TerminalSize} from './terminal-size.js'

/** Stages that end sooner are not worth a word. */
const PATIENCE_MS = 1000

/** Says nothing: `--json`. */
export const SILENT_REPORTER: Reporter = {close: () => {}, note: () => {}, outcome: () => {}, stage: SILENT_STAGES}

/** Where talk goes: stderr, or what a test gives. */
export type Talk = NodeJS.WritableStream & TerminalSize

/** Says only how it ended: `--quiet`. */
export function quietReporter(talk: Talk): Reporter {
  return {...SILENT_REPORTER, outcome: (text) => say(talk, text)}
}

/** Lines for what takes longer than a second; on a terminal a spinner in the meantime. */
export class TerminalReporter implements Reporter {
  readonly #stages: ClosableStage[] = []

  constructor(private readonly talk: Talk) {}

  stage(title: string): Stage {
    const stage = canRedraw(this.talk) ? new SpinningStage(this.talk, visible(title)) : new PlainStage(this.talk, visible(title))
    this.#stages.push(stage)
    return stage
  }

  close(): void {
    for (const stage of this.#stages) stage.close()
  }

  note(text: string): void {
    say(this.talk, text)
  }

  outcome(text: string): void {
    say(this.talk, text)
  }
}

function say(talk: Talk, text: string): void {
  talk.write(`${text.split('\n').map(visible).join('\n')}\n`)
}

/** Closing it says nothing, and is no harm when it has ended. */
interface ClosableStage extends Stage {
  close(): void
}

/** A line when the stage has lasted a second, and a line when it ends after that. */
class PlainStage implements ClosableStage {
  #told = false
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly talk: Talk,
    private readonly title: string,
  ) {
    this.#timer = setTimeout(() => this.#tell(`${title}...`), PATIENCE_MS).unref()
  }

  progress(): void {}

  done(text?: string): void {
    this.#end(text ?? `${this.title}: done`)
  }

  failed(text?: string): void {
    this.#end(text ?? `${this.title}: failed`)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #end(text: string): void {
    clearTimeout(this.#timer)
    if (this.#told) this.#tell(text)
  }

  #tell(text: string): void {
    this.#told = true
    say(this.talk, text)
  }
}

/** A spinner from the first second on, gone without a trace when the stage went well. ora is loaded only then. */
class SpinningStage implements ClosableStage {
  #ended = false
  #text: string
  #spinner: {stop(): unknown; fail(text: string): unknown; text: string} | undefined
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly talk: Talk,
    private readonly title: string,
  ) {
    this.#text = title
    this.#timer = setTimeout(() => void this.#spin(), PATIENCE_MS).unref()
  }

  progress(text: string): void {
    this.#text = `${this.title}: ${text.split('\n').map(visible).join('\n')}`
    if (this.#spinner) this.#spinner.text = this.#text
  }

  done(): void {
    this.close()
  }

  close(): void {
    this.#end()
    this.#spinner?.stop()
  }

  failed(text?: string): void {
    this.#end()
    this.#spinner?.fail(visible(text ?? this.title))
  }

  #end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
  }

  async #spin(): Promise<void> {
    const {default: ora} = await import('ora')
    // stdin is left alone: an attached task may read it.
    if (!this.#ended) this.#spinner = ora({discardStdin: false, stream: this.talk, text: this.#text}).start()
  }
}
