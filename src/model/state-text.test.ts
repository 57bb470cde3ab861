import {expect} from 'chai'
import {readFileSync} from 'node:fs'
import {aState} from '../../test/support/build.js'
import {expectInvalid} from '../../test/support/refusals.js'
import {STATE_VERSION} from './state.js'
import {parseState} from './state-text.js'

describe('parseState', () => {
  it('reads what was printed', () => {
    expect(parseState(JSON.stringify(aState()), 'x')).to.deep.equal(aState())
  })

  for (const [version, revision] of [
    [1, 5],
    [2, 6],
  ])
    it(`reads a state of version ${version}`, () => {
      const text = readFileSync(new URL(`../../test/data/states/v${version}.state`, import.meta.url), 'utf8')

      expect(parseState(text, 'x')).to.deep.include({version: STATE_VERSION, revision, ignoredDrift: {}})
    })

  for (const [text, said] of [
    ['{', 'is no JSON'],
    ['[]', 'is no object'],
    ['{"version":9}', 'is of version 9, and this Berth knows versions up to 4'],
    ['{"version":2}', 'has no lineage or revision'],
    ['{"version":2,"lineage":"a","revision":1,"clusters":{}}', 'has no instances'],
  ] as const)
    it(`refuses what ${said}`, () => expectInvalid(() => parseState(text, 'x'), 'InvalidState', said))
})
