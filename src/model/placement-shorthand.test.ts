import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parsePlacementConstraints} from './placement-shorthand.js'

describe('parsePlacementConstraints', () => {
  const memberOf = (expression: string) => ({type: 'memberOf', expression})

  for (const [text, constraint] of [
    ['distinctInstance', {type: 'distinctInstance'}],
    ['type=distinctInstance', {type: 'distinctInstance'}],
    ['memberOf:attribute:disk == ssd', memberOf('attribute:disk == ssd')],
    ['type=memberOf,expression=attribute:zone in [a, b]', memberOf('attribute:zone in [a, b]')],
    ['type=memberOf,expression="attribute:disk exists"', memberOf('attribute:disk exists')],
    ['expression=attribute:a == x,type=memberOf', memberOf('attribute:a == x')],
    ['memberOf:task:group == service:web', memberOf('task:group == service:web')],
  ] as const)
    it(`reads ${text}`, () => expect(parsePlacementConstraints([text])).to.deep.equal([constraint]))

  for (const text of [
    '',
    'distinct',
    'distinctinstance',
    'distinctInstance:x',
    'memberOf',
    'memberOf:',
    'type=',
    'type=memberOf',
    'type=memberOf,field=x',
    `memberOf:${'x'.repeat(2001)}`,
    '\u0007',
  ])
    it(`refuses ${JSON.stringify(text).slice(0, 40)}`, () => expectInvalid(() => parsePlacementConstraints([text]), 'InvalidConstraint'))

  it('takes ten and refuses eleven', () => {
    expect(parsePlacementConstraints(Array(10).fill('distinctInstance'))).to.have.length(10)
    expectInvalid(() => parsePlacementConstraints(Array(11).fill('distinctInstance')), 'InvalidConstraint', 'at most 10')
  })
})
