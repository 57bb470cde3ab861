// Where the next task of a service would go, whether one is due or not.
import {expect} from 'chai'
import fc from 'fast-check'
import {
  aDaemon,
  aDefinition,
  aDeployment,
  aDocument,
  anId,
  anInstance,
  aReplica,
  aService,
  aState,
  LONG_AGO,
} from '../../../test/support/build.js'
import {ImaginedHosts} from '../../../test/support/imagined-hosts.js'
import {scenes} from '../../../test/support/placement-scenes.js'
import {NO_BREAKER} from '../../model/deployment.js'
import type {Service} from '../../model/service.js'
import type {State} from '../../model/state.js'
import {explainNextReplica} from './next-replica.js'

const instances = ['a', 'b'].map((name) => anInstance({name}))
const [a, b] = instances.map(({id}) => id)

function told(said: Parameters<typeof aState>[0], service: Service = aService()) {
  const state = aState({instances, definitions: [aDefinition()], services: [service], deployments: [aDeployment()], ...said})
  return of(state, service)
}

function of(state: State, service: Service) {
  const {now} = new ImaginedHosts(state)
  return explainNextReplica(state, {at: now, instances: {}}, service, () => [], now)
}

describe('explainNextReplica', () => {
  it('tells of a steady service where one more would go', () => {
    const {explanation, replica} = told({tasks: [aReplica(1, {instanceId: a ?? ''})]})

    expect(replica).to.deep.equal({
      service: 'web',
      definitionId: 'web:1',
      slot: 2,
      desiredCount: 1,
      presentCount: 1,
      isDue: false,
      said: '1 of 1 are there; one more would go to b',
    })
    expect(explanation.chosen).to.deep.equal({
      instance: 'b',
      because: 'spread:instanceId: it holds 0 tasks of service:web, and of the next it holds 1 task of service:web',
    })
  })

  it('tells of one that lacks a task and finds no place what each instance lacks', () => {
    const document = aDocument({memory: 4096})
    const {explanation, replica} = told({definitions: [aDefinition({document})]})

    expect(replica).to.include({slot: 1, isDue: true, said: '0 of 1 are there; another is due, and finds no place'})
    expect(explanation.chosen).to.equal(undefined)
    const memory = explanation.instances.flatMap(({checks}) => checks.filter(({what}) => what === 'memory'))
    expect(memory.map(({lacking, said}) => [lacking, said])).to.deep.equal([
      [2048, 'needs 4096 MiB, 2048 MiB remain'],
      [2048, 'needs 4096 MiB, 2048 MiB remain'],
    ])
  })

  it('asks the constraints of the service, and those of its definition', () => {
    const placementConstraints = [{type: 'memberOf' as const, expression: 'ec2InstanceId == b'}]
    const document = {...aDocument(), placementConstraints: [{type: 'memberOf' as const, expression: 'ec2InstanceId == a'}]}
    const {explanation} = told({definitions: [aDefinition({document})]}, aService({placementConstraints}))

    expect(explanation.instances.map(({fits}) => fits)).to.deep.equal([false, false])
  })

  it('counts on what daemons and services that come before it take first', () => {
    const small = aDocument({memory: 1200})
    const state = (name: string) =>
      aState({
        instances: [anInstance({name: 'a'}), anInstance({name: 'b', memoryMiB: 1300})],
        definitions: [aDefinition({document: small}), aDefinition({family: 'agent', document: aDocument({memory: 1000}, 'agent')})],
        services: [aService(), aService({id: anId(3, '5'), name, deploymentId: anId(3, 'd')})],
        daemons: [aDaemon({deploymentId: anId(2, 'd'), placementConstraints: [{type: 'memberOf', expression: 'ec2InstanceId == a'}]})],
        deployments: [
          aDeployment(),
          aDeployment({id: anId(2, 'd'), workloadId: anId(2, '5'), definitionId: 'agent:1'}),
          aDeployment({id: anId(3, 'd'), workloadId: anId(3, '5')}),
        ],
      })

    expect(of(state('zoo'), aService()).explanation.instances.map(({fits}) => fits)).to.deep.equal([false, true])
    expect(of(state('api'), aService()).explanation.instances.map(({fits}) => fits)).to.deep.equal([false, false])
  })

  it('says what holds the next task back', () => {
    const failures = [1, 2, 3].map((number) =>
      aReplica(1, {
        id: anId(number, 'f'),
        lastStatus: 'STOPPED',
        desiredStatus: 'STOPPED',
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'CannotPullContainerError: no',
        createdAt: `2026-01-03T03:04:0${number}.000Z`,
        stoppedAt: '2026-01-03T03:04:04.000Z',
      }),
    )
    const stopping = aReplica(1, {desiredStatus: 'STOPPED', instanceId: b ?? ''})
    const full = {minimumHealthyPercent: 0, maximumPercent: 100, circuitBreaker: NO_BREAKER}

    const said = [
      told({deployments: [aDeployment({rolloutState: 'FAILED', finishedAt: LONG_AGO})]}),
      told({tasks: failures}),
      told({tasks: [stopping]}, aService({deploymentConfiguration: full})),
      told({}, aService({status: 'DRAINING', desiredCount: 0})),
    ].map(({replica}) => [replica.isDue, replica.said])

    expect(said).to.deep.equal([
      [false, '0 of 1 are there; its deployment has failed: no more tasks are started'],
      [false, '0 of 1 are there; its tasks fail again and again: the next is started after 2026-01-03T03:04:14.000Z'],
      [
        false,
        '0 of 1 are there; its maximum percent lets no more than 1 be there at once, those that stop included: one of 1 must go first',
      ],
      [false, 'it is being deleted: no more tasks are started'],
    ])
  })

  it('tells last what was told of it, where that is that it cannot go on', () => {
    const event = (message: string) => ({id: '1', workloadId: aService().id, number: 1, at: LONG_AGO, message})
    const with_ = (message: string) => {
      const state = aState({instances, definitions: [aDefinition()], services: [aService()], deployments: [aDeployment()]})
      return of({...state, serviceEvents: {'1': event(message)}}, aService()).replica.lastEvent
    }

    expect(with_('(service web) was unable to start a task: no secret')).to.equal('(service web) was unable to start a task: no secret')
    expect(with_('(service web) has reached a steady state.')).to.equal(undefined)
  })

  it('says, whatever stands, where the next one is started when one is due', () => {
    const law = fc.property(scenes, ({request, state}) => {
      const {constraints: placementConstraints, count: desiredCount, document, strategies: placementStrategies} = request
      const service = aService({desiredCount, placementConstraints, placementStrategies})
      const {definitions, deployments, services} = aState({
        definitions: [aDefinition({document})],
        services: [service],
        deployments: [aDeployment()],
      })
      const begun = {...state, definitions, deployments, services}
      const [start] = new ImaginedHosts(begun).decide().plan.actions.filter((action) => action.kind === 'startTask')

      const {explanation, replica} = of(begun, service)

      if (start) expect([replica.isDue, explanation.chosen?.instance]).to.deep.equal([true, start.instance.name])
      else if (replica.isDue) expect(explanation.chosen).to.equal(undefined)
    })
    fc.assert(law, {numRuns: 300})
  })
})
