// Tasks that somebody changed behind Berth's back: each drift with each answer that it has, on a real host.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import {idOf} from '../session/stage.js'
import {DriftStage} from './drift-stage.js'

const MIB = 1024 * 1024
/** On a host with a network of its own. */
const PORT = '8080'

describe('cluster drift, of a task', function () {
  this.timeout(120_000)
  let scene: DriftStage

  beforeEach(async () => {
    scene = await DriftStage.open()
  })

  afterEach(() => scene.close())

  const status = async (id: string) => (await scene.stage.task(id)).lastStatus
  const running = async () => {
    const {tasks} = await scene.stage.session.json<{tasks: {taskArn: string}[]}>('task', 'list')
    return tasks.map((task) => idOf(task))
  }

  it('is none where nobody changed anything, and looking changes nothing', async () => {
    const {id} = await scene.launch(['-p', `${PORT}:80`, '--cpu', '128'])
    await scene.launch(['-p', '81', '--env', 'A=b'])
    const stopped = await scene.launch()
    await scene.stage.session.text('task', 'stop', '--timeout', '1', stopped.id)
    const before = scene.stage.scene.stateText()

    expect(await scene.look()).to.deep.equal({exitCode: 0, drift: [], ignoredCount: 0, silent: []})
    expect(await scene.stage.session.text('cluster', 'drift')).to.equal('No drift.')
    expect(scene.stage.scene.stateText()).to.equal(before)
    expect(await status(id)).to.equal('RUNNING')
  })

  it('is none of a task with all that a definition can ask of an engine', async () => {
    const file = join(scene.stage.session.folder, 'whole.json')
    const program = {image: 'busybox:test', command: ['sleep', '600'], environment: [{name: 'A', value: 'b'}]}
    const document = {
      family: 'whole',
      networkMode: 'awsvpc',
      cpu: '512',
      memory: '128',
      volumes: [{name: 'data'}],
      containerDefinitions: [
        {
          ...program,
          name: 'main',
          memory: 32,
          memoryReservation: 16,
          cpu: 1,
          portMappings: [{containerPort: 80}],
          mountPoints: [{sourceVolume: 'data', containerPath: '/data'}],
          healthCheck: {command: ['CMD-SHELL', 'true'], interval: 5},
          dockerLabels: {mine: 'yes'},
          restartPolicy: {enabled: true},
          ulimits: [{name: 'nofile', softLimit: 1024, hardLimit: 1024}],
          linuxParameters: {initProcessEnabled: true, maxSwap: 16, swappiness: 10},
        },
        {...program, name: 'side', essential: false, dependsOn: [{containerName: 'main', condition: 'START'}]},
      ],
    }
    await writeFile(file, JSON.stringify(document))
    await scene.stage.session.text('task-definition', 'register', file)
    await scene.stage.session.text('task', 'run', 'whole', '--detach')

    expect(await scene.look()).to.deep.equal({exitCode: 0, drift: [], ignoredCount: 0, silent: []})
  })

  it('that was removed by hand is told and not recorded, until it is adopted', async () => {
    const {container, id} = await scene.launch()
    await scene.docker('rm', '-f', container)

    const found = await scene.only()

    expect(found).to.include({kind: 'removed', instance: 'web1', subject: `task ${id.slice(0, 12)}`, found: 'gone'})
    expect((await scene.look()).exitCode).to.equal(11)
    expect(await scene.stage.session.text('task', 'list', '--cached', '-q')).to.equal(id)
    expect((await scene.answer('--adopt', found.id, '--dry-run')).stdout).to.match(new RegExp(`^record task ${id} on web1 as STOPPED`, 'm'))
    expect(await scene.answer('--adopt', found.id.slice(0, 5))).to.include({exitCode: 0})
    expect(await scene.stage.session.text('task', 'list', '--cached', '-q')).to.equal('')
    expect(await scene.look()).to.include({exitCode: 0})
  })

  it('that was removed by hand is replaced by another of the same run', async () => {
    const {container, id} = await scene.launch(['--env', 'A=b', '--started-by', 'ada', '--group', 'blue'])
    const before = await scene.stage.task(id)
    await scene.docker('rm', '-f', container)
    const found = await scene.only()

    const {exitCode, stderr} = await scene.answer('--revert', found.id)

    expect(exitCode, stderr).to.equal(0)
    const [next = ''] = await running()
    const after = await scene.stage.task(next)
    expect(next).to.not.equal(id)
    expect(await status(id)).to.equal('STOPPED')
    expect(after).to.deep.include({
      group: before.group,
      startedBy: 'ada',
      overrides: before.overrides,
      containerInstanceArn: before.containerInstanceArn,
      lastStatus: 'RUNNING',
    })
    expect((await scene.stage.container('web1', next)).Config.Env).to.include('A=b')
    expect(await scene.look()).to.include({exitCode: 0})
  })

  it('that holds other limits is held to its own again, and goes on', async () => {
    const {container, id} = await scene.launch(['--cpu', '128'])
    await scene.docker('update', '--memory', '32m', '--memory-swap', '64m', '--cpu-shares', '512', '--restart', 'always', container)

    const found = await scene.only()
    const {exitCode, stderr} = await scene.answer('--revert', found.id)

    expect(found).to.include({kind: 'limits'})
    expect(found.wanted).to.match(/: CPU shares 128, memory 16 MiB, restart policy no$/)
    expect(found.found).to.match(/: CPU shares 512, memory 32 MiB, restart policy always$/)
    expect(found.adopt.possible).to.equal(false)
    expect(exitCode, stderr).to.equal(0)
    const {HostConfig, Id, State} = await scene.stage.inspect('web1', container)
    expect([Id, State.Status, HostConfig.Memory, HostConfig.CpuShares]).to.deep.equal([container, 'running', 16 * MIB, 128])
    expect(await scene.look()).to.include({exitCode: 0})
    expect(await status(id)).to.equal('RUNNING')
  })

  it('that holds other limits asks for them from now on, and takes so much of its instance', async () => {
    const {container, id} = await scene.launch()
    await scene.docker('update', '--memory', '32m', '--memory-swap', '64m', container)
    const found = await scene.only()

    const {exitCode, stderr} = await scene.answer('--adopt', found.id)

    expect(exitCode, stderr).to.equal(0)
    const {overrides} = await scene.stage.task(id)
    expect(overrides?.containerOverrides?.[0]).to.include({memory: 32})
    expect(await scene.stage.session.text('task', 'describe', id)).to.match(/Takes: +0 CPU units, 32 MiB/)
    expect(await scene.look()).to.include({exitCode: 0})
  })

  it('that got a limit it never had is replaced: no engine takes one off', async () => {
    const {container, id} = await scene.launch()
    await scene.docker('update', '--cpus', '0.5', container)
    const found = await scene.only()

    expect(found.revert.said).to.match(/^the task is stopped, and another of \S+ starts in its place$/)
    expect(await scene.stage.session.berth('cluster', 'drift', '--revert', found.id)).to.include({exitCode: 10})
    expect(await status(id)).to.equal('RUNNING')
    expect(await scene.answer('--revert', found.id)).to.include({exitCode: 0})
    expect(await status(id)).to.equal('STOPPED')
    expect(await running()).to.have.length(1)
    expect(await scene.look()).to.include({exitCode: 0})
  })

  it('whose container was made anew is told from it, and takes it for its own or is replaced', async () => {
    const {container, id} = await scene.launch()
    const {HostConfig, Name} = await scene.stage.inspect('web1', container)
    const again = async () => {
      const copy = await scene.copyOf(container, '--memory', String(HostConfig.Memory))
      const [old = ''] = (await scene.docker('ps', '-q', '--no-trunc', '--filter', `name=${Name}`)).split('\n')
      await scene.docker('rm', '-f', old)
      await scene.docker('rename', copy, Name.slice(1))
      return copy
    }
    const first = await again()
    const found = await scene.only()
    expect(found).to.include({kind: 'replaced', found: `made anew as ${first.slice(0, 12)}`})
    expect(await scene.answer('--adopt', 'all')).to.include({exitCode: 0})
    expect((await scene.stage.task(id)).containers?.[0]?.runtimeId).to.equal(first)
    expect(await scene.look()).to.include({exitCode: 0})

    const {Config} = await scene.stage.inspect('web1', first)
    expect(Config.Labels['berth.task']).to.equal(id)
    await scene.docker('rm', '-f', first)
    await scene.docker('run', '-d', '--name', Name.slice(1), 'busybox:test', 'sleep', '600')

    const held = await scene.only()
    expect(held).to.include({kind: 'removed', found: 'gone, and a container that is not its own bears the name'})
    expect(await scene.answer('--revert', 'all')).to.include({exitCode: 0})
    expect((await scene.docker('ps', '--format', '{{.Names}}')).split('\n')).to.include(Name.slice(1))
    expect(await running()).to.have.length(1)
    expect(await scene.look()).to.include({exitCode: 0})
  })

  it('got other ports when it was restarted by hand, and they are recorded', async () => {
    const {container, id} = await scene.launch(['-p', '80'])
    const {NetworkSettings} = await scene.stage.inspect('web1', container)
    const port = NetworkSettings.Ports['80/tcp']?.[0]?.HostPort ?? ''
    await scene.docker('restart', '-t', '1', container)
    const now = (await scene.stage.inspect('web1', container)).NetworkSettings.Ports['80/tcp']?.[0]?.HostPort ?? ''
    expect(now).to.not.equal(port)

    const found = await scene.only()

    expect(found.kind).to.equal('port')
    expect([found.wanted.includes(`:${port}->80/tcp`), found.found.includes(`:${now}->80/tcp`)]).to.deep.equal([true, true])
    expect(await scene.answer('--adopt', found.id)).to.include({exitCode: 0})
    const {containers} = await scene.stage.task(id)
    expect(containers?.[0]?.networkBindings?.map(({hostPort}) => String(hostPort))).to.include(now)
    expect(await scene.look()).to.include({exitCode: 0})
  })

  it('has a port that another container took: told with who holds it, and never stopped', async () => {
    const {container} = await scene.launch(['-p', `${PORT}:80`])
    await scene.docker('stop', '-t', '1', container)
    await scene.docker('run', '-d', '--name', 'thief', '-p', `${PORT}:80`, 'busybox:test', 'sleep', '600')

    const found = await scene.only()

    expect(found).to.include({kind: 'port', subject: `port ${PORT}/tcp`, found: 'held by container thief'})
    expect(found.revert)
      .to.include({possible: false})
      .and.property('mend')
      .to.match(/^ssh \S+ docker .*stop thief$/)
    const refused = await scene.answer('--revert', found.id, '--json')
    expect(JSON.parse(refused.stdout).error).to.include({code: 'NoSuchAnswer', exitCode: 4})
    expect((await scene.docker('ps', '--format', '{{.Names}}')).trim()).to.equal('thief')
  })
})
