// One task on each instance that a daemon belongs on.
import {expect} from 'chai'
import fc from 'fast-check'
import type {Instance} from '../../model/instance.js'
import {renderPlan} from '../../model/plan.js'
import type {Daemon} from '../../model/service.js'
import {put, type State} from '../../model/state.js'
import type {Task} from '../../model/task.js'
import {
  aDaemon,
  aDefinition,
  aDeployment,
  aDocument,
  anId,
  anInstance,
  aService,
  aState,
  aTask,
  LONG_AGO,
} from '../../../test/support/build.js'
import {type Happening, ImaginedHosts} from '../../../test/support/imagined-hosts.js'

const AGENT = aDefinition({document: aDocument({}, 'agent')})
const OLD = anId(9, 'd')

function scene(instances: readonly Instance[], tasks: readonly Task[], said: Partial<Daemon> = {}): State {
  return aState({
    instances,
    definitions: [AGENT],
    daemons: [aDaemon(said)],
    deployments: [aDeployment({workloadId: aDaemon().id, definitionId: AGENT.id})],
    tasks,
  })
}

function onInstance(instance: Instance, said: Partial<Task> & {readonly deploymentId?: string} = {}): Task {
  const {deploymentId = anId(1, 'd'), ...task} = said
  return aTask({
    id: instance.id.slice(0, 8) + 'b'.repeat(24),
    instanceId: instance.id,
    definitionId: AGENT.id,
    group: 'daemon:agent',
    workload: {kind: 'daemon', id: aDaemon().id, name: 'agent', deploymentId},
    startedAt: LONG_AGO,
    ...task,
  })
}

const three = ['a', 'b', 'c'].map((name) => anInstance({name}))
const text = (state: State) => renderPlan(new ImaginedHosts(state).decide().plan)

