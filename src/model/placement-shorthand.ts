// Placement constraints as flags: a short form (`distinctInstance`) and AWS's own (`type=distinctInstance`).
// Limits: API reference of RunTask, read 2026-11-23.
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'
import type {PlacementConstraint} from './placement.js'

const MAX_CONSTRAINTS = 10
const MAX_EXPRESSION_LENGTH = 2000

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
  const {detail, type} = split(text)
  if (type === 'distinctInstance' && detail === undefined) return {type}
  if (type === 'distinctInstance') throw invalidConstraint(`Placement constraint ${quoted(text)} takes no expression.`)
  if (type !== 'memberOf') throw invalidConstraint(`${quoted(text)} is not a placement constraint: give distinctInstance.`)
  if (!detail || detail.length > MAX_EXPRESSION_LENGTH)
    throw invalidConstraint(`Placement constraint ${quoted(text)} needs an expression of 1 to ${MAX_EXPRESSION_LENGTH} characters.`)
  return {type, expression: detail}
}

/** The type and what belongs to it, in either form; AWS's form takes its two keys in either order, and quotes around the second value. */
function split(text: string): {readonly type: string; readonly detail?: string} {
  const long = /^type=([^,=]*)(?:,expression=(.*))?$/s.exec(text)
  if (long) return parts(long[1], long[2])
  const reversed = /^expression=(.*),type=([^,=]*)$/s.exec(text)
  if (reversed) return parts(reversed[2], reversed[1])
  const [, type, detail] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? []
  return parts(type, detail)
}

function parts(type: string | undefined, detail: string | undefined): {readonly type: string; readonly detail?: string} {
  const unquoted = /^(["'])(.*)\1$/s.exec(detail ?? '')?.[2] ?? detail
  return {type: type ?? '', ...(unquoted === undefined ? {} : {detail: unquoted})}
}

function invalidConstraint(message: string): InvalidInputError {
  return new InvalidInputError('InvalidConstraint', message, {
    suggestions: ['berth task run FAMILY --placement-constraint distinctInstance'],
  })
}
