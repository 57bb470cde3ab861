// Where tasks of services move, and that each move is worth it.
import {expect} from 'chai'
import fc from 'fast-check'
import {renderPlan} from '../model/plan.js'
import type {Service} from '../model/service.js'
import type {State} from '../model/state.js'
import type {Task} from '../model/task.js'
import {unobserved} from '../model/observation.js'
import {instant} from '../model/time.js'
import {aCluster, aDefinition, aDeployment, anInstance, aReplica, aService, aState, LONG_AGO} from '../../test/support/build.js'
import {planRebalance} from './rebalance.js'

const NOW = instant(LONG_AGO) + 24 * 60 * 60 * 1000
const instances = ['a', 'b', 'c'].map((name) => anInstance({name}))

function scene(on: readonly number[], said: Partial<Service> = {}, task: Partial<Task> = {}): State {
  return aState({
    instances,
    definitions: [aDefinition()],
    services: [aService({desiredCount: on.length, ...said})],
    deployments: [aDeployment({rolloutState: 'COMPLETED'})],
    tasks: on.map((index, slot) => aReplica(slot + 1, {instanceId: instances[index]?.id ?? '', ...task})),
  })
}

const rebalance = (state: State, maxMoves = 10) =>
  planRebalance(state, unobserved(NOW), {clusterId: aCluster().id, maxMoves, requiredAttributes: () => []}, NOW)

describe('planRebalance', () => {
  it('moves as few tasks as bring the service to where its strategies want it', () => {
    const text = renderPlan(rebalance(scene([0, 0, 0, 0, 0, 0])))

    expect(text.match(/^replace task/gm)).to.have.length(4)
    expect(text).to.contain('note: service web: score 36/36 -> 36/12 (lower is better)')
  })

  it('moves nothing that lies well, and no more than it may', () => {
    expect(rebalance(scene([0, 1, 2])).actions).to.deep.equal([])
    expect(rebalance(scene([0, 0, 0, 0]), 1).actions).to.have.length(1)
  })

  it('leaves a service alone that is under way, whose percentages leave no room, or whose tasks are protected', () => {
    const configuration = {...aService().deploymentConfiguration, maximumPercent: 100, minimumHealthyPercent: 50}

    expect(renderPlan(rebalance(scene([0, 0], {desiredCount: 3})))).to.contain('not all of its tasks are healthy')
    expect(renderPlan(rebalance(scene([0, 0], {deploymentConfiguration: configuration})))).to.contain('leaves no room for one more task')
    expect(rebalance(scene([0, 0], {}, {protectedUntil: '2099-01-01T00:00:00.000Z'})).actions).to.deep.equal([])
  })

  it('never makes more moves than there are tasks, and has none left after they are made', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), {minLength: 1, maxLength: 9}), (on) => {
        const state = scene(on)
        const {actions} = rebalance(state)
        const byName = new Map(instances.map((one) => [one.name, one.id]))
        const goesTo = new Map(actions.flatMap((action) => (action.kind === 'moveTask' ? [[action.taskId, byName.get(action.to)]] : [])))
        const moved = Object.fromEntries(
          Object.entries(state.tasks).map(([id, task]) => [id, {...task, instanceId: goesTo.get(id) ?? task.instanceId}]),
        )
        const counts = instances.map(({id}) => Object.values(moved).filter(({instanceId}) => instanceId === id).length)

        expect(actions.length).to.be.at.most(on.length)
        expect(Math.max(...counts) - Math.min(...counts)).to.be.at.most(1)
        expect(rebalance({...state, tasks: moved}).actions).to.deep.equal([])
      }),
    )
  })
})
