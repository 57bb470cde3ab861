// A task definition as a person gave it, with all that is known of it, read and checked.
import type {ParsedDefinition} from '../model/definition/parse.js'

/** A definition as a person hands it over. */
export interface DefinitionText {
  readonly text: string
  /** For messages: the file as it was typed, `-` for standard input. */
  readonly named: string
  /** Absolute path of the folder of the file. */
  readonly folder?: string
  readonly format: 'json' | 'yaml' | 'auto'
}

/** The definition. Throws `ClientException` with every fault at once. What it takes is loaded here: most commands read no definition. */
export async function readDefinition(file: DefinitionText): Promise<ParsedDefinition> {
  const [{parseDefinition}, {faultOfExpression}] = await Promise.all([
    import('../model/definition/parse.js'),
    import('../placement/query/parse.js'),
  ])
  return parseDefinition(file.text, {...file, faultOfExpression})
}
