import {expect} from 'chai'
import {aCluster, anId, anInstance, aState, aTask} from '../../test/support/build.js'
import {renderPlan} from '../model/plan.js'
import {planCreateCluster, planDeleteCluster} from './clusters.js'

const instance = anInstance({name: 'db1'})
const running = aTask({id: anId(1), instanceId: instance.id, lastStatus: 'RUNNING'})
const stopped = aTask({id: anId(2), instanceId: instance.id, lastStatus: 'STOPPED', desiredStatus: 'STOPPED'})

describe('planCreateCluster', () => {
  it('creates a cluster once', () => {
    expect(renderPlan(planCreateCluster(aState(), 'lab'))).to.equal('create cluster lab (no cluster bears this name)')
    expect(renderPlan(planCreateCluster(aState(), 'prod'))).to.equal('note: cluster prod exists already')
  })
})

describe('planDeleteCluster', () => {
  it('deletes an empty cluster', () => {
    expect(renderPlan(planDeleteCluster(aState(), aCluster(), false))).to.equal('delete cluster prod (asked for)')
  })

  it("refuses with ECS's errors while tasks run or instances belong to it", () => {
    const full = aState({instances: [instance], tasks: [running]})
    const idle = aState({instances: [instance], tasks: [stopped]})

    expect(() => planDeleteCluster(full, aCluster(), false))
      .to.throw()
      .with.property('code', 'ClusterContainsTasksException')
    expect(() => planDeleteCluster(idle, aCluster(), false))
      .to.throw()
      .with.property('code', 'ClusterContainsContainerInstancesException')
  })

  it('with force stops, removes, takes out and deletes, each after what it waits for', () => {
    const plan = planDeleteCluster(aState({instances: [instance], tasks: [running, stopped]}), aCluster(), true)

    expect(plan.actions.map(({after, kind}) => `${kind} after ${after ?? []}`)).to.deep.equal([
      'stopTask after ',
      'removeTask after 0',
      'removeTask after ',
      'leaveInstance after 0,1,2',
      'deleteCluster after 0,1,2,3',
    ])
  })
})
