import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {isAttributeName, parseAttribute, parseAttributes} from './attributes.js'

describe('parseAttribute', () => {
  for (const [text, attribute] of [
    ['disk=ssd', {name: 'disk', value: 'ssd'}],
    ['gpu', {name: 'gpu', value: null}],
    ['a/b.c\\d-e_f=x y@z:1', {name: 'a/b.c\\d-e_f', value: 'x y@z:1'}],
    ['a'.repeat(128), {name: 'a'.repeat(128), value: null}],
  ] as const)
    it(`reads ${text.slice(0, 30)}`, () => expect(parseAttribute(text)).to.deep.equal(attribute))

  for (const text of [
    '',
    '=x',
    'a b',
    'a=',
    'a= x',
    'a=x ',
    'a=x=y',
    'a'.repeat(129),
    `a=${'x'.repeat(129)}`,
    'ecs.os-type=linux',
    'com.amazonaws.ecs.x',
    'a=\n',
    '\u001b',
  ])
    it(`refuses ${JSON.stringify(text).slice(0, 30)}`, () => expectInvalid(() => parseAttribute(text), 'InvalidAttribute'))
})

describe('parseAttributes', () => {
  it('lets the later of two values win', () => expect(parseAttributes(['disk=hdd', 'disk=ssd'])).to.deep.equal({disk: 'ssd'}))

  it('takes ten and refuses eleven', () => {
    const named = (count: number) => Array.from({length: count}, (_, n) => `a${n}`)

    expect(Object.keys(parseAttributes(named(10)))).to.have.length(10)
    expectInvalid(() => parseAttributes(named(11)), 'AttributeLimitExceededException', '11 were given')
  })
})

describe('isAttributeName', () => {
  it('takes the names of built-in attributes too', () => {
    expect(['ecs.availability-zone', 'a', 'a b', ''].map(isAttributeName)).to.deep.equal([true, true, false, false])
  })
})
