// JMESPath, as `--query` of the aws command line.
import {InvalidInputError} from '../errors.js'
import {quoted} from '../model/names.js'

const SYNTAX_ERRORS = ['LexerError', 'ParserError', 'Parsererror']

/** Returns what picks `expression` out of a JSON value. Throws `InvalidQuery`: here when it cannot be read, there when it does not fit the value. */
export async function compileQuery(expression: string): Promise<(value: unknown) => unknown> {
  const {default: jmespath} = await import('jmespath')
  try {
    jmespath.search(null, expression)
  } catch (error) {
    // Functions may refuse the null that stands in for the answer; only the syntax is judged before there is one.
    if (error instanceof Error && SYNTAX_ERRORS.includes(error.name)) throw invalidQuery(expression, error)
  }
  return (value) => {
    try {
      // Through JSON text: the expression sees what `--json` prints, dates as text and no undefined.
      return jmespath.search(JSON.parse(JSON.stringify(value)), expression)
    } catch (error) {
      throw invalidQuery(expression, error)
    }
  }
}

function invalidQuery(expression: string, error: unknown): InvalidInputError {
  const reason = error instanceof Error ? error.message : String(error)
  return new InvalidInputError('InvalidQuery', `${quoted(expression)} is not a JMESPath expression that fits the answer: ${reason}.`, {
    cause: error,
    suggestions: ["berth task list --query 'tasks[].taskArn'"],
  })
}
