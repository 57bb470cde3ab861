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

  it('gives every limit in Docker’s own unit', () => {
    const body = createBody({
      ...plain,
      cpuCores: 1.5,
      memoryAndSwapMiB: 96,
      sharedMemoryMiB: 16,
      swappiness: 0,
      tmpfs: {'/scratch': 'size=8m'},
      ulimits: [{name: 'nofile', soft: 512, hard: 1024}],
    })

    expect(body).to.have.deep.property('HostConfig', {
      Binds: [],
      PortBindings: {},
      NanoCpus: 1_500_000_000,
      MemorySwap: 100_663_296,
      MemorySwappiness: 0,
      ShmSize: 16_777_216,
      Tmpfs: {'/scratch': 'size=8m'},
      Ulimits: [{Name: 'nofile', Soft: 512, Hard: 1024}],
    })
  })

  it('never gives a part of a billionth of a core', () => {
    expect(createBody({...plain, cpuCores: 0.1 + 0.2})).to.have.deep.nested.property('HostConfig.NanoCpus', 300_000_000)
  })

  it('names namespaces as Docker does, those of other containers by their names', () => {
    const modes = {NetworkMode: 'container:pause', PidMode: 'container:pause', IpcMode: 'container:pause'}
    const pause = {container: 'pause'}

    expect(createBody({...plain, network: pause, pid: pause, ipc: pause})).to.deep.nested.include({
      HostConfig: {Binds: [], PortBindings: {}, ...modes},
    })
    expect(createBody({...plain, network: 'host', pid: 'host', ipc: 'none'})).to.deep.nested.include({
      HostConfig: {Binds: [], PortBindings: {}, NetworkMode: 'host', PidMode: 'host', IpcMode: 'none'},
    })
  })

  it('gives times of a health check in nanoseconds, and switches one off by its own word', () => {
    const healthCheck = {test: ['CMD-SHELL', 'true'], intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 0}

    expect(createBody({...plain, healthCheck})).to.have.deep.property('Healthcheck', {
      Test: ['CMD-SHELL', 'true'],
      Interval: 30_000_000_000,
      Timeout: 5_000_000_000,
      Retries: 3,
      StartPeriod: 0,
    })
    expect(createBody({...plain, healthCheck: 'none'})).to.have.deep.property('Healthcheck', {Test: ['NONE']})
  })

  it('asks for GPUs by id, or for all there are, and for none where none are named', () => {
    const requests = (gpuIds: ContainerSpec['gpuIds']) => createBody({...plain, ...(gpuIds ? {gpuIds} : {})})

    expect(requests(['GPU-1', '2'])).to.have.deep.nested.property('HostConfig.DeviceRequests', [
      {DeviceIDs: ['GPU-1', '2'], Capabilities: [['gpu']]},
    ])
    expect(requests('all')).to.have.deep.nested.property('HostConfig.DeviceRequests', [{Count: -1, Capabilities: [['gpu']]}])
    expect(requests([])).not.to.have.nested.property('HostConfig.DeviceRequests')
  })

  it('lets no label of a person stand for one that says whose the container is', () => {
    const {Labels} = createBody({...plain, labels: {colour: 'red', 'berth.task': 'false'}}) as {readonly Labels: Record<string, string>}

    expect(Labels).to.include({colour: 'red', 'berth.task': owner.taskId})
  })
})
