import {expect} from 'chai'
import {aCluster, anId, anInstance, aState, aTask} from '../../test/support/build.js'
import {isDestructive, renderPlan} from '../model/plan.js'
import {planJoin, planLeave, planStatus, refuseController} from './instances.js'

const db1 = anInstance({name: 'db1'})

describe('planJoin', () => {
  it('joins a host', () => {
    expect(renderPlan(planJoin(aState(), aCluster(), db1))).to.equal(
      'join unix:///run/db1.sock as db1 (it becomes an instance of cluster prod)',
    )
  })

  it('is refused when the cluster was deleted meanwhile', () => {
    expect(() => planJoin(aState({clusters: []}), aCluster(), db1))
      .to.throw()
      .with.property('code', 'ClusterNotFoundException')
  })

  it('refuses a name that another instance bears, and takes up a join that was left half done', () => {
    const state = aState({instances: [db1]})

    expect(() => planJoin(state, aCluster(), {...db1, id: anId(9)}))
      .to.throw()
      .with.property('code', 'InstanceNameTaken')
    expect(planJoin(state, aCluster(), db1).actions).to.have.length(1)
  })
})

describe('planStatus', () => {
  it('takes back that an instance leaves', () => {
    expect(renderPlan(planStatus([{...db1, status: 'DEREGISTERING'}], 'ACTIVE'))).to.equal(
      'update instance db1: status (it takes tasks again)',
    )
  })

  it('drains what is active and says so of the rest', () => {
    const web = anInstance({name: 'web1', status: 'DRAINING'})

    expect(renderPlan(planStatus([db1, web], 'DRAINING'))).to.equal(
      'update instance db1: status (nothing new is placed on it)\nnote: instance web1 is DRAINING already',
    )
  })
})

describe('planLeave', () => {
  const task = aTask({id: anId(1), instanceId: db1.id, lastStatus: 'RUNNING'})

  it('refuses while tasks run, unless they may be orphaned', () => {
    const state = aState({instances: [db1], tasks: [task]})

    expect(() => planLeave(state, db1, {force: false, forget: false}))
      .to.throw()
      .with.property('code', 'InstanceContainsTasksException')
    expect(() => planLeave(state, db1, {force: false, forget: false}))
      .to.throw()
      .with.deep.property('suggestions', [
        'berth instance drain db1 -c prod',
        'berth task list --instance db1 -c prod',
        'berth instance leave db1 --force -c prod',
      ])
    expect(renderPlan(planLeave(state, db1, {force: true, forget: false}))).to.contain(
      `note: task ${task.id} keeps running and is no longer tracked`,
    )
  })

  it('asks a person only where something would be lost', () => {
    const empty = planLeave(aState({instances: [db1]}), db1, {force: true, forget: false})
    const full = planLeave(aState({instances: [db1], tasks: [task]}), db1, {force: true, forget: false})

    expect([isDestructive(empty), isDestructive(full)]).to.deep.equal([false, true])
  })
})

describe('refuseController', () => {
  const seenWith = (...clusterIds: readonly string[]) => ({
    at: 0,
    instances: {
      [db1.id]: {
        answered: true as const,
        containers: [],
        details: {},
        foreign: [],
        controllers: clusterIds.map((clusterId) => ({cluster: 'prod', clusterId, fingerprint: ''})),
      },
    },
  })

  it('refuses where the container of a controller of that very cluster runs, and says how it goes', () => {
    const cluster = aCluster()
    const seen = seenWith(anId(7), cluster.id)

    expect(() => refuseController(cluster, [db1], seen))
      .to.throw('Instance "db1" has the controller of cluster "prod"')
      .with.deep.property('suggestions', ['berth controller uninstall --on db1 -c prod'])
    refuseController(cluster, [], seen)
    refuseController(cluster, [db1], seenWith(anId(7)))
  })
})
