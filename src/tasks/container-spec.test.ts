import {expect} from 'chai'
import {aCluster, aDefinition, aTask, anId} from '../../test/support/build.js'
import type {ContainerDefinition} from '../model/container-definition.js'
import {PAUSE_CONTAINER, runDocument} from '../model/run-document.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {ContainerSpec} from '../world/container-spec.js'
import {containerSpec} from './container-spec.js'
import {NO_MATERIALS, type RunMaterials} from './materials.js'
import type {TaskInContext} from './task-in-context.js'

/** The specs of a task of this document, by container; names on the host are `host-NAME`. */
function specsOf(document: TaskDefinitionDocument, said: {readonly materials?: RunMaterials; readonly gpuIds?: readonly string[]} = {}) {
  const run = runDocument(document)
  const containers = run.containerDefinitions.map(({image, name}) => ({
    name,
    image,
    containerName: `host-${name}`,
    lastStatus: 'PENDING' as const,
  }))
  const task = aTask({id: anId(7), containers, ...(said.gpuIds ? {gpuIds: said.gpuIds} : {})})
  const context: TaskInContext = {
    task,
    cluster: aCluster(),
    definition: {...aDefinition(), document},
    coreCount: 2,
    ...(said.materials ? {materials: said.materials} : {}),
  }
  return Object.fromEntries(run.containerDefinitions.map((container) => [container.name, containerSpec(context, container)]))
}

function specOf(
  container: Partial<ContainerDefinition>,
  document: Partial<TaskDefinitionDocument> = {},
  materials?: RunMaterials,
): ContainerSpec {
  const whole = {family: 'web', containerDefinitions: [{name: 'app', image: 'app:1', ...container}], ...document}
  const spec = specsOf(whole, materials ? {materials} : {})['app']
  if (!spec) throw new Error('There is no container app.')
  return spec
}

