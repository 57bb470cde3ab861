// What may come next on a command line that is being typed: commands and flags from the manifest, live names from the state file.
// It answers between two key presses, so neither oclif nor a host is asked, and whatever goes wrong it answers nothing.
import {readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {compareText, type State} from '../model/state.js'
import {StateReader} from '../store/state-reader.js'
import {berthPaths} from '../system/paths.js'

interface Manifest {
  readonly commands: Readonly<Record<string, CommandWords>>
}

interface CommandWords {
  readonly args: Readonly<Record<string, {readonly options?: readonly string[]}>>
  readonly flags: Readonly<
    Record<string, {readonly char?: string; readonly hidden?: boolean; readonly options?: readonly string[]; readonly type: string}>
  >
  readonly hidden?: boolean
}

/** What the arguments and flags of these names stand for, in every command. */
const LIVE_NAMES: Readonly<Record<string, (state: State) => readonly string[]>> = {
  cluster: (state) => Object.values(state.clusters).map(({name}) => name),
  family: (state) => Object.keys(state.families),
  instance: (state) => Object.values(state.instances).map(({name}) => name),
  task: (state) => Object.values(state.tasks).map(({id}) => id),
  'task-definition': (state) => [...Object.keys(state.families), ...Object.keys(state.definitions)],
}

/** Prints what may stand in place of the last of `words` (which follow `berth`), one a line. */
export function printCompletions(words: readonly string[], root: string): void {
  const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as Manifest
  const candidates = completions(manifest, words, () => readState(words))
  process.stdout.write(candidates.map((one) => `${one}\n`).join(''))
}

/** Candidates that begin as the last word does, sorted, each once. After `--` there are none: what follows runs elsewhere. */
export function completions(manifest: Manifest, words: readonly string[], state: () => State | undefined): readonly string[] {
  const typed = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  if (before.includes('--')) return []
  const found = commandOf(manifest, before)
  const candidates = found ? wordsOf(found, typed, state) : nextWords(manifest, before)
  return [...new Set(candidates)].filter((one) => one.startsWith(typed)).sort(compareText)
}

/** The command that the words name, and the words after its name. */
function commandOf(
  manifest: Manifest,
  before: readonly string[],
): {readonly command: CommandWords; readonly rest: readonly string[]} | undefined {
  for (let length = before.length; length > 0; length -= 1) {
    const command = manifest.commands[before.slice(0, length).join(':')]
    if (command) return {command, rest: before.slice(length)}
  }
  return undefined
}

/** The next word of every command that begins so. */
function nextWords({commands}: Manifest, before: readonly string[]): readonly string[] {
  const ids = Object.keys(commands).filter((id) => !commands[id]?.hidden)
  const prefix = before.map((word) => `${word}:`).join('')
  return ids.filter((id) => id.startsWith(prefix)).flatMap((id) => id.slice(prefix.length).split(':')[0] ?? [])
}

function wordsOf(
  {command, rest}: {readonly command: CommandWords; readonly rest: readonly string[]},
  typed: string,
  state: () => State | undefined,
) {
  const flags = Object.entries(command.flags)
  const last = rest.at(-1) ?? ''
  const valued = flags.find(([name, flag]) => flag.type === 'option' && (last === `--${name}` || last === `-${flag.char}`))
  if (valued) return valuesOf(valued[0], valued[1].options, state)
  const assigned = flags.find(([name, flag]) => flag.type === 'option' && typed.startsWith(`--${name}=`))
  if (assigned) return valuesOf(assigned[0], assigned[1].options, state).map((value) => `--${assigned[0]}=${value}`)
  if (typed.startsWith('-')) return flags.filter(([, flag]) => !flag.hidden).map(([name]) => `--${name}`)
  const args = Object.entries(command.args)
  const [name, arg] = args[Math.min(positionOf(flags, rest), args.length - 1)] ?? []
  return name === undefined ? [] : valuesOf(name, arg?.options, state)
}

/** How many words are arguments, not flags or their values. Past the last argument the last one is meant: it may be a list. */
function positionOf(flags: readonly (readonly [string, CommandWords['flags'][string]])[], rest: readonly string[]): number {
  const takesValue = (word: string | undefined) =>
    flags.some(([name, flag]) => flag.type === 'option' && (word === `--${name}` || word === `-${flag.char}`))
  return rest.filter((word, index) => !word.startsWith('-') && !takesValue(rest[index - 1])).length
}

/** Plurals and the last word of `new-name` count too: `instances` completes to instances. */
function valuesOf(name: string, options: readonly string[] | undefined, state: () => State | undefined): readonly string[] {
  if (options) return options
  const names = LIVE_NAMES[name] ?? LIVE_NAMES[name.replace(/s$/, '')]
  const current = names && state()
  return names && current ? names(current) : []
}

/** Nothing is completed from a state that cannot be read. */
function readState(words: readonly string[]): State | undefined {
  const named = words[words.indexOf('--state') + 1]
  const paths = berthPaths(process.env, {home: homedir(), uid: process.getuid?.() ?? 0})
  const location = words.includes('--state') && named ? named : process.env['BERTH_STATE'] || paths.stateFile
  try {
    return new StateReader().read(location)?.state
  } catch {
    // No state yet, or one that a command proper will complain of.
    return undefined
  }
}
