// Patterns of `=~`: Java's syntax, as far as a machine can match it in linear time, so that no expression hangs a command.
import {RE2JS, RE2JSSyntaxException} from 're2js'

/** Why a text is no pattern, in RE2's words. */
export class PatternError extends Error {}

/** Does the whole of a text match? Patterns that look around or refer back are refused: RE2 does not know them. Throws `PatternError`. */
export function parsePattern(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern)
    return (text) => compiled.matches(text)
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error
    throw new PatternError(error.message, {cause: error})
  }
}
