// What a task definition is refused for.
import {expect} from 'chai'
import {InvalidInputError} from '../../src/errors.js'
import type {Fault} from '../../src/model/definition/fault.js'

/** The faults that `check` throws, after it is seen that its error has the form that every such error has. */
export function faultsOf(check: () => unknown): readonly Fault[] {
  return faultsIn(thrownBy(check))
}

/** The faults of the error that a definition was refused with. */
export function faultsIn(error: unknown): readonly Fault[] {
  // By its name: what a file that is loaded on first use throws has, in a test, a class of its own.
  if (!(error instanceof Error) || error.name !== InvalidInputError.name) throw error ?? new Error('It was not refused.')
  return checked(error as InvalidInputError)
}

function checked(error: InvalidInputError): readonly Fault[] {
  const {faults} = error.result as {readonly faults: readonly Fault[]}
  const [first, ...lines] = error.message.split('\n')
  expect(error.code).to.equal('ClientException')
  expect(first).to.match(/^The task definition in ".*" has (a fault|\d+ faults):$/)
  expect(lines, 'a line each').to.have.lengthOf(Math.min(faults.length, 101))
  expect(error.message).to.match(/^[^\p{Cf}\0-\x09\x0b-\x1f]*$/u)
  expect(error.suggestions).to.not.be.empty
  return faults
}

function thrownBy(check: () => unknown): unknown {
  try {
    check()
  } catch (error) {
    return error
  }
  return undefined
}
