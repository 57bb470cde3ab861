import {expect} from 'chai'
import {KnownError} from '../errors.js'
import {aCluster, anId, anInstance, aState, aTask, LONG_AGO} from '../../test/support/build.js'
import {unobserved} from '../model/observation.js'
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
    expect(renderPlan(planDeleteCluster(aState(), aCluster(), false, unobserved(0)))).to.equal('delete cluster prod (asked for)')
  })

  it("refuses with ECS's errors while tasks run or instances belong to it", () => {
    const full = aState({instances: [instance], tasks: [running]})
    const idle = aState({instances: [instance], tasks: [stopped]})

    expect(() => planDeleteCluster(full, aCluster(), false, unobserved(0)))
      .to.throw()
      .with.property('code', 'ClusterContainsTasksException')
    expect(() => planDeleteCluster(idle, aCluster(), false, unobserved(0)))
      .to.throw()
      .with.property('code', 'ClusterContainsContainerInstancesException')
  })

  it('with force stops, removes, takes out and deletes, each after what it waits for', () => {
    const plan = planDeleteCluster(aState({instances: [instance], tasks: [running, stopped]}), aCluster(), true, unobserved(0))

    expect(plan.actions.map(({after, kind}) => `${kind} after ${after ?? []}`)).to.deep.equal([
      'stopTask after ',
      'removeTask after 0',
      'removeTask after ',
      'leaveInstance after 0,1,2',
      'deleteCluster after 0,1,2,3',
    ])
  })

  it('with force is refused before anything is stopped when an instance is silent, and says how to go on', () => {
    const state = aState({instances: [instance], tasks: [running]})
    const seen = {at: 0, instances: {[instance.id]: {answered: false, since: LONG_AGO, why: 'no answer within 10 s'} as const}}

    const error = refusalOf(() => planDeleteCluster(state, aCluster(), true, seen))

    expect(error).to.include({code: 'InstanceSilent', exitCode: 6})
    expect(error?.message).to.equal('Cluster "prod" cannot be deleted while an instance does not answer: "db1" (no answer within 10 s).')
    expect(error?.suggestions).to.deep.equal(['berth instance leave db1 -c prod --force'])
  })
})

function refusalOf(deed: () => unknown): KnownError | undefined {
  try {
    deed()
  } catch (error) {
    if (error instanceof KnownError) return error
    throw error
  }
  return undefined
}
