// What lies on hosts and belongs to no task, hosts that are not what they were, and what of it somebody knows already.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import type {State} from '../../../src/model/state.js'
import {cutOff, heal} from '../../support/hosts/faults.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {DriftStage} from './drift-stage.js'

describe('cluster drift, of a host', function () {
  this.timeout(120_000)
  let scene: DriftStage

  beforeEach(async () => {
    scene = await DriftStage.open()
  })

  afterEach(() => scene.close())

  const names = async () => (await scene.docker('ps', '-a', '--format', '{{.Names}}')).trim().split('\n').sort()

  it('removes a container that was started by hand with the labels of a task, and leaves strangers alone', async () => {
    const {container} = await scene.launch()
    await scene.docker('run', '-d', '--name', 'stranger', 'busybox:test', 'sleep', '600')
    const before = await names()
    await scene.copyOf(container, '--name', 'copy')

    const found = await scene.only()

    expect(found).to.include({kind: 'started', wanted: 'only its own containers', found: 'copy runs'})
    expect(found.adopt).to.deep.equal({possible: false, said: 'the task has its containers'})
    expect(await scene.stage.session.berth('cluster', 'drift', '--revert', 'all')).to.include({exitCode: 10})
    expect(await scene.answer('--revert', 'all')).to.include({exitCode: 0})
    expect(await names()).to.deep.equal(before)
    expect(await scene.look()).to.include({exitCode: 0})
  })

  it('takes a task back that the state forgot when it was restored, and which then ends as any other', async () => {
    const {revision} = await scene.stage.session.json<State>('state', 'show')
    const {id} = await scene.launch(['-p', '80', '--started-by', 'ada'])
    const before = await scene.stage.task(id)
    const {definitions, families, ...rest} = await scene.stage.session.json<State>('state', 'show')
    await scene.stage.session.text('state', 'restore', String(revision), '--yes')

    const unknown = await scene.only()
    expect(unknown).to.include({kind: 'started', wanted: 'no such task', subject: `task ${id.slice(0, 12)}`})
    expect(unknown.adopt.said).to.match(/^task definition \S+ is not known$/)

    const file = join(scene.stage.session.folder, 'pushed.json')
    await writeFile(file, JSON.stringify({...rest, tasks: {}, intents: {}, definitions, families}))
    await scene.stage.session.text('state', 'push', file, '--yes')
    const known = await scene.only()
    expect(known.adopt).to.deep.equal({possible: true, said: 'the task is recorded, RUNNING'})
    expect(await scene.answer('--adopt', known.id)).to.include({exitCode: 0})
    const after = await scene.stage.task(id)
    expect(after).to.deep.include({
      lastStatus: 'RUNNING',
      startedBy: 'ada',
      group: before.group,
      startedAt: before.startedAt,
      containers: before.containers,
    })
    expect(await scene.look()).to.include({exitCode: 0})
    await scene.stage.session.text('task', 'stop', '--timeout', '1', id)
    expect((await scene.stage.task(id)).containers?.[0]?.exitCode).to.equal(143)
  })

  it('tells that a tag moved: it is set back, or known from now on', async () => {
    await scene.docker('tag', 'busybox:test', 'moving:1')
    await scene.stage.session.text('task', 'run', '--image', 'moving:1', '--memory', '16', '--detach', '--', 'sleep', '600')
    const [running = ''] = await scene.stage.containers('web1')
    const {Image} = await scene.stage.inspect('web1', running)
    const other = (await scene.docker('commit', '--message', 'other', running)).trim()
    await scene.docker('tag', other, 'moving:1')

    const moved = await scene.only()
    expect(moved).to.include({kind: 'image', subject: 'image moving:1'})
    expect(await scene.answer('--revert', moved.id)).to.include({exitCode: 0})
    expect((await scene.docker('inspect', '--format', '{{.Id}}', 'moving:1')).trim()).to.equal(Image)
    expect(await scene.look()).to.include({exitCode: 0})

    await scene.docker('rmi', 'moving:1')
    expect((await scene.only()).found).to.equal('names no image')
    await scene.docker('tag', other, 'moving:1')
    expect(await scene.only()).to.include({id: moved.id})
    expect(await scene.answer('--adopt', moved.id)).to.include({exitCode: 0})
    expect(await scene.look()).to.deep.include({exitCode: 0, drift: [], ignoredCount: 1})
  })

  it('tells what of a host is not as recorded, and records it anew', async () => {
    const state = await scene.stage.session.json<State>('state', 'show')
    const [instance] = Object.values(state.instances)
    if (!instance) throw new Error('There is no instance.')
    const {engine, registered} = instance
    const file = join(scene.stage.session.folder, 'pushed.json')
    const other = {...instance, engine: {...engine, cpuCount: 64}, registered: {...registered, cpuUnits: 65_536}}
    await writeFile(file, JSON.stringify({...state, instances: {[instance.id]: other}}))
    await scene.stage.session.text('state', 'push', file, '--yes')

    const found = await scene.only()

    expect(found).to.include({kind: 'engine', wanted: 'cpuCount 64', found: `cpuCount ${engine.cpuCount}`})
    expect(found.revert.possible).to.equal(false)
    expect(await scene.answer('--adopt', found.id)).to.include({exitCode: 0})
    const after = Object.values((await scene.stage.session.json<State>('state', 'show')).instances)[0]
    expect(after).to.deep.include({engine, registered, builtInAttributes: instance.builtInAttributes})
    expect(await scene.look()).to.include({exitCode: 0})
  })

  it('counts no more what is ignored, until it changes again, is heeded, or is gone', async () => {
    const {container} = await scene.launch()
    await scene.docker('update', '--cpu-shares', '512', container)
    const first = await scene.only()

    expect(await scene.answer('--ignore', first.id)).to.include({exitCode: 0})
    expect(await scene.look()).to.deep.include({exitCode: 0, drift: [], ignoredCount: 1})
    expect(await scene.stage.session.text('cluster', 'drift')).to.equal('No drift.\n1 ignored: berth cluster drift --all')
    expect((await scene.look('--all')).drift[0]?.ignored?.by).to.match(/^\S+@\S+$/)

    await scene.docker('update', '--cpu-shares', '256', container)
    const second = await scene.only()
    expect(second.id).to.not.equal(first.id)
    await scene.answer('--ignore', 'all')
    const ignored = async () => Object.keys((await scene.stage.session.json<State>('state', 'show')).ignoredDrift)
    expect(await ignored()).to.deep.equal([second.id])

    expect(await scene.answer('--heed', second.id)).to.include({exitCode: 0})
    expect(await scene.only()).to.include({id: second.id})
    await scene.answer('--ignore', second.id)
    await scene.stage.session.text('instance', 'leave', 'web1', '--force', '--yes')
    expect(await ignored()).to.deep.equal([])
  })

  it('refuses an id that names nothing, and two answers to one', async () => {
    const {container} = await scene.launch()
    await scene.docker('update', '--cpu-shares', '512', container)
    const {id} = await scene.only()
    const errorOf = async (...flags: readonly string[]) => JSON.parse((await scene.answer(...flags, '--json')).stdout).error

    expect(await errorOf('--adopt', 'ffffffffffff')).to.include({code: 'DriftNotFound', exitCode: 3})
    expect(await errorOf('--adopt', id, '--ignore', id)).to.include({code: 'TwoAnswers', exitCode: 2})
    expect((await scene.look()).exitCode).to.equal(11)
  })
})

