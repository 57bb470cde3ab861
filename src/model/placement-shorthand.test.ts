import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parsePlacementConstraints, parsePlacementStrategies} from './placement-shorthand.js'

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

describe('parsePlacementStrategies', () => {
  for (const [text, strategy] of [
    ['random', {type: 'random'}],
    ['type=random', {type: 'random'}],
    ['binpack:memory', {type: 'binpack', field: 'memory'}],
    ['type=binpack,field=cpu', {type: 'binpack', field: 'cpu'}],
    ['field=cpu,type=binpack', {type: 'binpack', field: 'cpu'}],
    ['spread:instanceId', {type: 'spread', field: 'instanceId'}],
    ['spread:host', {type: 'spread', field: 'host'}],
    ['spread:attribute:ecs.availability-zone', {type: 'spread', field: 'attribute:ecs.availability-zone'}],
    ['type=spread,field=attribute:zone', {type: 'spread', field: 'attribute:zone'}],
  ] as const)
    it(`reads ${text}`, () => expect(parsePlacementStrategies([text])).to.deep.equal([strategy]))

  for (const text of [
    '',
    'randomly',
    'random:x',
    'binpack',
    'binpack:disk',
    'spread',
    'spread:zone',
    'spread:attribute:',
    'spread:attribute:a b',
    'type=spread',
    `spread:attribute:${'x'.repeat(256)}`,
  ])
    it(`refuses ${JSON.stringify(text).slice(0, 40)}`, () => expectInvalid(() => parsePlacementStrategies([text]), 'InvalidStrategy'))

  it('takes five, in their order, and refuses six', () => {
    expect(
      parsePlacementStrategies(['spread:attribute:a', 'spread:attribute:b', 'binpack:cpu', 'binpack:memory', 'random']),
    ).to.have.length(5)
    expectInvalid(() => parsePlacementStrategies(Array(6).fill('random')), 'InvalidStrategy', 'at most 5')
  })
})
