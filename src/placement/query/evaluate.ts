// An expression asked of an instance.
import type {Attributes} from '../../model/attributes.js'
import type {Instant} from '../../model/time.js'
import type {Clause, Expression, Operator} from './expression.js'
import {parsePattern} from './pattern.js'
import {compareVersions, parseMoment, parseVersion} from './values.js'

/** What an expression can ask of an instance. */
export interface Queried {
  readonly attributes: Attributes
  readonly ec2InstanceId: string
  readonly agentConnected: boolean
  /** Absent while no agent runs there. */
  readonly agentVersion?: string
  readonly registeredAt: Instant
  readonly runningTasksCount: number
  /** How many unstopped tasks of each group it has, PENDING ones too. */
  readonly tasksInGroup: ReadonlyMap<string, number>
}

export type Predicate = (queried: Queried) => boolean

/**
 * The expression as a question, made once and asked often.
 * - An attribute that is absent meets no comparison, also not `!=`, `!in` and `!~`: ECS's guide shows as the result of `attribute:stack != prod` the instances
 *   with another stack. One without a value is the empty text.
 * - `task:group` holds of the groups of all tasks there: `==`, `in` and `=~` of any of them, `!=`, `!in` and `!~` where no group is such a one.
 * - `>` and its kin compare numbers where both sides are numbers, else texts by their UTF-16 code units.
 * - A version compares by its numbers; where there is none, nothing holds of it.
 */
export function predicateOf(expression: Expression): Predicate {
  switch (expression.kind) {
    case 'clause':
      return clausePredicate(expression)
    case 'not': {
      const operand = predicateOf(expression.operand)
      return (queried) => !operand(queried)
    }
    case 'and': {
      const operands = expression.operands.map(predicateOf)
      return (queried) => operands.every((operand) => operand(queried))
    }
    case 'or': {
      const operands = expression.operands.map(predicateOf)
      return (queried) => operands.some((operand) => operand(queried))
    }
  }
}

function clausePredicate({operator, subject, values}: Clause): Predicate {
  switch (subject.kind) {
    case 'attribute': {
      const {name} = subject
      if (operator === 'exists') return ({attributes}) => Object.hasOwn(attributes, name)
      if (operator === '!exists') return ({attributes}) => !Object.hasOwn(attributes, name)
      const holds = textTest(operator, values)
      return ({attributes}) => Object.hasOwn(attributes, name) && holds(attributes[name] ?? '')
    }
    case 'ec2InstanceId': {
      const holds = textTest(operator, values)
      return ({ec2InstanceId}) => holds(ec2InstanceId)
    }
    case 'agentConnected': {
      const holds = textTest(operator, values)
      return ({agentConnected}) => holds(String(agentConnected))
    }
    case 'task:group':
      return groupTest(operator, values)
    case 'agentVersion': {
      const than = parseVersion(values[0] ?? '') ?? []
      return ({agentVersion}) => {
        const version = agentVersion === undefined ? undefined : parseVersion(agentVersion)
        return version !== undefined && isOrdered(operator, compareVersions(version, than))
      }
    }
    case 'registeredAt': {
      const than = parseMoment(values[0] ?? '') ?? Number.NaN
      return ({registeredAt}) => isOrdered(operator, registeredAt - than)
    }
    case 'runningTasksCount': {
      const than = Number(values[0])
      return ({runningTasksCount}) => isOrdered(operator, runningTasksCount - than)
    }
  }
}

const AFFIRMED: Partial<Record<Operator, Operator>> = {'!=': '==', '!in': 'in', '!~': '=~'}

function groupTest(operator: Operator, values: readonly string[]): Predicate {
  const affirmed = AFFIRMED[operator]
  const holds = textTest(affirmed ?? operator, values)
  return ({tasksInGroup}) => [...tasksInGroup.keys()].some(holds) !== (affirmed !== undefined)
}

function textTest(operator: Operator, values: readonly string[]): (text: string) => boolean {
  const [value = ''] = values
  switch (operator) {
    case '==':
    case 'in':
      return (text) => values.includes(text)
    case '!=':
    case '!in':
      return (text) => !values.includes(text)
    case '=~':
      return parsePattern(value)
    case '!~': {
      const matches = parsePattern(value)
      return (text) => !matches(text)
    }
    default:
      return (text) => isOrdered(operator, compareTexts(text, value))
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function compareTexts(a: string, b: string): number {
  if (NUMBER.test(a) && NUMBER.test(b)) return Number(a) - Number(b)
  return a < b ? -1 : a > b ? 1 : 0
}

function isOrdered(operator: Operator, difference: number): boolean {
  switch (operator) {
    case '==':
      return difference === 0
    case '!=':
      return difference !== 0
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    default:
      throw new Error(`${operator} orders nothing.`)
  }
}
