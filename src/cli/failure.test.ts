import {Errors} from '@oclif/core'
import {expect} from 'chai'
import {paintFor} from '../console/colours.js'
import {EngineError, InvalidInputError, NotFoundError} from '../errors.js'
import {asFailure, failureJson, failureText} from './failure.js'

const PLAIN = paintFor({})

describe('asFailure', () => {
  it('keeps code, exit code, suggestions and result of a known error, twice where oclif reads them', () => {
    const failure = asFailure(new EngineError('PortTaken', 'Port 80 is taken.', {result: {tasks: []}, suggestions: ['berth task list']}))

    expect(failure.oclif.exit).to.equal(7)
    expect(failure.exitCode).to.equal(7)
    expect(failureJson(failure)).to.deep.equal({
      error: {code: 'PortTaken', exitCode: 7, message: 'Port 80 is taken.', suggestions: ['berth task list']},
      tasks: [],
    })
  })

  it("makes oclif's own errors wrong usage of the command, with its help as suggestion", () => {
    const failure = asFailure(new Errors.CLIError('Nonexistent flag: --foo\nSee more help with --help'), 'task run')

    expect(failureJson(failure)).to.deep.equal({
      error: {code: 'InvalidUsage', exitCode: 2, message: 'Nonexistent flag: --foo.', suggestions: ['berth task run --help']},
    })
  })

  it('takes back what oclif wrote into the message of an error about a flag', () => {
    const error = new InvalidInputError('InvalidSize', 'Parsing --memory \n\t"x" is not a size.\nSee more help with --help')

    expect(asFailure(error).message).to.equal('"x" is not a size.')
  })

  it('calls every other error a fault in Berth', () => {
    const failure = asFailure(new TypeError('undefined is no function'))

    expect(failure.exitCode).to.equal(1)
    expect(failureText(failure, false, PLAIN))
      .to.include('berth: undefined is no function\n')
      .and.include('DEBUG=berth')
  })
})

describe('failureText', () => {
  it('says the sentence first, then what helps, and no stack', () => {
    const failure = asFailure(new NotFoundError('TaskNotFound', 'Task "x" does not exist.', {suggestions: ['berth task list']}))

    expect(failureText(failure, false, PLAIN)).to.equal('berth: Task "x" does not exist.\n  try: berth task list')
  })

  it('shows the stacks of the error and its causes under DEBUG', () => {
    const failure = asFailure(new EngineError('PortTaken', 'Port 80 is taken.', {cause: new Error('the cause')}))

    expect(failureText(failure, true, PLAIN)).to.match(/EngineError: Port 80.*Error: the cause/s)
  })
})
