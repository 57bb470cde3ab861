// Task definitions checked for CI: as when they are registered, with nothing touched.
import {InvalidInputError, KnownError} from '../errors.js'
import type {DefinitionNote} from '../model/definition/notes.js'
import {type DefinitionText, readDefinition} from './definition-text.js'

/** What checking a file came to. */
export interface CheckedFile {
  readonly file: string
  readonly notes: readonly DefinitionNote[]
  readonly error?: KnownError
}

/** Every file checked as it would be when it is registered; nothing is read or written but the files. */
export async function validateDefinitions(files: readonly DefinitionText[]): Promise<readonly CheckedFile[]> {
  return Promise.all(
    files.map(async (file): Promise<CheckedFile> => {
      try {
        return {file: file.named, notes: (await readDefinition(file)).notes}
      } catch (error) {
        // A fault of one file is an answer, and the other files are checked all the same.
        if (!(error instanceof KnownError)) throw error
        return {file: file.named, notes: [], error}
      }
    }),
  )
}

/** The files, all of them sound. Throws `ClientException` with every fault of every file; its result tells of each file whether it is sound. */
export function refuseFaulty(checked: readonly CheckedFile[]): readonly CheckedFile[] {
  const errors = checked.flatMap(({error}) => error ?? [])
  const [first] = errors
  if (!first) return checked
  const files = checked.map(({error, file, notes}) => ({
    file,
    valid: error === undefined,
    notes,
    ...(error ? faultsOf(error) : {faults: []}),
  }))
  throw new InvalidInputError(first.code, errors.map(({message}) => message).join('\n'), {
    cause: first,
    result: {files},
    suggestions: errors.flatMap(({suggestions}) => suggestions),
  })
}

function faultsOf({message, result}: KnownError): object {
  return result && 'faults' in result ? {faults: result.faults} : {faults: [{path: '', rule: message}]}
}
