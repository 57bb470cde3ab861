// Text of this machine's files and programs, whole or not at all: bytes that are no text would reach a container as something else.
import {readFile, stat} from 'node:fs/promises'
import {InvalidInputError} from '../errors.js'
import {quoted} from '../model/names.js'

/** What the file says. Throws the system's error, an error for what is no regular file and may never end, and `NotText`. */
export async function textOfFile(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error('It is no regular file.')
  return textOf(await readFile(path), `The file ${quoted(path)}`)
}

/** The bytes as UTF-8. Throws `NotText`, whose words name `what` and hold none of it. */
export function textOf(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)
  } catch {
    // The decoder says no more than that.
    throw new InvalidInputError('NotText', `${what} is not text in UTF-8, as a variable must be; encode it, for example in base64.`, {
      suggestions: ['berth task run FAMILY --secret \'NAME=exec:["base64","-w0","FILE"]\''],
    })
  }
}
