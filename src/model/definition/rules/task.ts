// Rules on the task as a whole: its containers, what it is placed by, its tags, its length.
import {type Draft, type DraftDocument, type Finding, items, repeated} from '../draft.js'
import type {Tag} from '../../task-definition.js'

const MAX_CONTAINERS = 10
const MAX_CONSTRAINTS = 10
const MAX_EXPRESSION_LENGTH = 2000
const MAX_TAGS = 50
const MAX_BYTES = 65_536

export function* containerRules(document: DraftDocument): Iterable<Finding> {
  const path = ['containerDefinitions']
  const containers = document.containerDefinitions
  if (!containers) return
  if (containers.length === 0) yield {path, rule: 'Container definitions should not be empty'}
  if (containers.length > MAX_CONTAINERS) yield {path, rule: `has ${containers.length} containers; a task has at most ${MAX_CONTAINERS}`}
  if (containers.length > 0 && containers.every((container) => container?.essential === false))
    yield {path, rule: 'needs at least one essential container: every one of them says "essential": false'}
  for (const index of repeated(containers.map((container) => container?.name)))
    yield {path: [...path, index, 'name'], rule: 'is the name of another container of the task already'}
}

export function* placementRules(document: DraftDocument): Iterable<Finding> {
  const path = ['placementConstraints']
  const constraints = document.placementConstraints ?? []
  if (constraints.length > MAX_CONSTRAINTS)
    yield {path, rule: `has ${constraints.length} constraints; a task has at most ${MAX_CONSTRAINTS}`}
  for (const [index, {expression, type}] of items(constraints)) {
    if (type === undefined) continue
    const at = [...path, index, 'expression']
    if (!expression) yield {path: at, rule: 'is required: a constraint memberOf says which instances may run the task'}
    else if (expression.length > MAX_EXPRESSION_LENGTH)
      yield {path: at, rule: `is ${expression.length} characters long; an expression has at most ${MAX_EXPRESSION_LENGTH}`}
  }
}

export function* expressionRules(document: DraftDocument, faultOf: (expression: string) => string | undefined): Iterable<Finding> {
  for (const [index, {expression}] of items(document.placementConstraints ?? [])) {
    const fault = expression && expression.length <= MAX_EXPRESSION_LENGTH ? faultOf(expression) : undefined
    if (fault !== undefined) yield {path: ['placementConstraints', index, 'expression'], rule: fault}
  }
}

export function* tagRules(tags: Draft<readonly Tag[]> | undefined): Iterable<Finding> {
  const path = ['tags']
  if (tags?.length === 0) yield {path, rule: 'Tags can not be empty; leave the field out'}
  if (tags && tags.length > MAX_TAGS) yield {path, rule: `has ${tags.length} tags; a task definition has at most ${MAX_TAGS}`}
  for (const [index, {key = ''}] of items(tags))
    if (/^aws:/i.test(key)) yield {path: [...path, index, 'key'], rule: 'begins with aws:, which AWS keeps for itself'}
  for (const index of repeated((tags ?? []).map((tag) => tag?.key)))
    yield {path: [...path, index, 'key'], rule: 'is the key of another tag already'}
}

/** ECS counts the bytes of the JSON without white space. */
export function* lengthRules(document: DraftDocument): Iterable<Finding> {
  const length = new TextEncoder().encode(JSON.stringify(document)).length
  if (length > MAX_BYTES) yield {path: [], rule: `Actual length: '${length}'. Max allowed length is '${MAX_BYTES}' bytes`}
}
