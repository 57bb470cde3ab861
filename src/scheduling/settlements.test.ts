// What runs on a cluster, as a simulation takes it away.
import {expect} from 'chai'
import {
  aCluster,
  aDaemon,
  aDefinition,
  aDeployment,
  aDocument,
  anId,
  anInstance,
  aReplica,
  aService,
  aState,
  aTask,
  LONG_AGO,
} from '../../test/support/build.js'
import type {PlacementConstraint} from '../model/placement.js'
import {instant} from '../model/time.js'
import {settlementsOf} from './settlements.js'

const NOW = instant(LONG_AGO) + 600_000
const [a, b] = [anInstance({name: 'a'}), anInstance({name: 'b', silentSince: LONG_AGO})]
const onlyB: PlacementConstraint = {type: 'memberOf', expression: 'ec2InstanceId == b'}
const binpack = {type: 'binpack', field: 'memory'} as const
const OLD = anId(9, 'd')

function told(said: Parameters<typeof aState>[0], runConstraints = new Map<string, readonly PlacementConstraint[]>()) {
  const state = aState({
    instances: [a, b],
    definitions: [aDefinition(), aDefinition({revision: 2, document: aDocument({memory: 99})})],
    services: [aService({desiredCount: 3, placementConstraints: [onlyB], placementStrategies: [binpack]})],
    deployments: [aDeployment({definitionId: 'web:2'}), aDeployment({id: OLD})],
    ...said,
  })
  return settlementsOf(state, {at: NOW, instances: {}}, {clusterId: aCluster().id, requiredAttributes: () => [], runConstraints}, NOW)
}

describe('settlementsOf', () => {
  it('takes tasks of a service together, with what the service asks for its newest deployment', () => {
    const {settled} = told({tasks: [aReplica(2), aReplica(1, {deploymentId: OLD})]})

    expect(settled.map(({instanceId, named, request: {count}, service}) => ({instanceId, named, count, service}))).to.deep.equal([
      {instanceId: a.id, named: 'service:web', count: 2, service: {name: 'web', desiredCount: 3, presentCount: 2}},
    ])
    expect(settled[0]?.request).to.deep.include({
      document: aDocument({memory: 99}),
      group: 'service:web',
      constraints: [onlyB],
      strategies: [binpack],
      seed: `${aCluster().id}/web/1`,
    })
  })

  it('counts none that stop, and none whose host is silent past its grace', () => {
    const stopping = aReplica(2, {desiredStatus: 'STOPPED'})
    const {settled} = told({tasks: [aReplica(1), stopping, aReplica(3, {instanceId: b.id})]})

    expect(settled.map(({instanceId, service}) => [instanceId, service?.presentCount])).to.deep.equal([[a.id, 1]])
  })

  it('counts tasks of daemons alone, and lets runs ask what they asked', () => {
    const daemon = aDaemon()
    const agent = aTask({
      id: anId(5, 'b'),
      group: 'daemon:agent',
      workload: {kind: 'daemon', id: daemon.id, name: daemon.name, deploymentId: anId(1, 'd')},
    })
    const runs = [aTask({id: anId(6, 'b')}), aTask({id: anId(7, 'b'), lastStatus: 'STOPPED'})]
    const {daemonTasks, settled} = told({daemons: [daemon], tasks: [...runs, agent, aReplica(1)]}, new Map([[anId(6, 'b'), [onlyB]]]))

    expect([...daemonTasks]).to.deep.equal([[a.id, 1]])
    expect(settled.map(({named, request: {constraints}, service}) => [named, constraints, service?.name])).to.deep.equal([
      ['service:web', [onlyB], 'web'],
      ['web:1', [onlyB], undefined],
    ])
  })
})
