import {expect} from 'chai'
import fc from 'fast-check'
import {canonicalJson} from './canonical.js'

describe('canonicalJson', () => {
  it('sorts keys at every depth, keeps lists, and leaves out what is undefined', () => {
    expect(canonicalJson({b: [{d: 1, c: null}, 'x'], a: {f: undefined, e: 'é"'}, 10: true, 9: false})).to.equal(
      '{"10":true,"9":false,"a":{"e":"é\\""},"b":[{"c":null,"d":1},"x"]}',
    )
  })

  it('always reads back as the document it was made of', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('never depends on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
        const turned = Object.fromEntries(Object.entries(document).reverse())
        expect(canonicalJson(turned)).to.equal(canonicalJson(document))
      }),
    )
  })
})
