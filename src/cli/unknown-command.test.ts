import {expect} from 'chai'
import {unknownCommand} from './unknown-command.js'

describe('unknownCommand', () => {
  const ids = ['cluster:create', 'cluster:list', 'help', 'task:list', 'task:run']
  const cases: readonly (readonly [typed: string, suggestion: string])[] = [
    ['clutser list', 'berth cluster list'],
    ['cluster lits', 'berth cluster list'],
    ['task rum --image x', 'berth task run'],
    ['tsak frobnicate', 'berth task --help'],
    ['hepl', 'berth help'],
    ['frobnicate', 'berth --help'],
    ['-x', 'berth --help'],
  ]

  for (const [typed, suggestion] of cases) {
    it(`suggests "${suggestion}" for "${typed}"`, () => {
      const error = unknownCommand(typed.split(' '), ids)

      expect(error.suggestions).to.deep.equal([suggestion])
      expect(error.exitCode).to.equal(2)
    })
  }
})
