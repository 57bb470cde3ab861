// Task definitions as files, or on standard input: read whole, with the folder that their relative paths are meant from.
import {readFile, realpath} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import {Args, Flags} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import type {DefinitionText} from '../manager/definition-text.js'
import {quoted, shellWord} from '../model/names.js'
import type {Tag} from '../model/task-definition.js'

export const definitionArgs = {
  'task-definition': Args.string({
    description: 'Family:revision, or a family, which means its newest ACTIVE revision; ARNs too.',
    required: true,
  }),
}

export const formatFlag = Flags.option({
  default: 'auto' as const,
  description: 'How the file is written; default: by its ending, or by its first character.',
  options: ['auto', 'json', 'yaml'] as const,
})

/** `key=value`; the value may be empty. */
export const tagFlag = Flags.custom<Tag>({
  description: 'A tag beside the definition: KEY=VALUE. Repeatable; wins over one of the file.',
  helpValue: 'KEY=VALUE',
  multiple: true,
  parse: async (text) => parseTag(text),
})

/** The definition in the file, `-` being standard input. Throws `InvalidInputError` `FileNotReadable`. */
export async function readDefinition(file: string, format: DefinitionText['format']): Promise<DefinitionText> {
  const text = await readText(file)
  return file === '-' ? {text, named: file, format} : {text, named: file, folder: dirname(await realpath(resolve(file))), format}
}

/** The text of the file, `-` being standard input. Throws `InvalidInputError` `FileNotReadable`. */
export async function readText(file: string): Promise<string> {
  try {
    return file === '-' ? await standardInput() : await readFile(file, 'utf8')
  } catch (error) {
    throw new InvalidInputError('FileNotReadable', `The file ${quoted(file)} cannot be read.`, {
      cause: error,
      suggestions: [`ls -l ${shellWord(file)}`],
    })
  }
}

/** The revision of that name; what can be no reference, or is a file that is there, is read as one. */
export async function readSide(word: string, format: DefinitionText['format']): Promise<DefinitionText | string> {
  return word === '-' || /[./\\]/.test(word.replace(/^arn:.*$/, '')) ? readDefinition(word, format) : word
}

function parseTag(text: string): Tag {
  const cut = text.indexOf('=')
  const [key, value] = cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 1)]
  if (/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value) && !/^aws:/i.test(key))
    return {key, value}
  throw new InvalidInputError(
    'InvalidTag',
    `${quoted(text)} is not a tag: give KEY=VALUE of letters, digits, spaces and _ . : / = + - @; keys beginning with aws: are AWS's own.`,
    {suggestions: ['berth task-definition register FILE --tag team=web']},
  )
}

async function standardInput(): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of process.stdin) pieces.push(piece as Uint8Array)
  return Buffer.concat(pieces).toString('utf8')
}
