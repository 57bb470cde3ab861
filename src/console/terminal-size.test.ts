import {expect} from 'chai'
import {canRedraw} from './terminal-size.js'

describe('canRedraw', () => {
  it('is true on a terminal, also one that does not tell its width', () => {
    expect(canRedraw({columns: 80, isTTY: true})).to.equal(true)
    expect(canRedraw({isTTY: true})).to.equal(true)
  })

  it('is false where nobody looks, and on a terminal of no columns', () => {
    expect(canRedraw({columns: 80})).to.equal(false)
    expect(canRedraw({columns: 0, isTTY: true})).to.equal(false)
  })
})
