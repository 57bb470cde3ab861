import {expect} from 'chai'
import {parseKeyValues, propagatedTags} from './tags.js'

describe('parseKeyValues', () => {
  it('takes what stands before the first = for the key, and the last value of a key', () => {
    expect(parseKeyValues(['team=shop', 'a=b=c', 'empty', 'team=pay'])).to.deep.equal({team: 'pay', a: 'b=c', empty: ''})
  })

  for (const words of [['=x'], ['k'.repeat(129)], [`k=${'v'.repeat(257)}`], Array.from({length: 51}, (_, index) => `k${index}=v`)])
    it(`refuses ${words[0]?.slice(0, 20)}${words.length > 1 ? ' and fifty more' : ''}`, () => {
      expect(() => parseKeyValues(words))
        .to.throw()
        .with.property('code', 'InvalidTag')
    })
})

describe('propagatedTags', () => {
  const definition = {tags: [{key: 'team', value: 'shop'}]}

  it('are those of the service, of the definition, or none', () => {
    const passed = (propagateTags: 'NONE' | 'SERVICE' | 'TASK_DEFINITION') =>
      propagatedTags({propagateTags, tags: {tier: 'web'}}, definition)

    expect([passed('NONE'), passed('SERVICE'), passed('TASK_DEFINITION')]).to.deep.equal([
      {},
      {tags: {tier: 'web'}},
      {tags: {team: 'shop'}},
    ])
    expect(propagatedTags({propagateTags: 'SERVICE', tags: {}}, definition)).to.deep.equal({})
    expect(propagatedTags({propagateTags: 'TASK_DEFINITION', tags: {tier: 'web'}}, {})).to.deep.equal({})
  })
})
