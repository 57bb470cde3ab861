// Expressions read, and refused with the column at which they go wrong.
import {InvalidInputError} from '../../errors.js'
import {quoted} from '../../model/names.js'
import {parsePattern, PatternError} from './pattern.js'
import type {Clause, Expression, Operator, Subject} from './expression.js'
import {clausesOf} from './expression.js'
import {parse, SyntaxError as QuerySyntaxError} from './parser.js'
import {parseMoment, parseVersion} from './values.js'

/** ECS takes no longer ones. */
export const MAX_EXPRESSION_LENGTH = 2000

const EQUALITY: readonly Operator[] = ['==', '!=', 'in', '!in', '=~', '!~']
const ORDER: readonly Operator[] = ['==', '!=', '>', '>=', '<', '<=']

/** The operators that ECS lists for each subject; an attribute takes all. */
const OPERATORS: Readonly<Record<Exclude<Subject['kind'], 'attribute'>, readonly Operator[]>> = {
  'task:group': EQUALITY,
  ec2InstanceId: EQUALITY,
  agentConnected: EQUALITY,
  agentVersion: ORDER,
  registeredAt: ORDER,
  runningTasksCount: ORDER,
}

/** What is wrong with an expression, as a phrase: `is wrong at column 16: ...`; `undefined` where nothing is. */
export function faultOfExpression(text: string): string | undefined {
  const read = readExpression(text)
  return 'fault' in read ? `is wrong at column ${read.column}: ${read.fault}` : undefined
}

/**
 * The expression. Throws ECS's `InvalidParameterException`, which names the column, what stands there and what was expected: also of an operator that its
 * subject does not take, of a value that is none of its kind, and of a pattern that RE2 does not know.
 */
export function parseExpression(text: string): Expression {
  const read = readExpression(text)
  if (!('fault' in read)) return read
  const shown = text.length > MAX_EXPRESSION_LENGTH ? `${text.slice(0, 40)}...` : text
  throw new InvalidInputError(
    'InvalidParameterException',
    `Expression ${quoted(shown)} is wrong at column ${read.column}: ${read.fault}.`,
    {
      suggestions: ["berth instance list --filter 'attribute:disk == ssd'"],
    },
  )
}

interface Fault {
  readonly column: number
  readonly fault: string
}

function readExpression(text: string): Expression | Fault {
  if (text.trim() === '') return {column: 1, fault: 'it is empty'}
  if (text.length > MAX_EXPRESSION_LENGTH)
    return {column: MAX_EXPRESSION_LENGTH + 1, fault: `it has ${text.length} characters, and ${MAX_EXPRESSION_LENGTH} are allowed`}
  try {
    const expression = parse(text)
    const [faulty] = clausesOf(expression).flatMap((clause) => {
      const fault = faultOf(clause)
      return fault === undefined ? [] : {column: clause.column, fault}
    })
    return faulty ?? expression
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error
    const found = error.found === null ? 'it ends' : `${quoted(error.found)} stands`
    return {column: error.location.start.column, fault: `${found} where ${listed(expectedBy(error))} was expected`}
  }
}

function expectedBy({expected}: QuerySyntaxError): readonly string[] {
  const named = expected.map(({description, text, type}) => description ?? (type === 'end' ? 'its end' : `"${text}"`))
  return [...new Set(named)].sort((a, b) => (a < b ? -1 : 1))
}

function listed(words: readonly string[]): string {
  const [last = '', ...others] = [...words].reverse()
  return others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`
}

/** Why the clause cannot be asked of an instance. */
function faultOf({operator, subject, text, values}: Clause): string | undefined {
  if (subject.kind !== 'attribute' && !OPERATORS[subject.kind].includes(operator))
    return `${quoted(text)} compares by ${operator}, and ${subject.kind} takes ${OPERATORS[subject.kind].join(', ')}`
  if (operator === '=~' || operator === '!~') return patternFault(values[0] ?? '')
  const wrong = values.find((value) => !isOfKind(subject, value))
  return wrong === undefined ? undefined : `${quoted(wrong)} is not ${KINDS[subject.kind]}`
}

function patternFault(pattern: string): string | undefined {
  try {
    parsePattern(pattern)
    return undefined
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return `${quoted(pattern)} is no pattern: ${error.message}`
  }
}

const KINDS: Readonly<Record<Subject['kind'], string>> = {
  attribute: 'a text',
  'task:group': 'a text',
  ec2InstanceId: 'a text',
  agentConnected: 'true or false',
  agentVersion: 'a version such as 1.14.5',
  registeredAt: 'a time such as 2018-06-18T22:28:28Z or 2018-06-18',
  runningTasksCount: 'a whole number',
}

function isOfKind({kind}: Subject, value: string): boolean {
  switch (kind) {
    case 'agentConnected':
      return value === 'true' || value === 'false'
    case 'agentVersion':
      return parseVersion(value) !== undefined
    case 'registeredAt':
      return parseMoment(value) !== undefined
    case 'runningTasksCount':
      return /^\d{1,15}$/.test(value)
    default:
      return true
  }
}
