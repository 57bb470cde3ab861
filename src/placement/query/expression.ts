// An expression of the cluster query language, as it was written.

/** What of an instance a clause asks for. */
export type Subject =
  | {readonly kind: 'attribute'; readonly name: string}
  | {readonly kind: 'task:group' | 'ec2InstanceId' | 'agentConnected' | 'agentVersion' | 'registeredAt' | 'runningTasksCount'}

/** By its sign; word aliases are the same operator. */
export type Operator = '==' | '!=' | '>' | '>=' | '<' | '<=' | 'in' | '!in' | '=~' | '!~' | 'exists' | '!exists'

export interface Clause {
  readonly kind: 'clause'
  readonly subject: Subject
  readonly operator: Operator
  /** One, of `in` and `!in` one or more, of `exists` and `!exists` none. */
  readonly values: readonly string[]
  /** As it stands in the expression. */
  readonly text: string
  /** Where it stands there, counted from 1. */
  readonly column: number
}

export type Expression =
  | Clause
  | {readonly kind: 'and' | 'or'; readonly operands: readonly Expression[]; readonly text: string}
  | {readonly kind: 'not'; readonly operand: Expression; readonly text: string}

/** The clauses in the order in which they were written. */
export function clausesOf(expression: Expression): readonly Clause[] {
  switch (expression.kind) {
    case 'clause':
      return [expression]
    case 'not':
      return clausesOf(expression.operand)
    case 'and':
    case 'or':
      return expression.operands.flatMap(clausesOf)
  }
}