describe('containerSpec', () => {
  it('lets the definition win over secrets, and secrets over environment files', () => {
    const of = (value: string, ...names: readonly string[]) => names.map((name) => ({name, value}))
    const materials = {
      ...NO_MATERIALS,
      fileEnvironment: {app: of('file', 'A', 'B', 'C')},
      secretEnvironment: {app: of('secret', 'B', 'C'), other: of('secret', 'A')},
    }

    expect(specOf({environment: of('definition', 'C')}, {}, materials).environment).to.deep.equal([
      {name: 'A', value: 'file'},
      {name: 'B', value: 'secret'},
      {name: 'C', value: 'definition'},
    ])
  })

  describe('ports', () => {
    const portMappings = [
      {containerPort: 80, hostPort: 8080},
      {containerPort: 53, protocol: 'udp' as const},
      {containerPortRange: '9000-9001'},
    ]

    it('are published as they stand on the bridge, a range port by port', () => {
      expect(specOf({portMappings}).ports).to.deep.equal([
        {containerPort: 80, hostPort: 8080, protocol: 'tcp'},
        {containerPort: 53, protocol: 'udp'},
        {containerPort: 9000, protocol: 'tcp'},
        {containerPort: 9001, protocol: 'tcp'},
      ])
    })

    it('are the host’s own on its network, and none without one', () => {
      expect(specOf({portMappings}, {networkMode: 'host'}))
        .to.include({network: 'host'})
        .and.to.have.deep.property('ports', [])
      expect(specOf({}, {networkMode: 'none'})).to.include({network: 'none'})
    })

    it('of an interface of the task’s own are published by the container that holds it, at ports that the engine chooses', () => {
      const document: TaskDefinitionDocument = {
        family: 'web',
        networkMode: 'awsvpc',
        containerDefinitions: [
          {name: 'app', image: 'app:1', portMappings: [{containerPort: 80, hostPort: 80}]},
          {name: 'proxy', image: 'proxy:1', portMappings: [{containerPort: 443}]},
        ],
      }
      const specs = specsOf(document)

      expect(specs[PAUSE_CONTAINER]?.ports).to.deep.equal([
        {containerPort: 80, protocol: 'tcp'},
        {containerPort: 443, protocol: 'tcp'},
      ])
      expect(specs[PAUSE_CONTAINER]).to.not.have.property('network')
      expect(specs['app']).to.deep.include({network: {container: `host-${PAUSE_CONTAINER}`}, ports: []})
      expect(specs['proxy']).to.deep.include({network: {container: `host-${PAUSE_CONTAINER}`}, ports: []})
    })
  })

  describe('limits', () => {
    it('of a container are its own', () => {
      expect(specOf({cpu: 256, memory: 128, memoryReservation: 64})).to.include({cpuShares: 256, memoryMiB: 128, memoryReservationMiB: 64})
      expect(specOf({cpu: 256, memory: 128})).to.not.have.property('cpuCores')
    })

    it('of the task cap each container, and give a limit to one that has none', () => {
      expect(specOf({memoryReservation: 64}, {cpu: '512', memory: '300'})).to.include({
        cpuCores: 0.5,
        memoryMiB: 300,
        memoryReservationMiB: 64,
      })
      expect(specOf({memory: 128}, {cpu: '512', memory: '300'})).to.include({memoryMiB: 128})
    })

    it('never pass the cores of the host', () => {
      expect(specOf({}, {cpu: '4096', memory: '300'})).to.include({cpuCores: 2})
    })

    it('add swap to memory, and leave swappiness out without it', () => {
      expect(specOf({memory: 128, linuxParameters: {maxSwap: 64, swappiness: 10}})).to.include({memoryAndSwapMiB: 192, swappiness: 10})
      expect(specOf({memory: 128, linuxParameters: {swappiness: 10}})).to.not.have.any.keys('swappiness', 'memoryAndSwapMiB')
    })
  })

  it('knows other containers of the task by their names on the host', () => {
    expect(
      specOf(
        {links: ['db:database', 'cache'], volumesFrom: [{sourceContainer: 'data', readOnly: true}]},
        {
          containerDefinitions: [
            {name: 'app', image: 'app:1', links: ['db:database', 'cache'], volumesFrom: [{sourceContainer: 'data', readOnly: true}]},
            {name: 'db', image: 'db:1'},
            {name: 'cache', image: 'cache:1'},
            {name: 'data', image: 'data:1'},
          ],
        },
      ),
    ).to.deep.include({links: ['host-db:database', 'host-cache:cache'], volumesFrom: ['host-data:ro']})
  })

  it('shares process and IPC namespaces of the task by the container that holds them', () => {
    const document = {family: 'web', containerDefinitions: [{name: 'app', image: 'app:1'}], pidMode: 'task', ipcMode: 'task'} as const
    const specs = specsOf(document)

    expect(specs['app']).to.deep.include({pid: {container: `host-${PAUSE_CONTAINER}`}, ipc: {container: `host-${PAUSE_CONTAINER}`}})
    expect(specs[PAUSE_CONTAINER]).to.include({ipc: 'shareable', stopTimeoutSeconds: 0}).and.not.have.property('pid')
    expect(specOf({}, {pidMode: 'host', ipcMode: 'none'})).to.include({pid: 'host', ipc: 'none'})
  })

  it('keeps what only AWS logs to in a file of the engine’s, and hands other drivers their secret options', () => {
    const awslogs = {
      logDriver: 'awslogs' as const,
      options: {'awslogs-group': 'g', 'awslogs-region': 'r', mode: 'non-blocking', 'max-buffer-size': '4m'},
    }
    const splunk = {logDriver: 'splunk' as const, options: {'splunk-url': 'https://x'}}
    const materials = {...NO_MATERIALS, logOptions: {app: {'splunk-token': 'hush'}}}

    expect(specOf({logConfiguration: awslogs}).log).to.deep.equal({
      driver: 'json-file',
      options: {'max-file': '3', 'max-size': '50m', mode: 'non-blocking', 'max-buffer-size': '4m'},
    })
    expect(specOf({logConfiguration: splunk}, {}, materials).log).to.deep.equal({
      driver: 'splunk',
      options: {'splunk-url': 'https://x', 'splunk-token': 'hush'},
    })
    expect(specOf({})).to.not.have.property('log')
  })

  it('mounts folders of the host, shared volumes by their name, and volumes of the task’s own by a name of its own', () => {
    const volumes = [
      {name: 'etc', host: {sourcePath: '/etc'}},
      {name: 'data', dockerVolumeConfiguration: {scope: 'shared' as const}},
      {name: 'scratch', host: {}},
      {name: 'work', dockerVolumeConfiguration: {scope: 'task' as const}},
    ]
    const mountPoints = volumes.map(({name}) => ({sourceVolume: name, containerPath: `/${name}`, readOnly: name === 'etc'}))

    expect(specOf({mountPoints}, {volumes}).binds).to.deep.equal([
      '/etc:/etc:ro',
      'data:/data',
      `berth-scratch-${anId(7)}:/scratch`,
      `berth-work-${anId(7)}:/work`,
    ])
  })

  it('has ECS’s defaults for a health check, and switches off the image’s own where there is none', () => {
    expect(specOf({healthCheck: {command: ['CMD-SHELL', 'true'], interval: 10}}).healthCheck).to.deep.equal({
      test: ['CMD-SHELL', 'true'],
      intervalSeconds: 10,
      timeoutSeconds: 5,
      retries: 3,
      startPeriodSeconds: 0,
    })
    expect(specOf({}).healthCheck).to.equal('none')
    expect(specOf({healthCheck: {command: ['NONE']}}).healthCheck).to.equal('none')
  })

  it('deals the GPUs of the task out in the order of the definition', () => {
    const gpus = (value: string) => ({resourceRequirements: [{type: 'GPU' as const, value}]})
    const document = {
      family: 'web',
      containerDefinitions: [
        {name: 'a', image: 'a:1', ...gpus('1')},
        {name: 'b', image: 'b:1'},
        {name: 'c', image: 'c:1', ...gpus('2')},
      ],
    }
    const specs = specsOf(document, {gpuIds: ['g0', 'g2', 'g5']})

    expect(specs['a']?.gpuIds).to.deep.equal(['g0'])
    expect(specs['b']).to.not.have.property('gpuIds')
    expect(specs['c']?.gpuIds).to.deep.equal(['g2', 'g5'])
    expect(specOf(gpus('ALL')).gpuIds).to.equal('all')
  })

  it('tells devices, tmpfs and limits in Docker’s words', () => {
    const spec = specOf({
      linuxParameters: {
        devices: [{hostPath: '/dev/fuse'}, {hostPath: '/dev/a', containerPath: '/dev/b', permissions: ['read']}],
        tmpfs: [{containerPath: '/run', size: 16, mountOptions: ['noexec']}],
      },
      ulimits: [{name: 'nofile', softLimit: 1024, hardLimit: 2048}],
      systemControls: [{namespace: 'net.core.somaxconn', value: '512'}],
    })

    expect(spec.devices).to.deep.equal([
      {hostPath: '/dev/fuse', containerPath: '/dev/fuse', permissions: 'rwm'},
      {hostPath: '/dev/a', containerPath: '/dev/b', permissions: 'r'},
    ])
    expect(spec.tmpfs).to.deep.equal({'/run': 'size=16m,noexec'})
    expect(spec.ulimits).to.deep.equal([{name: 'nofile', soft: 1024, hard: 2048}])
    expect(spec.sysctls).to.deep.equal({'net.core.somaxconn': '512'})
  })
})
