import {expect} from 'chai'
import {aState, aTask, anInstance, LONG_AGO} from '../../test/support/build.js'
import {instanceJson} from './instances.js'

describe('instanceJson', () => {
  const a = anInstance({
    name: 'a',
    tcpPorts: [22],
    customAttributes: {disk: 'ssd', 'ecs.os-type': 'lies'},
    builtInAttributes: {'ecs.os-type': 'linux', 'ecs.capability.external': null},
  })
  const state = aState({instances: [a], tasks: [aTask()]})

  it("tells ECS's shape, as JSON", () => {
    const remaining = {...a.registered, memoryMiB: 1984, tcpPorts: [22, 8080]}

    expect(JSON.parse(JSON.stringify(instanceJson(state, a, remaining)))).to.deep.equal({
      containerInstanceArn: `arn:aws:ecs:local:000000000000:container-instance/prod/${a.id}`,
      ec2InstanceId: 'a',
      version: 1,
      versionInfo: {dockerVersion: 'DockerVersion: 26.1.5'},
      remainingResources: [integer('CPU', 2048), integer('MEMORY', 1984), strings('PORTS', ['22', '8080']), strings('PORTS_UDP', [])],
      registeredResources: [integer('CPU', 2048), integer('MEMORY', 2048), strings('PORTS', ['22']), strings('PORTS_UDP', [])],
      status: 'ACTIVE',
      agentConnected: true,
      runningTasksCount: 1,
      pendingTasksCount: 0,
      attributes: [{name: 'disk', value: 'ssd'}, {name: 'ecs.capability.external'}, {name: 'ecs.os-type', value: 'linux'}],
      registeredAt: LONG_AGO,
      attachments: [],
      tags: [],
    })
  })

  it('tells a silent instance as one whose agent is not connected', () => {
    expect(instanceJson(state, {...a, silentSince: LONG_AGO}, a.registered).agentConnected).to.equal(false)
  })

  it('lists GPUs where there are any', () => {
    const gpus = anInstance({gpuIds: ['g0', 'g1']})

    expect(instanceJson(state, gpus, {...gpus.registered, gpuIds: ['g1']}).remainingResources?.at(-1)).to.deep.equal(strings('GPU', ['g1']))
  })
})

function integer(name: string, integerValue: number) {
  return {name, type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue}
}

function strings(name: string, stringSetValue: readonly string[]) {
  return {name, type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue}
}
