// Why each instance has a task of a daemon, or none.
import {expect} from 'chai'
import {aDaemon, aDefinition, aDeployment, aDocument, anId, anInstance, aState, aTask} from '../../../test/support/build.js'
import {ImaginedHosts} from '../../../test/support/imagined-hosts.js'
import type {Daemon} from '../../model/service.js'
import type {Task} from '../../model/task.js'
import {explainDaemon} from './explain-daemon.js'

const DEPLOYMENT = anId(2, 'd')
const [a, b, c] = [anInstance({name: 'a'}), anInstance({name: 'b', memoryMiB: 80}), anInstance({name: 'c'})]

const agentOn = (instanceId: string, said: Partial<Task> = {}) =>
  aTask({
    id: anId(1, 'e'),
    instanceId,
    group: 'daemon:agent',
    workload: {kind: 'daemon', id: aDaemon().id, name: 'agent', deploymentId: DEPLOYMENT},
    ...said,
  })

function told(daemon: Partial<Daemon>, said: Parameters<typeof aState>[0]) {
  const own = aDaemon({deploymentId: DEPLOYMENT, ...daemon})
  const state = aState({
    instances: [a, b, c],
    definitions: [aDefinition({family: 'agent', document: aDocument({memory: 100}, 'agent')})],
    daemons: [own],
    deployments: [aDeployment({id: DEPLOYMENT, workloadId: own.id, definitionId: 'agent:1'})],
    ...said,
  })
  const {now} = new ImaginedHosts(state)
  return explainDaemon(state, {at: now, instances: {}}, own, () => [], now)
}

describe('explainDaemon', () => {
  it('tells of the instances that have none where it is due, and where there is no room', () => {
    const {daemon, explanation} = told({}, {tasks: [agentOn(a.id)]})

    expect(daemon).to.deep.equal({
      daemon: 'agent',
      definitionId: 'agent:1',
      desiredCount: 3,
      presentOn: ['a'],
      said: '1 of the 3 instances that it belongs on have it: due on c; no room for it on b',
    })
    expect(explanation.instances.map(({fits, instance, rank}) => [instance, fits, rank])).to.deep.equal([
      ['b', false, undefined],
      ['c', true, undefined],
    ])
  })

  it('tells where it does not belong, and why', () => {
    const placementConstraints = [{type: 'memberOf' as const, expression: 'ec2InstanceId == a'}]
    const {daemon, explanation} = told({placementConstraints}, {tasks: [agentOn(a.id)]})

    expect(daemon).to.deep.include({desiredCount: 1, said: '1 of the 1 instances that it belongs on have it'})
    expect(explanation.instances.map(({checks}) => checks.filter(({isMet}) => !isMet).map(({what}) => what))).to.deep.equal([
      ['memory', 'memberOf'],
      ['memberOf'],
    ])
  })

  it('says what holds it back', () => {
    const failed = {
      deployments: [aDeployment({id: DEPLOYMENT, workloadId: aDaemon().id, definitionId: 'agent:1', rolloutState: 'FAILED'})],
    } as const

    expect(told({}, failed).daemon.said).to.match(/^0 of the 3 .*; its deployment has failed: no more tasks are started$/)
    expect(told({status: 'DRAINING'}, {}).daemon.said).to.equal('it is being deleted: no more tasks are started')
  })

  it('counts on what daemons that come before it take first', () => {
    const first = aDaemon({id: anId(7, '5'), name: 'a-first', deploymentId: anId(7, 'd')})
    const own = aDaemon({deploymentId: DEPLOYMENT})
    const state = {
      instances: [anInstance({name: 'a', memoryMiB: 150})],
      daemons: [first, own],
      deployments: [
        aDeployment({id: DEPLOYMENT, workloadId: own.id, definitionId: 'agent:1'}),
        aDeployment({id: anId(7, 'd'), workloadId: first.id, definitionId: 'agent:1'}),
      ],
    }

    expect(told({}, state).daemon.said).to.equal('0 of the 1 instances that it belongs on have it: no room for it on a')
  })
})
