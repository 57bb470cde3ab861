import {expect} from 'chai'
import {startTimeOf} from './process-identity.js'

const REST = 'S 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 7 0 987654 1000 200'

describe('startTimeOf', () => {
  it('reads field 22', () => {
    expect(startTimeOf(`42 (node) ${REST}`)).to.equal('987654')
  })

  it('is not misled by a program whose name holds parentheses and spaces', () => {
    expect(startTimeOf(`42 (a) Z 1 (b c) ${REST}`)).to.equal('987654')
  })

  it('takes a zombie for ended', () => {
    expect(startTimeOf(`42 (node) ${REST.replace(/^S/, 'Z')}`)).to.equal(undefined)
  })
})
