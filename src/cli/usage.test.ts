import {Errors} from '@oclif/core'
import {expect} from 'chai'
import {usageFault} from './usage.js'

describe('usageFault', () => {
  it('names a flag that does not exist, and the nearest one of the command', () => {
    const error = Object.assign(new Errors.CLIError('Nonexistent flag: --jsn'), {
      flags: ['--jsn'],
      parse: {input: {flags: {json: {}, quiet: {}}}},
    })

    expect(usageFault(error, 'cluster list')).to.deep.equal({
      message: '"berth cluster list" has no flag "--jsn".',
      suggestions: ['berth cluster list --json', 'berth cluster list --help'],
    })
  })

  it('says what a missing argument is', () => {
    const args = [{description: 'Name of the cluster.', name: 'cluster'}]

    expect(usageFault(Object.assign(new Errors.CLIError('Missing 1 required arg:\ncluster'), {args}), 'cluster use').message).to.equal(
      '"berth cluster use" needs CLUSTER: Name of the cluster.',
    )
  })

  it('quotes a word too many', () => {
    const error = Object.assign(new Errors.CLIError('Unexpected argument: x'), {args: ['\u001b[31mx']})

    expect(usageFault(error, 'cluster list').message).to.equal('"berth cluster list" does not take the word "\\u001b[31mx".')
  })

  for (const [text, message] of [
    [
      'Parsing --count \n\tExpected an integer but received: x\nSee more help with --help',
      'Flag --count does not fit: expected an integer but received: x.',
    ],
    [
      'The following error occurred:\n  \u001b[2m--a and --b exclude each other\u001b[22m\nSee more help with --help',
      '--a and --b exclude each other.',
    ],
    ['Expected --status=\u001b[31m to be one of: ACTIVE', 'Expected --status=\\u001b[31m to be one of: ACTIVE.'],
  ] as const)
    it(`makes one sentence, safe on a terminal, of ${JSON.stringify(text)}`, () => {
      expect(usageFault(new Errors.CLIError(text), undefined)).to.deep.equal({message, suggestions: ['berth --help']})
    })
})
