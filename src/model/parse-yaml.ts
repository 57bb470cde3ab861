// YAML 1.2 with its core schema, for documents that are JSON in another notation. As with JSON nothing of the text is told: the library's own
// messages may quote it.
import {LineCounter, parseDocument, type YAMLError} from 'yaml'
import {type Fault, faultAt, invalidDefinition} from './definition/fault.js'

/** A few lines can name each other so often that the document they stand for fills the memory. */
const MAX_ALIASES = 100

const WORDS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias has no anchor before it',
  BAD_INDENT: 'the indentation does not fit what stands above',
  BLOCK_AS_IMPLICIT_KEY: 'a key and its value do not stand on one line, or the indentation is missing',
  DUPLICATE_KEY: 'a key stands twice',
  MISSING_CHAR: 'a closing quote, bracket, comma or colon is missing',
  MULTIPLE_DOCS: 'there is more than one document',
  TAB_AS_INDENT: 'a tab stands where YAML wants spaces',
  TAG_RESOLVE_FAILED: 'it has a tag that means nothing here',
  UNEXPECTED_TOKEN: 'something stands where nothing may',
}

/** The value of the text. Throws `ClientException` with the line and column of every fault in its syntax, of keys that stand twice among them. */
export function parseYaml(text: string, named: string): unknown {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {lineCounter, prettyErrors: false, schema: 'core', strict: true, uniqueKeys: true, version: '1.2'})
  const faults = [...document.errors, ...document.warnings].map((error) => faultOf(error, lineCounter))
  if (faults.length > 0) throw invalidDefinition(named, faults)
  try {
    return document.toJS({maxAliasCount: MAX_ALIASES})
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw invalidDefinition(named, [faultAt(undefined, [], `has aliases that stand for more than ${MAX_ALIASES} copies`)])
  }
}

function faultOf({code, pos}: YAMLError, lines: LineCounter): Fault {
  const {col, line} = lines.linePos(pos[0])
  return faultAt(undefined, [], `is not YAML: ${WORDS[code] ?? `${code} is wrong`} at line ${line}, column ${col}`)
}
