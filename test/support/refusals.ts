// The shape in which every refusal of a bad input must come.
import {expect} from 'chai'
import {InvalidInputError, KnownError} from '../../src/errors.js'

/** `act` throws an `InvalidInputError` of this code whose message is one line of printable characters and holds `said`, and it suggests what helps. */
export function expectInvalid(act: () => unknown, code: string, said = ''): void {
  const error = thrownBy(act)
  expect(error, 'the error').to.be.instanceOf(InvalidInputError)
  if (!(error instanceof KnownError)) return
  expect(error.code).to.equal(code)
  expect(error.message).to.include(said)
  expect(error.suggestions, 'what helps').not.to.be.empty
  expect(error.message, 'no control characters reach the terminal').to.match(/^[^\p{Cc}\p{Cf}]+[.?]$/u)
}

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
