// What the schema says of a text that was read: every fault of a single field, and a draft of all else for the rules that look further.
import type {z} from 'zod'
import type {Tag, TaskDefinitionDocument} from '../task-definition.js'
import type {Draft} from './draft.js'
import {type Fault, faultAt, type Path, pathText} from './fault.js'
import {nearest} from './nearest.js'
import {fieldsAt, TASK_DEFINITION} from './schema.js'

type Issue = z.core.$ZodIssue

/** Empty lists that mean something: every other is what the console writes for nothing. */
const MEANT_EMPTY = /^(containerDefinitions|tags|containerDefinitions\[\d+\]\.healthCheck\.command)$/

/** A folder without a path is one that the engine chooses: the console writes it so. */
const MEANT_ABSENT = /^volumes\[\d+\]\.host\.sourcePath$/

export interface Shaped {
  readonly faults: readonly Fault[]
  /** What stands in a place of its own and has the right type; nothing that is null, nor an empty list that means nothing. */
  readonly draft: Draft<TaskDefinitionDocument & {readonly tags: readonly Tag[]}>
}

/** `raw` held against the schema. */
export function shaped(raw: unknown): Shaped {
  const issues = TASK_DEFINITION.safeParse(raw).error?.issues ?? []
  const taken = new Set(issues.flatMap(takenBy))
  return {faults: issues.flatMap((issue) => faultsOf(raw, issue)), draft: (kept(raw, [], taken) ?? {}) as Shaped['draft']}
}

function faultsOf(raw: unknown, issue: Issue): readonly Fault[] {
  const path = issue.path as Path
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => faultAt(raw, [...path, key], unknownField(key, fieldsAt(path)), {kindOnly: true}))
  const code = issue.code === 'custom' ? (issue.params?.['code'] as string | undefined) : undefined
  const isContainer = issue.code === 'invalid_type' && ['object', 'array', 'record'].includes(issue.expected)
  return [faultAt(raw, path, issue.message, {...(code === undefined ? {} : {code}), kindOnly: isContainer})]
}

function unknownField(key: string, known: readonly string[]): string {
  const meant = nearest(key, known)
  return `is no field of ECS here${meant === undefined ? '' : `; the nearest is ${meant}`}`
}

/** The places whose value is of no use to a rule: of another type, of no field, or of a field that is refused whole. Values out of range stay. */
function takenBy(issue: Issue): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => pathText([...(issue.path as Path), key]))
  const hasType = issue.code === 'too_small' || issue.code === 'too_big' || issue.code === 'invalid_format'
  return hasType ? [] : [pathText(issue.path as Path)]
}

/** `value` without the places taken; a list keeps its indexes. */
function kept(value: unknown, path: Path, taken: ReadonlySet<string>): unknown {
  if (value === null || taken.has(pathText(path)) || (value === '' && MEANT_ABSENT.test(pathText(path)))) return undefined
  if (Array.isArray(value)) {
    if (value.length === 0 && !MEANT_EMPTY.test(pathText(path))) return undefined
    return value.map((item: unknown, index) => kept(item, [...path, index], taken))
  }
  if (typeof value !== 'object') return value
  const fields = Object.entries(value).map(([key, field]) => [key, kept(field, [...path, key], taken)] as const)
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined))
}
