// A command that does not exist, and the ones that were perhaps meant.
import {closest, distance} from 'fastest-levenshtein'
import {InvalidInputError} from '../errors.js'
import {quoted} from '../model/names.js'

const MOST_TYPING_ERRORS = 3

/** The error for words that name no command, with the nearest of `commandIds` when it is near, else the help that lists them. */
export function unknownCommand(argv: readonly string[], commandIds: readonly string[]): InvalidInputError {
  const flag = argv.findIndex((word) => word.startsWith('-'))
  const words = argv.slice(0, flag < 0 ? undefined : flag)
  const names = commandIds.map((id) => id.replaceAll(':', ' '))
  const near = nearest(words, names)
  return new InvalidInputError('UnknownCommand', `${quoted(words.join(' '))} is not a berth command.`, {
    suggestions: [near ? `berth ${near}` : 'berth --help'],
  })
}

/** Compares as many typed words as each command has. Ties go to the first in order of `names`. */
function nearest(words: readonly string[], names: readonly string[]): string | undefined {
  const candidates = names.map((name) => ({name, typed: words.slice(0, name.split(' ').length).join(' ')}))
  const best = candidates.map((one) => ({...one, errors: distance(one.typed, one.name)})).sort((a, b) => a.errors - b.errors)[0]
  if (best && best.errors <= MOST_TYPING_ERRORS) return best.name
  const noun = words[0] && closest(words[0], [...new Set(names.map((name) => name.split(' ')[0] ?? name))])
  return noun && words[0] && distance(words[0], noun) <= 2 ? `${noun} --help` : undefined
}
