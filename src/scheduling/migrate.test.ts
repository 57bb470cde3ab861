import {expect} from 'chai'
import {KnownError} from '../errors.js'
import {renderPlan} from '../model/plan.js'
import {emptyState, put, type State} from '../model/state.js'
import {planMigrate} from './migrate.js'

const THERE = 'etcd://one:2379/berth'

describe('planMigrate', () => {
  it('copies all records to where nothing lies, and asks nobody', () => {
    const plan = planMigrate(emptyState('b'), aState(7), THERE)

    expect(renderPlan(plan)).to.equal(
      [
        'copy the state of revision 7 to "etcd://one:2379/berth": 1 record changes (nothing lies there)',
        'note: the state that is copied stays as it is; what is committed to it from now on is not copied',
      ].join('\n'),
    )
    expect(plan.actions.map(({destructive}) => destructive)).to.deep.equal([undefined])
  })

  it('asks before an earlier revision goes', () => {
    expect(planMigrate(aState(3), aState(7), THERE).actions.map(({because, destructive}) => [because, destructive])).to.deep.equal([
      ['revision 3 of it lies there', true],
    ])
  })

  it('has nothing to do where the same revision lies', () => {
    expect(renderPlan(planMigrate(aState(7), aState(7), THERE))).to.equal('note: revision 7 lies there already')
  })

  it('refuses what is newer, and what is another state', () => {
    expect(codeOf(() => planMigrate(aState(8), aState(7), THERE))).to.equal('StateNewer')
    expect(codeOf(() => planMigrate({...aState(3), lineage: 'c'}, aState(7), THERE))).to.equal('ForeignState')
  })
})

function aState(revision: number): State {
  const state = emptyState('a')
  return {...state, families: put(state.families, 'web', {lastRevision: revision}), revision}
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof KnownError ? error.code : String(error)
  }
}
