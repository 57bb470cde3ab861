// Reads a task definition as people bring it: as AWS's console, command-line tool and guide write it, in JSON or YAML. Every fault is told at once.
import {parseJson} from '../parse-json.js'
import type {Tag, TaskDefinitionDocument} from '../task-definition.js'
import {asDocument, findings} from './check.js'
import {asRegistered} from './described.js'
import type {Draft} from './draft.js'
import {type Fault, faultAt, invalidDefinition, type Path, pathText} from './fault.js'
import {type DefinitionNote, definitionNotes} from './notes.js'
import {expressionRules, tagRules} from './rules/task.js'
import {shaped} from './shape-faults.js'
import {withPlainSizes} from './sizes.js'

/** Eight times what a definition may have: white space and comments are not counted there. */
const MAX_TEXT_LENGTH = 524_288

export interface ParsedDefinition {
  readonly document: TaskDefinitionDocument
  readonly tags: readonly Tag[]
  /** First what was left out of the text, then what means something else at home. */
  readonly notes: readonly DefinitionNote[]
}

export interface ParseOptions {
  /** `auto`: by the ending of `named`, else JSON when it begins with a brace. */
  readonly format: 'json' | 'yaml' | 'auto'
  /** The file, for messages. */
  readonly named: string
  /** What is wrong with an expression of the cluster query language, which another room reads; `undefined` where nothing is. Absent, none is read. */
  readonly faultOfExpression?: FaultOfExpression
}

type FaultOfExpression = (expression: string) => string | undefined

/**
 * The definition in the text. Throws `ClientException` whose message has a line for each fault and whose `result` is `{faults}`; the value of a variable or
 * a secret is in neither. Loads the YAML library only when it is YAML.
 */
export async function parseDefinition(text: string, {faultOfExpression, format, named}: ParseOptions): Promise<ParsedDefinition> {
  if (text.length > MAX_TEXT_LENGTH)
    throw invalidDefinition(named, [
      faultAt(undefined, [], `is ${text.length} characters long; no definition is longer than ${MAX_TEXT_LENGTH}`),
    ])
  if (!isYaml(text, format, named)) return checkDefinition(parseJson(text, named), named, faultOfExpression)
  const {parseYaml} = await import('../parse-yaml.js')
  return checkDefinition(parseYaml(text, named), named, faultOfExpression)
}

function isYaml(text: string, format: ParseOptions['format'], named: string): boolean {
  if (format !== 'auto') return format === 'yaml'
  const ending = /\.(json|ya?ml)$/i.exec(named)?.[1]
  return ending === undefined ? !/^\ufeff?\s*[{[]/.test(text) : ending.toLowerCase() !== 'json'
}

/** The definition in a value that was read already. Throws as `parseDefinition`. */
export function checkDefinition(value: unknown, named: string, faultOfExpression: FaultOfExpression = () => undefined): ParsedDefinition {
  const {at, faults: wrapping, notes, raw} = asRegistered(value)
  const {draft, faults: shape} = shaped(raw)
  const {tags, ...document} = {...withPlainSizes(draft), tags: draft.tags}
  const found = [...findings(document), ...tagRules(tags), ...expressionRules(document, faultOfExpression)]
    .filter(({path}) => !isUnder(path, shape))
    .map(({path, rule}) => faultAt(raw, path, rule))
  const faults = [...wrapping, ...[...shape, ...found].map((fault) => standingAt(at, fault))]
  if (faults.length > 0) throw invalidDefinition(named, faults)
  const whole = asDocument(document)
  return {document: whole, tags: asTags(tags), notes: [...notes, ...definitionNotes(whole)]}
}

/** What follows from a fault of the schema is no fault of its own. */
function isUnder(path: Path, faults: readonly Fault[]): boolean {
  const places = path.map((_, index) => pathText(path.slice(0, index + 1)))
  return faults.some((fault) => places.includes(fault.path))
}

function standingAt(at: Path, fault: Fault): Fault {
  const path = [pathText(at), fault.path].filter(Boolean).join('.')
  return {...fault, path}
}

function asTags(tags: Draft<readonly Tag[]> | undefined): readonly Tag[] {
  return (tags ?? []).map((tag) => ({key: tag?.key ?? '', value: tag?.value ?? ''}))
}
