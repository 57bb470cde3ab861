// The few programs that the fake engine runs: a shell's `echo WORDS`, `echo WORDS >&2`, `sleep N`, `cat`, `trap 'exit N' TERM` and `exit N`,
// one after the other between semicolons. `sleep` lasts until the program is ended.
import type {OutputChunk} from '../../src/world/engine.js'

/** What a program does before it ends or sleeps. */
export interface Run {
  readonly output: readonly OutputChunk[]
  /** Absent when it sleeps or reads on. */
  readonly exitCode?: number
  /** Its code on SIGTERM; absent when it does not listen to it, as a first process without a handler. */
  readonly onTerm?: number
  /** Does it print what it is given? */
  readonly copies: boolean
  readonly unknown?: string
}

export function runProgram(words: readonly string[]): Run {
  const script = words[0] === 'sh' && words[1] === '-c' ? (words[2] ?? '') : words.join(' ')
  const run: {output: OutputChunk[]; onTerm?: number} = {output: []}
  for (const statement of script.split(';').map((text) => text.trim())) {
    const [, text, toStderr] = /^echo (.*?)( >&2)?$/.exec(statement) ?? []
    const ends = /^exit (\d+)$/.exec(statement)?.[1]
    const listens = /^trap 'exit (\d+)' TERM$/.exec(statement)?.[1]
    if (text !== undefined) run.output.push({stream: toStderr ? 'stderr' : 'stdout', bytes: Buffer.from(`${text}\n`)})
    else if (listens !== undefined) run.onTerm = Number(listens)
    else if (ends !== undefined) return {...run, copies: false, exitCode: Number(ends)}
    else if (/^(sleep \d+( & wait)?|cat)$/.test(statement)) return {...run, copies: statement === 'cat'}
    else if (statement !== '') return {...run, copies: false, exitCode: 127, unknown: statement}
  }
  return {...run, copies: false, exitCode: 0}
}
