import {expect} from 'chai'
import {aCluster, aDefinition, aDocument, anInstance, aState, LONG_AGO} from '../../test/support/build.js'
import {unobserved} from '../model/observation.js'
import {renderPlan} from '../model/plan.js'
import {planRun, type RunWanted} from './run.js'

const NOW = Date.parse(LONG_AGO)

function wanted(said: Partial<RunWanted> = {}): RunWanted {
  return {
    clusterId: aCluster().id,
    source: {kind: 'document', document: aDocument({memory: 64}), hash: 'h1'},
    count: 1,
    constraints: [],
    strategies: [],
    requiredAttributes: () => [],
    seed: 'seed',
    ...said,
  }
}

describe('planRun', () => {
  it('registers a new document and starts it', () => {
    const plan = planRun(aState({instances: [anInstance()]}), unobserved(NOW), wanted(), NOW)

    expect(renderPlan(plan)).to.equal(
      [
        'register web:1 (family web has no revision that says the same)',
        'start run/1 of web:1 on a (it has room for 0 CPU units and 64 MiB)',
      ].join('\n'),
    )
  })

  it('registers nothing when a revision says the same', () => {
    const state = aState({instances: [anInstance()], definitions: [aDefinition({hash: 'h1'})]})

    expect(planRun(state, unobserved(NOW), wanted(), NOW).actions.map((action) => action.kind)).to.deep.equal(['startTask'])
  })

  it('registers nothing when nothing is placed', () => {
    const plan = planRun(aState({instances: [anInstance({memoryMiB: 32})]}), unobserved(NOW), wanted(), NOW)

    expect(plan.actions).to.deep.equal([])
    expect(plan.refusals[0]?.reasons[0]).to.include({instance: 'a', code: 'RESOURCE:MEMORY'})
  })

  it('starts as many as fit and refuses the rest', () => {
    const plan = planRun(aState({instances: [anInstance({memoryMiB: 150})]}), unobserved(NOW), wanted({count: 5}), NOW)

    expect(plan.actions.filter((action) => action.kind === 'startTask')).to.have.length(2)
    expect(plan.refusals.map((refusal) => refusal.index)).to.deep.equal([2, 3, 4])
  })

  it('puts a task into the group of its family unless told otherwise', () => {
    const groups = [wanted(), wanted({group: 'mine'})].map((one) => {
      const start = planRun(aState({instances: [anInstance()]}), unobserved(NOW), one, NOW).actions.find(
        (action) => action.kind === 'startTask',
      )
      return start?.group
    })

    expect(groups).to.deep.equal(['family:web', 'mine'])
  })

  it('places by what the override asks for', () => {
    const plan = planRun(
      aState({instances: [anInstance({memoryMiB: 100})]}),
      unobserved(NOW),
      wanted({override: {containerOverrides: [{name: aDocument().containerDefinitions[0]?.name ?? '', memory: 200}]}}),
      NOW,
    )

    expect(plan.refusals).to.have.length(1)
  })
})
