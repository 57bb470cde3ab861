// How hosts become instances: by every kind of address, with what ECS would register of them, and once.
import type {ContainerInstance} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {openSession} from '../../support/session.js'
import {expectRefused, Scene} from '../bad-input/scene.js'
import {Stage} from './stage.js'

const RESERVED_PORTS = ['22', '2375', '2376', '51678', '51679']

describe('instance join', function () {
  this.timeout(60_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open([])
  })

  afterEach(() => leaveAll(stage))
  after(() => stage.close())

  const joined = async (...words: readonly string[]): Promise<ContainerInstance> =>
    (await stage.session.json<{containerInstance: ContainerInstance}>('instance', 'join', ...words)).containerInstance

  it('registers what the engine has, under the name of its host', async () => {
    const told = JSON.parse(await docker(stage.hosts.local, 'info', '--format', '{{json .}}')) as {
      NCPU: number
      MemTotal: number
      Name: string
    }

    const instance = await joined('local')

    expect(instance).to.include({
      ec2InstanceId: told.Name,
      status: 'ACTIVE',
      agentConnected: true,
      runningTasksCount: 0,
      pendingTasksCount: 0,
    })
    expect(resourcesOf(instance)).to.deep.equal({
      CPU: told.NCPU * 1024,
      MEMORY: Math.floor(told.MemTotal / 1024 / 1024),
      PORTS: RESERVED_PORTS,
      PORTS_UDP: [],
    })
    expect(instance.remainingResources).to.deep.equal(instance.registeredResources)
  })

  it('registers what it is told, less what is kept in reserve', async () => {
    const resources = ['--cpu', '512', '--memory', '1g', '--reserve-memory', '256', '--reserve-port', '8443']

    const instance = await joined('ssh://web1', ...resources)

    expect(resourcesOf(instance)).to.deep.equal({
      CPU: 512,
      MEMORY: 768,
      PORTS: ['22', '2375', '2376', '8443', '51678', '51679'],
      PORTS_UDP: [],
    })
  })

  it("gives it ECS's attributes and one's own", async () => {
    const version = JSON.parse(await docker(stage.host('web1'), 'version', '--format', '{{json .Server}}')) as {
      ApiVersion: string
      Arch: string
    }

    const words = ['--zone', 'a', '--instance-type', 'm5.large', '--attribute', 'disk=ssd', '--attribute', 'quiet']
    const attributes = new Map((await joined('ssh://web1', ...words)).attributes?.map(({name = '', value}) => [name, value]))

    expect(Object.fromEntries(attributes)).to.include({
      'ecs.availability-zone': 'a',
      'ecs.instance-type': 'm5.large',
      'ecs.os-type': 'linux',
      'ecs.cpu-architecture': version.Arch === 'amd64' ? 'x86_64' : version.Arch,
      disk: 'ssd',
    })
    expect([...attributes.keys()]).to.include.members([
      'quiet',
      'com.amazonaws.ecs.capability.logging-driver.json-file',
      `com.amazonaws.ecs.capability.docker-remote-api.${version.ApiVersion}`,
    ])
  })

  it('takes a socket by its path, and an engine by an ssh address with its port and socket', async () => {
    const {address} = sshHost(stage.hosts, 'db1')

    await joined(`unix://${stage.hosts.local.socketPath}`, '--name', 'by-path')
    await joined(`ssh://root@${address}:22/run/docker.sock`, '--name', 'by-ssh')

    expect(await stage.session.text('instance', 'list', '-q')).to.equal('by-path\nby-ssh')
    expect((await stage.run([], 'true')).exitCode).to.equal(0)
  })

  it('refuses an engine that is an instance already, whatever it is called', async () => {
    await joined('local', '--name', 'here')

    await expectRefused(stage.scene, ['instance', 'join', `unix://${stage.hosts.local.socketPath}`, '--name', 'again'], {
      code: 'InstanceAlreadyJoined',
      exitCode: 4,
      said: 'is in cluster "prod" already, as instance "here".',
      suggests: 'berth instance describe here -c prod',
    })
  })

  it('refuses an engine that is in a cluster of another state, and leaves that one whole', async () => {
    await joined('ssh://web1', '--name', 'mine')
    const stranger = await Scene.open()

    const refused = {
      code: 'InstanceAlreadyJoined',
      exitCode: 4,
      said: /^The engine at ssh:\/\/web1 is in cluster "prod" already, as instance [\da-f]{32}, of which this state knows nothing\.$/,
    }
    await expectRefused(stranger, ['instance', 'join', 'ssh://web1'], refused)

    expect((await stage.run([], 'true')).exitCode).to.equal(0)
    await stranger.close()
  })

  it('refuses a name that another instance bears', async () => {
    await joined('local', '--name', 'one')

    const refused = {
      code: 'InstanceNameTaken',
      exitCode: 4,
      said: 'Cluster "prod" has an instance named "one" already',
      suggests: 'berth instance join ssh://web1 --name',
    }
    await expectRefused(stage.scene, ['instance', 'join', 'ssh://web1', '--name', 'one'], refused)
  })

  it('joins again what has left', async () => {
    await joined('ssh://web1', '--name', 'once')
    await stage.session.text('instance', 'leave', 'once')
    expect(await docker(stage.host('web1'), 'volume', 'ls', '-q')).to.equal('')

    expect(await joined('ssh://web1', '--name', 'twice')).to.include({ec2InstanceId: 'twice', status: 'ACTIVE'})
  })
})

describe('connections', () => {
  it('are listed while they are kept, one a host, and closed when asked', async () => {
    const session = await openSession()
    await session.text('cluster', 'create', 'prod')
    await session.text('instance', 'join', 'ssh://web1', '--name', 'web1')
    await session.text('instance', 'join', 'ssh://web2', '--name', 'web2')

    const {connections} = await session.json<{connections: readonly {host: string; alive: boolean}[]}>('connection', 'list')
    expect(connections.map(({alive, host}) => ({alive, host}))).to.deep.equal([
      {alive: true, host: 'ssh://web1'},
      {alive: true, host: 'ssh://web2'},
    ])
    expect(await session.text('connection', 'close', 'ssh://web1')).to.equal('ssh://web1')
    expect(await session.text('connection', 'list', '-q')).to.equal('ssh://web2')
    expect((await session.berth('connection', 'close', 'ssh://web1')).exitCode).to.equal(3)

    await session.text('cluster', 'delete', 'prod', '--force', '--yes')
    await session.close()
  })
})

async function leaveAll(stage: Stage): Promise<void> {
  const names = (await stage.session.text('instance', 'list', '-q')).split('\n').filter((name) => name !== '')
  for (const name of names) await stage.session.text('instance', 'leave', name)
}

function resourcesOf(instance: ContainerInstance): Readonly<Record<string, unknown>> {
  const resources = instance.registeredResources ?? []
  return Object.fromEntries(resources.map(({integerValue, name = '', stringSetValue}) => [name, stringSetValue ?? integerValue]))
}
