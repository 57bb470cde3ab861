// YAML 1.2 with its core schema, for documents that are JSON in another notation. As with JSON nothing of the text is told: the library's own
// messages may quote it.
import {type Document, LineCounter, parseDocument, stringify, visit} from 'yaml'
import {type Fault, faultAt, invalidDefinition} from './definition/fault.js'

/** A few lines can name each other so often that the document they stand for fills the memory. */
const MAX_ALIASES = 100

const WORDS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias has no anchor before it',
  BAD_INDENT: 'the indentation does not fit what stands above, or a closing bracket is missing',
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
  const places = [...document.errors, ...document.warnings].map(({code, pos}) => ({code, at: pos[0]}))
  const faults = [...places, ...brokenAliases(document)].map(({at, code}) => faultOf(code, lineCounter.linePos(at)))
  if (faults.length > 0) throw invalidDefinition(named, faults)
  try {
    return document.toJS({maxAliasCount: MAX_ALIASES})
  } catch (error) {
    // The library has no other error for it, once every alias has its anchor.
    if (!(error instanceof ReferenceError)) throw error
    throw invalidDefinition(named, [faultAt(undefined, [], `has aliases that stand for more than ${MAX_ALIASES} copies`)])
  }
}

interface Place {
  readonly code: string
  readonly at: number
}

/** Aliases of an anchor that does not stand before them: the library sees them only when it makes values. */
function brokenAliases(document: Document.Parsed): readonly Place[] {
  const anchors = new Set<string>()
  const broken: Place[] = []
  visit(document, {
    Alias: (_, {range, source}) => {
      if (!anchors.has(source)) broken.push({code: 'BAD_ALIAS', at: range?.[0] ?? 0})
    },
    Node: (_, node) => {
      if ('anchor' in node && node.anchor) anchors.add(node.anchor)
    },
  })
  return broken
}

function faultOf(code: string, {col, line}: {readonly col: number; readonly line: number}): Fault {
  return faultAt(undefined, [], `is not YAML: ${WORDS[code] ?? `${code} is wrong`} at line ${line}, column ${col}`)
}

/** JSON as YAML of two spaces, every string that could be read as something else in quotes. */
export function yamlText(value: object): string {
  return stringify(value, {lineWidth: 0, schema: 'core', version: '1.2'}).trimEnd()
}
