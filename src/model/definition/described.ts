// A definition as AWS prints it is more than what may be registered: ECS's own fields stand in it, and `describe-task-definition` wraps it.
import {type Fault, faultAt, type Path} from './fault.js'
import type {DefinitionNote} from './notes.js'

/** What ECS writes itself (API reference of TaskDefinition, read 2026-11-26). */
export const READ_ONLY = [
  ...['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities', 'registeredAt', 'registeredBy', 'deregisteredAt'],
  'deleteRequestedAt',
]

/** The wrapper's own fields; the last is what AWS's libraries add. */
const WRAPPER = ['taskDefinition', 'tags', 'ResponseMetadata']

export interface Described {
  /** What is left to be registered. */
  readonly raw: unknown
  /** Where it stands in the text. */
  readonly at: Path
  readonly faults: readonly Fault[]
  /** One for every field left out. */
  readonly notes: readonly DefinitionNote[]
}

/** The definition in `value` without the fields that are not registered. */
export function asRegistered(value: unknown): Described {
  if (!isObject(value)) return {raw: value, at: [], faults: [], notes: []}
  const wrapped = value['taskDefinition']
  if (!isObject(wrapped)) return {...withoutReadOnly(value), at: [], faults: []}
  const unknown = Object.keys(value).filter((key) => !WRAPPER.includes(key))
  const faults = unknown.map((key) => faultAt(value, [key], 'is no field of what describe-task-definition prints', {kindOnly: true}))
  const {notes, raw} = withoutReadOnly(wrapped)
  return {raw: {...raw, ...tagsOf(value, true)}, at: ['taskDefinition'], faults, notes}
}

function withoutReadOnly(definition: Readonly<Record<string, unknown>>): {readonly raw: object; readonly notes: readonly DefinitionNote[]} {
  const left = Object.keys(definition).flatMap((path) => {
    const said = whyLeftOut(path, definition[path])
    return said === undefined ? [] : [{path, said}]
  })
  const isDescription = Object.keys(definition).some((key) => READ_ONLY.includes(key))
  const {tags: _, ...kept} = Object.fromEntries(Object.entries(definition).filter(([key]) => left.every(({path}) => path !== key)))
  return {raw: {...kept, ...tagsOf(definition, isDescription)}, notes: left}
}

function whyLeftOut(field: string, value: unknown): string | undefined {
  if (READ_ONLY.includes(field)) return 'Left out: ECS writes it itself, and a new revision gets its own.'
  if (field === 'inferenceAccelerators' && value) return 'Left out: AWS ended Elastic Inference in 2023.'
  if (field === 'networkMode' && /^(default|<default>)$/.test(String(value))) return "Left out: the engine's default network is bridge."
  return undefined
}

/** A description has an empty list where there are no tags; a request may not. */
function tagsOf({tags}: Readonly<Record<string, unknown>>, isDescription: boolean): object {
  return tags === undefined || (isDescription && Array.isArray(tags) && tags.length === 0) ? {} : {tags}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