describe('cluster drift, of hosts of which one is cut off', function () {
  this.timeout(120_000)

  it('says that one is unknown, tells of the other, and changes nothing of either', async () => {
    const scene = await DriftStage.open(['web1', 'web2'])
    const web2 = sshHost(scene.stage.hosts, 'web2')
    try {
      const {container} = await scene.launch()
      const far = await scene.stage.launch(['--placement-constraint', 'memberOf:ec2InstanceId == web2'])
      await cutOff(web2)
      // Known to be silent it is waited for no longer than a listing waits.
      await scene.stage.session.text('instance', 'list')
      const before = scene.stage.scene.stateText()

      expect(await scene.look()).to.include({exitCode: 0})
      await scene.docker('rm', '-f', container)
      const {drift, exitCode, silent} = await scene.look()

      expect(drift.map(({instance, kind}) => `${instance} ${kind}`)).to.deep.equal(['web1 removed'])
      expect([exitCode, silent.map(({instance}) => instance)]).to.deep.equal([11, ['web2']])
      expect(scene.stage.scene.stateText()).to.equal(before)
      expect((await scene.answer('--adopt', 'all')).exitCode).to.equal(0)
      expect(await scene.stage.session.text('task', 'list', '--cached', '-q')).to.equal(far)
      expect((await scene.stage.session.berth('cluster', 'drift')).stdout).to.match(/^No drift\.\nweb2: unknown since \S+: /)
    } finally {
      await heal(web2)
      await scene.close()
    }
  })
})
