import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {matchId, parseDefinitionReference} from './reference.js'

describe('parseDefinitionReference', () => {
  for (const [text, reference] of [
    ['web', {family: 'web'}],
    ['web:12', {family: 'web', revision: 12}],
    ['arn:aws:ecs:local:000000000000:task-definition/web:3', {family: 'web', revision: 3}],
    ['arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/My_app-2', {family: 'My_app-2'}],
    ['constructor', {family: 'constructor'}],
  ] as const)
    it(`reads ${text}`, () => expect(parseDefinitionReference(text)).to.deep.equal(reference))

  for (const text of [
    '',
    ':',
    'web:',
    'web:0',
    'web:01',
    'web:-1',
    'web:1.5',
    'web:1e3',
    'web:1:2',
    'a b',
    'web:latest',
    'web\n',
    '../web',
    'arn:aws:ecs:local:0:task/x/y',
    'x\u001b[31m',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseDefinitionReference(text), 'InvalidReference'))
})

describe('matchId', () => {
  const ids = ['aaaa1111', 'aaab2222', 'bbbb3333', 'bbbb33334444']

  it('finds an id by any prefix that only it has, in either case', () => {
    expect(matchId(ids, 'aaaa')).to.equal('aaaa1111')
    expect(matchId(ids, 'AAAB')).to.equal('aaab2222')
  })

  it('prefers a whole id to a longer one that begins with it', () => expect(matchId(ids, 'bbbb3333')).to.equal('bbbb3333'))

  it('takes the last part of an ARN', () => expect(matchId(ids, 'arn:aws:ecs:local:000000000000:task/prod/aaab2222')).to.equal('aaab2222'))

  it('finds nothing for an empty text, a stranger, or an ARN that ends with a slash', () => {
    for (const text of ['', 'ffff', 'arn:aws:ecs:local:0:task/prod/', '.', '*']) expect(matchId(ids, text)).to.equal(undefined)
  })

  it('names the candidates, sorted, when several begin so', () => {
    expectInvalid(() => matchId([...ids].reverse(), 'aaa'), 'AmbiguousId', '"aaa" begins 2 ids: aaaa1111, aaab2222.')
  })

  it('cuts a long list of candidates', () => {
    const many = Array.from({length: 10}, (_, n) => `a${n}`)

    expectInvalid(() => matchId(many, 'a'), 'AmbiguousId', 'a0, a1, a2 and 7 more')
  })
})
