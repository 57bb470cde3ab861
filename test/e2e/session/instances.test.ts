// Instances over their life: what strangers hold of them, draining, changing, leaving.
import type {ContainerInstance, DescribeContainerInstancesResponse} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {cutOff, heal} from '../../support/hosts/faults.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {expectRefused} from '../bad-input/scene.js'
import {instanceOf, Stage} from './stage.js'

describe('an instance', function () {
  this.timeout(60_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open(['web1', 'web2'])
  })

  after(() => stage.close())

  const described = async (name: string): Promise<ContainerInstance> => {
    const {containerInstances: [instance] = []} = await stage.session.json<DescribeContainerInstancesResponse>('instance', 'describe', name)
    return instance ?? {}
  }

  const remaining = (instance: ContainerInstance, name: string) => {
    const found = instance.remainingResources?.find((resource) => resource.name === name)
    return found?.stringSetValue ?? found?.integerValue ?? 0
  }

  it('has so much less left as foreign containers hold, ports and memory', async () => {
    const before = await described('web1')
    await docker(stage.host('web1'), 'run', '-d', '--name', 'stranger', '-p', '8080:80', '--memory', '100m', 'busybox:test', 'sleep', '600')

    const after = await described('web1')

    expect(Number(remaining(before, 'MEMORY')) - Number(remaining(after, 'MEMORY'))).to.equal(100)
    expect(remaining(after, 'PORTS')).to.include('8080')
    expect(after.runningTasksCount, 'a stranger is no task').to.equal(0)
    const row = (text: string) => text.split('\n').find((line) => line.startsWith('web1 '))
    const [listed, ofCluster] = await Promise.all([stage.session.text('instance', 'list'), stage.session.text('cluster', 'describe')])
    expect(row(ofCluster), 'the cluster tells the same').to.match(/\b100 of \d+.*8080/)
    expect(row(listed)).to.include(row(ofCluster)?.trimEnd())
  })

  it('is passed over for a port that a foreign container holds, and all of them refuse by name', async () => {
    const id = await stage.launch(['-p', '8080:80'])
    expect(await instanceOf(stage.session, await stage.task(id))).to.equal('web2')

    await expectRefused(stage.scene, ['task', 'run', '--image', 'busybox:test', '--memory', '16', '-p', '8080:80', '--', 'true'], {
      code: 'NoInstanceFits',
      exitCode: 5,
      said: /^No instance of cluster "prod" can take the task\.\nweb1: .*8080.*\nweb2: .*8080/,
    })
    await stage.session.text('task', 'stop', id)
    await docker(stage.host('web1'), 'rm', '-f', 'stranger')
  })

  it('holds the resources of its tasks, and gives them back when they have stopped', async () => {
    const before = await described('web1')
    await stage.session.text('instance', 'drain', 'web2')
    const id = await stage.launch(['-p', '9000:80', '-p', '9001:80/udp', '--cpu', '256'])

    const busy = await described('web1')
    expect(Number(remaining(before, 'CPU')) - Number(remaining(busy, 'CPU'))).to.equal(256)
    expect(Number(remaining(before, 'MEMORY')) - Number(remaining(busy, 'MEMORY'))).to.equal(16)
    expect(remaining(busy, 'PORTS')).to.include('9000')
    expect(remaining(busy, 'PORTS_UDP')).to.deep.equal(['9001'])
    expect(busy.runningTasksCount).to.equal(1)
    expect((await stage.container('web1', id)).HostConfig).to.include({CpuShares: 256, Memory: 16 * 1024 * 1024})

    await stage.session.text('task', 'stop', id)
    expect((await described('web1')).remainingResources).to.deep.equal(before.remainingResources)
    await stage.session.text('instance', 'activate', 'web2')
  })

  it('that drains keeps its tasks and takes no new ones, until it is activated', async () => {
    const [kept = ''] = await stage.launchAll([])
    const name = await instanceOf(stage.session, await stage.task(kept))
    const other = name === 'web1' ? 'web2' : 'web1'

    expect(await stage.session.text('instance', 'drain', name)).to.equal(name)

    expect(await stage.session.text('instance', 'list', '--status', 'DRAINING', '-q')).to.equal(name)
    const more = await stage.launchAll(['--count', '3'])
    for (const id of more) expect(await stage.containers(other, id)).to.have.length(1)
    expect((await stage.container(name, kept)).State.Status).to.equal('running')
    expect(await stage.session.text('instance', 'activate', name)).to.equal(name)
    expect(await stage.session.text('instance', 'list', '--status', 'DRAINING', '-q')).to.equal('')
    await stage.session.text('task', 'stop', kept, ...more)
  })

  it('takes other attributes and resources, while its tasks go on', async () => {
    const id = await stage.launch()
    const name = await instanceOf(stage.session, await stage.task(id))

    await stage.session.text('instance', 'update', name, '--attribute', 'disk=ssd', '--zone', 'b', '--reserve-memory', '100')

    const changed = await described(name)
    expect(changed.attributes).to.deep.include.members([
      {name: 'disk', value: 'ssd'},
      {name: 'ecs.availability-zone', value: 'b'},
    ])
    const registered = changed.registeredResources?.find((resource) => resource.name === 'MEMORY')?.integerValue ?? 0
    expect(registered - Number(remaining(changed, 'MEMORY'))).to.equal(16)
    expect((await stage.container(name, id)).State.Status).to.equal('running')
    await stage.session.text('instance', 'update', name, '--remove-attribute', 'disk', '--reserve-memory', '0')
    expect((await described(name)).attributes?.map((attribute) => attribute.name)).not.to.include('disk')
    await stage.session.text('task', 'stop', id)
  })

  it('may not leave while it has tasks, unless they are left behind; those run on and are tracked no more', async () => {
    const id = await stage.launch()
    const name = await instanceOf(stage.session, await stage.task(id))
    const refused = {
      code: 'InstanceContainsTasksException',
      exitCode: 4,
      said: `Instance "${name}" cannot leave while one of its tasks has not stopped.`,
      suggests: `berth instance leave ${name} --force -c prod`,
    }

    await expectRefused(stage.scene, ['instance', 'leave', name], refused)
    expect((await stage.session.berth('instance', 'leave', name, '--force')).exitCode, 'nobody can be asked').to.equal(10)
    expect(await stage.session.text('instance', 'leave', name, '--force', '--yes')).to.equal(name)

    expect((await stage.container(name, id)).State.Status).to.equal('running')
    expect(await stage.session.text('task', 'list', '--all', '-q')).not.to.include(id)
    expect(await docker(stage.host(name), 'volume', 'ls', '-q')).to.equal('')
    await docker(stage.host(name), 'rm', '-f', ...(await stage.containers(name)))
    await stage.session.text('instance', 'join', `ssh://${name}`, '--name', name)
  })

  it('that is silent is told so, its tasks unknown, and is forgotten only by force', async () => {
    const id = await stage.launch(['--placement-constraint', 'distinctInstance', '--count', '2'])
    const web2 = sshHost(stage.hosts, 'web2')
    await cutOff(web2)
    try {
      expect(await stage.session.text('task', 'list')).to.match(/unknown since \S+ +web2/)
      const silent = await described('web2')
      expect(silent).to.include({agentConnected: false, runningTasksCount: 1})
      expect((await stage.task(id)).lastStatus).to.equal('RUNNING')
      expect(await stage.session.text('instance', 'leave', 'web2', '--force', '--yes')).to.equal('web2')
      expect(await stage.session.text('instance', 'list', '-q')).to.equal('web1')
    } finally {
      await heal(web2)
    }
  })
})
