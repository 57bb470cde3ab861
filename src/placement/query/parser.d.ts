// What `npm run build` makes of query.peggy.
import type {Expression} from './expression.js'

/** Where an expression is no expression, and what would have been one. */
declare class QuerySyntaxError extends Error {
  readonly location: {readonly start: {readonly column: number}}
  readonly found: string | null
  readonly expected: readonly {readonly type: string; readonly description?: string; readonly text?: string}[]
}
export {QuerySyntaxError as SyntaxError}

/** Throws `SyntaxError`. */
export function parse(text: string): Expression