describe('keepDaemon', () => {
  it('starts one on each instance that meets the constraints', () => {
    const instances = three.map((one, index) => ({...one, customAttributes: index < 2 ? {disk: 'ssd'} : {}}))
    const state = scene(instances, [], {
      placementConstraints: [{type: 'memberOf', expression: 'attribute:disk == ssd'}, {type: 'distinctInstance'}],
    })

    expect(text(state).match(/^start .*$/gm)).to.deep.equal([
      'start agent@a of agent:1 on a (each instance has one)',
      'start agent@b of agent:1 on b (each instance has one)',
    ])
  })

  it('stops what is on an instance that meets the constraints no longer', () => {
    const state = scene(
      three,
      three.map((one) => onInstance(one)),
      {placementConstraints: [{type: 'memberOf', expression: 'attribute:disk == ssd'}]},
    )

    expect(text(state).match(/its instance meets the placement constraints no longer/g)).to.have.length(3)
  })

  it('stops the surplus of an instance, the younger one', () => {
    const [first = anInstance()] = three
    const younger = onInstance(first, {id: anId(8, 'e'), createdAt: '2026-02-01T00:00:00.000Z'})

    expect(text(scene([first], [onInstance(first), younger]))).to.equal(`stop task ${younger.id} on a (one task on an instance is enough)`)
  })

  it('stops old tasks before new ones start, on as many instances at once as the minimum leaves', () => {
    const old = three.map((one) => onInstance(one, {deploymentId: OLD}))
    const half = {minimumHealthyPercent: 50, maximumPercent: 100, circuitBreaker: aDaemon().deploymentConfiguration.circuitBreaker}

    expect(text(scene(three, old)).match(/^stop task/gm)).to.have.length(3)
    expect(text(scene(three, old, {deploymentConfiguration: half})).match(/^stop task/gm)).to.have.length(1)
    expect(text(scene(three, old)).match(/^start/gm)).to.equal(null)
  })

  it('keeps its task on a draining instance until nothing else runs there', () => {
    const [first = anInstance()] = three
    const draining = {...first, status: 'DRAINING'} as const
    const other = aTask({instanceId: draining.id, definitionId: AGENT.id})

    expect(text(scene([draining], [onInstance(draining), other]))).not.to.contain('stop task')
    const state = scene([draining], [onInstance(draining)])
    const done = {
      ...state,
      deployments: put({}, anId(1, 'd'), aDeployment({workloadId: aDaemon().id, definitionId: AGENT.id, rolloutState: 'COMPLETED'})),
    }
    expect(text(done)).to.contain('its instance is being drained, and nothing else runs there')
  })

  it('is done with a deployment although an instance that is drained keeps its task a while', () => {
    const [first = anInstance(), second = anInstance()] = three
    const draining = {...second, status: 'DRAINING'} as const
    const lone = aTask({instanceId: draining.id, definitionId: AGENT.id})

    expect(text(scene([first, draining], [onInstance(first), onInstance(draining), lone]))).to.contain('is COMPLETED')
  })

  it('counts for the minimum only what is on instances that it belongs on', () => {
    const [first = anInstance(), second = anInstance(), third = anInstance()] = three
    const draining = {...third, status: 'DRAINING'} as const
    const lone = aTask({instanceId: draining.id, definitionId: AGENT.id})
    const old = [first, second].map((one) => onInstance(one, {deploymentId: OLD}))
    const half = {minimumHealthyPercent: 50, maximumPercent: 100, circuitBreaker: aDaemon().deploymentConfiguration.circuitBreaker}
    const state = scene([first, second, draining], [...old, onInstance(draining), lone], {deploymentConfiguration: half})

    expect(text(state).match(/^stop task/gm)).to.have.length(1)
  })

  it('stops no old task for a new one that would have no room in its place', () => {
    const small = anInstance({memoryMiB: 100})
    const large = aDefinition({document: aDocument({memory: 500}, 'agent')})
    const state = scene([small], [onInstance(small, {deploymentId: OLD})])

    expect(text({...state, definitions: put({}, large.id, large)})).not.to.contain('stop task')
  })

  it('has its room before services have theirs, also while its old task stops', () => {
    const small = anInstance({memoryMiB: 100})
    const web = aDefinition({document: aDocument({memory: 64})})
    const withService = (tasks: readonly Task[]): State => {
      const state = scene([small], tasks)
      const service = aService({id: anId(7, '5'), deploymentId: anId(7, 'd')})
      return {
        ...state,
        definitions: {...state.definitions, [web.id]: web},
        services: put({}, service.id, service),
        deployments: put(state.deployments, anId(7, 'd'), aDeployment({id: anId(7, 'd'), workloadId: service.id})),
      }
    }

    expect(text(withService([])).match(/^start \S+/gm)).to.deep.equal(['start agent@a'])
    expect(text(withService([onInstance(small, {deploymentId: OLD, desiredStatus: 'STOPPED'})]))).not.to.match(/^start/m)
  })

  it('ends with exactly one on each instance, whatever failed on the way', () => {
    const happening: fc.Arbitrary<Happening> = fc.oneof(
      fc.record({kind: fc.constantFrom('start', 'failToStart', 'crash', 'stopped', 'healthy'), pick: fc.nat(20)}),
      fc.record({kind: fc.constantFrom('silent', 'back'), pick: fc.nat(3)}),
      fc.record({kind: fc.constant('later' as const), seconds: fc.nat(90)}),
    )
    fc.assert(
      fc.property(fc.array(happening, {maxLength: 40}), (steps) => {
        const hosts = new ImaginedHosts(scene(three, []))
        for (const step of steps) {
          hosts.happen(step)
          const {plan} = hosts.decide()
          const starts = plan.actions.flatMap((action) => (action.kind === 'startTask' ? action.instance.id : []))
          const taken = Object.values(hosts.state.tasks)
            .filter(({lastStatus}) => lastStatus !== 'STOPPED')
            .map(({instanceId}) => instanceId)
          expect(starts.filter((id) => taken.includes(id))).to.deep.equal([])
          hosts.record(plan)
        }
        for (let round = 0; round < 100; round += 1) {
          hosts.allGoesWell()
          hosts.record(hosts.decide().plan)
        }

        const live = Object.values(hosts.state.tasks).filter(({lastStatus}) => lastStatus !== 'STOPPED')
        expect(live.map(({instanceId}) => instanceId)).to.have.members(three.map(({id}) => id))
        expect(hosts.decide().plan.actions).to.deep.equal([])
      }),
      {numRuns: 100},
    )
  })
})
