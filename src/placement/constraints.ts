// Placement constraints as questions: made once a request, asked of each instance.
import {InvalidInputError} from '../errors.js'
import type {Check, ClauseCheck, PlacementConstraint} from '../model/placement.js'
import {instant} from '../model/time.js'
import type {Question} from './checks.js'
import type {Candidate} from './fleet.js'
import {predicateOf, type Queried} from './query/evaluate.js'
import {type Clause, clausesOf, type Expression} from './query/expression.js'
import {parseExpression} from './query/parse.js'

/** ECS takes at most so many, those of the task definition and those of the request together. */
const MAX_CONSTRAINTS = 10

export interface Constraints {
  /** In the order given. */
  readonly questions: readonly Question[]
  /** Those of the questions whose answers no task changes that is placed. */
  readonly lasting: readonly Question[]
  /** May the tasks that the request itself places change an answer? */
  readonly readsGroups: boolean
  /** At most one task of the group on an instance. */
  readonly isDistinct: boolean
}

/** Throws ECS's `InvalidParameterException` for more than ten, and for an expression that is none. */
export function constraintsOf(constraints: readonly PlacementConstraint[]): Constraints {
  if (constraints.length > MAX_CONSTRAINTS)
    throw new InvalidInputError(
      'InvalidParameterException',
      `A task takes at most ${MAX_CONSTRAINTS} placement constraints, those of its definition and of the request together; these are ${constraints.length}.`,
      {suggestions: ['berth task-definition describe FAMILY']},
    )
  const expressions = constraints.map((constraint) => (constraint.type === 'memberOf' ? parseExpression(constraint.expression) : undefined))
  const questions = constraints.map((constraint, index) => {
    const expression = expressions[index]
    return constraint.type === 'memberOf' && expression ? memberOf(constraint.expression, expression) : distinctInstance
  })
  return {
    questions,
    lasting: questions.filter((_, index) => expressions[index] && !readsGroups(expressions[index])),
    readsGroups: expressions.some((one) => one && readsGroups(one)),
    isDistinct: constraints.some(({type}) => type === 'distinctInstance'),
  }
}

function readsGroups(expression: Expression): boolean {
  return clausesOf(expression).some(({subject}) => subject.kind === 'task:group')
}

/** One task of a group on an instance, those that run already counted. */
const distinctInstance: Question = {
  isMet: ({group}, {tasksInGroup}) => !tasksInGroup.has(group),
  checks: ({group}, {tasksInGroup}) => {
    const count = tasksInGroup.get(group) ?? 0
    return [
      {
        what: 'distinctInstance',
        need: `no task of group ${group}`,
        have: `${count}`,
        isMet: count === 0,
        code: 'DistinctInstance placement constraint unsatisfied.',
        said: `holds a task of group ${group}, and distinctInstance allows one`,
      },
    ]
  },
}

function memberOf(text: string, expression: Expression): Question {
  const holds = predicateOf(expression)
  const clauses = clausesOf(expression).map((clause) => ({clause, holds: predicateOf(clause)}))
  const parts = (expression.kind === 'and' ? expression.operands : [expression]).map((part) => ({
    text: part.text,
    holds: predicateOf(part),
  }))
  const check = (queried: Queried): Check => {
    const asked = clauses.map(({clause, holds: one}) => ({text: clause.text, holds: one(queried), have: haveOf(clause, queried)}))
    return {
      what: 'memberOf',
      need: text,
      have: [...new Set(asked.map(({have}) => have))].join(', '),
      isMet: holds(queried),
      code: 'MemberOf placement constraint unsatisfied.',
      said: `does not meet ${text}: ${unmet(expression, asked)}`,
      clauses: asked,
      parts: parts.map((part) => ({text: part.text, holds: part.holds(queried)})),
    }
  }
  return {isMet: (_, candidate) => holds(queriedOf(candidate)), checks: (_, candidate) => [check(queriedOf(candidate))]}
}

/** What stands against it: of clauses that must all hold those that do not, else all that was asked. */
function unmet(expression: Expression, asked: readonly ClauseCheck[]): string {
  const isPlain = expression.kind === 'and' && expression.operands.every(({kind}) => kind === 'clause')
  const told = isPlain ? asked.filter(({holds}) => !holds) : asked
  return [...new Set(told.map(({have}) => have))].join(', ')
}

/** Whether a candidate meets the expression. Throws ECS's `InvalidParameterException`. */
export function expressionTest(text: string): (candidate: Candidate) => boolean {
  const holds = predicateOf(parseExpression(text))
  return (candidate) => holds(queriedOf(candidate))
}

/** The candidate as an expression sees it. */
export function queriedOf({attributes, instance, runningTasksCount, silence, tasksInGroup}: Candidate): Queried {
  return {
    attributes,
    ec2InstanceId: instance.name,
    agentConnected: silence === undefined,
    registeredAt: instant(instance.registeredAt),
    runningTasksCount,
    tasksInGroup,
  }
}

function haveOf({subject}: Clause, queried: Queried): string {
  switch (subject.kind) {
    case 'attribute': {
      const value = queried.attributes[subject.name]
      if (!Object.hasOwn(queried.attributes, subject.name)) return `there is no attribute ${subject.name}`
      return value === null || value === undefined ? `${subject.name} has no value` : `${subject.name} is ${value}`
    }
    case 'task:group': {
      const groups = [...queried.tasksInGroup.keys()].sort()
      return groups.length === 0 ? 'it holds no task' : `it holds tasks of ${groups.join(', ')}`
    }
    case 'registeredAt':
      return `registeredAt is ${new Date(queried.registeredAt).toISOString()}`
    case 'agentVersion':
      return queried.agentVersion === undefined ? 'it has no agent' : `agentVersion is ${queried.agentVersion}`
    default:
      return `${subject.kind} is ${queried[subject.kind]}`
  }
}
