// Placement constraints and strategies as flags: a short form (`distinctInstance`, `spread:attribute:zone`) and AWS's own (`type=spread,field=...`).
// Limits: API reference of RunTask, read 2026-11-23.
import {InvalidInputError} from '../errors.js'
import {isAttributeName} from './attributes.js'
import {quoted} from './names.js'
import type {PlacementConstraint, PlacementStrategy} from './placement.js'

const MAX_CONSTRAINTS = 10
const MAX_EXPRESSION_LENGTH = 2000
const MAX_STRATEGIES = 5
const MAX_FIELD_LENGTH = 255

/**
 * Reads `distinctInstance` or `memberOf:EXPRESSION`, or the same as `type=memberOf,expression=EXPRESSION`; the expression may hold commas and is not
 * parsed here. Throws `InvalidConstraint`, also over ten.
 */
export function parsePlacementConstraints(texts: readonly string[]): readonly PlacementConstraint[] {
  if (texts.length > MAX_CONSTRAINTS)
    throw invalidConstraint(`A task takes at most ${MAX_CONSTRAINTS} placement constraints; ${texts.length} were given.`)
  return texts.map(parseConstraint)
}

function parseConstraint(text: string): PlacementConstraint {
  const {detail, type} = split(text, 'expression')
  if (type === 'distinctInstance' && detail === undefined) return {type}
  if (type === 'distinctInstance') throw invalidConstraint(`Placement constraint ${quoted(text)} takes no expression.`)
  if (type !== 'memberOf')
    throw invalidConstraint(`${quoted(text)} is not a placement constraint: give distinctInstance, or memberOf:EXPRESSION.`)
  if (!detail || detail.length > MAX_EXPRESSION_LENGTH)
    throw invalidConstraint(`Placement constraint ${quoted(text)} needs an expression of 1 to ${MAX_EXPRESSION_LENGTH} characters.`)
  return {type, expression: detail}
}

/** Reads `random`, `binpack:memory`, `spread:instanceId`, `spread:attribute:NAME`, or the same as `type=spread,field=FIELD`. Throws `InvalidStrategy`, also over five. */
export function parsePlacementStrategies(texts: readonly string[]): readonly PlacementStrategy[] {
  if (texts.length > MAX_STRATEGIES)
    throw invalidStrategy(`A task takes at most ${MAX_STRATEGIES} placement strategies; ${texts.length} were given.`)
  return texts.map(parseStrategy)
}

function parseStrategy(text: string): PlacementStrategy {
  const {detail, type} = split(text, 'field')
  if (type === 'random' && detail === undefined) return {type}
  if (type === 'binpack' && (detail === 'cpu' || detail === 'memory')) return {type, field: detail}
  if (type === 'binpack') throw invalidStrategy(`Placement strategy ${quoted(text)} needs a field: binpack:cpu or binpack:memory.`)
  if (type !== 'spread') throw invalidStrategy(`${quoted(text)} is not a placement strategy: give random, binpack:FIELD or spread:FIELD.`)
  const isField = detail === 'instanceId' || detail === 'host' || (detail?.startsWith('attribute:') && isAttributeName(detail.slice(10)))
  if (detail && isField && detail.length <= MAX_FIELD_LENGTH) return {type, field: detail}
  throw invalidStrategy(`Placement strategy ${quoted(text)} needs a field: spread:instanceId or spread:attribute:NAME.`)
}

/** The type and what belongs to it, in either form; AWS's form takes its two keys in either order, and quotes around the second value. */
function split(text: string, key: 'expression' | 'field'): {readonly type: string; readonly detail?: string} {
  const long = new RegExp(`^type=([^,=]*)(?:,${key}=(.*))?$`, 's').exec(text)
  if (long) return parts(long[1], long[2])
  const reversed = new RegExp(`^${key}=(.*),type=([^,=]*)$`, 's').exec(text)
  if (reversed) return parts(reversed[2], reversed[1])
  const [, type, detail] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? []
  return parts(type, detail)
}

function parts(type: string | undefined, detail: string | undefined): {readonly type: string; readonly detail?: string} {
  const unquoted = /^(["'])(.*)\1$/s.exec(detail ?? '')?.[2] ?? detail
  return {type: type ?? '', ...(unquoted === undefined ? {} : {detail: unquoted})}
}

function invalidStrategy(message: string): InvalidInputError {
  return new InvalidInputError('InvalidStrategy', message, {
    suggestions: ['berth task run FAMILY --placement-strategy spread:attribute:ecs.availability-zone --placement-strategy binpack:memory'],
  })
}

function invalidConstraint(message: string): InvalidInputError {
  return new InvalidInputError('InvalidConstraint', message, {
    suggestions: ['berth task run FAMILY --placement-constraint distinctInstance'],
  })
}
