import {expect} from 'chai'
import {aState, anInstance} from '../../test/support/build.js'
import {unobserved} from '../model/observation.js'
import {buildFleet} from './fleet.js'
import {type Preference, preferred} from './strategies.js'

describe('preferred', () => {
  const instances = ['a', 'b', 'c'].map((name) => anInstance({name}))
  const {candidates} = buildFleet(aState({instances}), anInstance().clusterId, unobserved(0))
  const scores =
    (table: Readonly<Record<string, number>>): Preference =>
    ({instance: {name}}) =>
      table[name] ?? 0
  const choice = (...preferences: readonly Preference[]) => preferred(candidates, preferences, 0)?.instance.name

  it('takes the lowest score', () => expect(choice(scores({a: 2, b: 1, c: 3}))).to.equal('b'))

  it('lets a later preference decide only among equals of the one before', () => {
    expect(choice(scores({a: 1, b: 0, c: 0}), scores({a: -9, b: 2, c: 1}))).to.equal('c')
  })

  it('takes the first by name where all preferences find them equal, or there is none', () => {
    expect(choice(scores({}))).to.equal('a')
    expect(choice()).to.equal('a')
  })

  it('finds nobody among none', () => expect(preferred([], [scores({})], 0)).to.equal(undefined))
})
