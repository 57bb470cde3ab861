import {expect} from 'chai'
import type {ContainerSpec} from '../world/container-spec.js'
import {createBody} from './create-body.js'

const owner = {
  cluster: 'prod',
  clusterId: 'b'.repeat(32),
  instanceId: 'c'.repeat(32),
  taskId: 'a'.repeat(32),
  taskArn: `arn:aws:ecs:berth:000000000000:task/prod/${'a'.repeat(32)}`,
  containerName: 'main',
  definitionId: 'web:7',
  definitionHash: 'ab'.repeat(32),
  group: 'family:web',
}
const plain: ContainerSpec = {name: 'x', image: 'alpine:3', owner, environment: [], ports: [], binds: [], stopTimeoutSeconds: 30}

describe('createBody', () => {
  it('leaves to the engine and the image what is not said', () => {
    const {Labels: _, ...body} = createBody(plain) as {readonly Labels: object}

    expect(body).to.deep.equal({Image: 'alpine:3', Env: [], ExposedPorts: {}, StopTimeout: 30, HostConfig: {Binds: [], PortBindings: {}}})
  })

  it('gives memory in bytes and CPU as shares within what Linux takes', () => {
    const limits = {memoryMiB: 64, memoryReservationMiB: 32}

    expect(createBody({...plain, ...limits, cpuShares: 0})).to.have.deep.nested.property('HostConfig.Memory', 67_108_864)
    expect(createBody({...plain, ...limits, cpuShares: 0})).to.have.deep.nested.property('HostConfig.MemoryReservation', 33_554_432)
    expect(createBody({...plain, cpuShares: 0})).to.have.deep.nested.property('HostConfig.CpuShares', 2)
    expect(createBody({...plain, cpuShares: 512})).to.have.deep.nested.property('HostConfig.CpuShares', 512)
    expect(createBody({...plain, cpuShares: 1_000_000})).to.have.deep.nested.property('HostConfig.CpuShares', 262_144)
  })

  it('publishes each port, one that names no host port wherever the engine likes', () => {
    const body = createBody({
      ...plain,
      ports: [
        {containerPort: 80, hostPort: 8080, protocol: 'tcp'},
        {containerPort: 80, hostPort: 8081, protocol: 'tcp'},
        {containerPort: 53, protocol: 'udp'},
      ],
    })

    expect(body).to.have.deep.property('ExposedPorts', {'53/udp': {}, '80/tcp': {}})
    expect(body).to.have.deep.nested.property('HostConfig.PortBindings', {
      '53/udp': [{HostPort: ''}],
      '80/tcp': [{HostPort: '8080'}, {HostPort: '8081'}],
    })
  })

  it('passes words on as words', () => {
    const body = createBody({
      ...plain,
      entryPoint: ['/bin/sh', '-c'],
      command: ['echo "$A"; exit 3'],
      environment: [{name: 'A', value: 'b=c d'}],
      binds: ['/srv:/data:ro'],
    })

    expect(body).to.deep.include({Entrypoint: ['/bin/sh', '-c'], Cmd: ['echo "$A"; exit 3'], Env: ['A=b=c d']})
    expect(body).to.have.deep.nested.property('HostConfig.Binds', ['/srv:/data:ro'])
  })
})
