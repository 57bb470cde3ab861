// A controller on real hosts: what dies is replaced, what falls silent is waited for, what others ask for is carried out, and its end is a clean one.
import {expect} from 'chai'
import {docker, killEngine, startEngine} from '../../support/hosts/engine.js'
import {cutOff, heal} from '../../support/hosts/faults.js'
import {succeeds, waitUntil} from '../../support/hosts/programs.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {type Running, Stage} from '../session/stage.js'
import {containersUp, register, runningTasks, startController, untilRunning} from './controller-stage.js'

const HOSTS = ['web1', 'web2', 'db1'] as const

describe('a controller', function () {
  this.timeout(180_000)
  let stage: Stage
  let controller: Running

  before(async () => {
    stage = await Stage.open(HOSTS)
    await register(stage.session, 'one')
    controller = await startController(stage.session, '--metrics', '0', '--log-format', 'json', '--full-look-every', '10s')
  })
  after(async () => {
    controller.signal('SIGTERM')
    await controller.ended
    await stage.close()
  })

  it('carries out a service that was made elsewhere and left to it', async () => {
    const words = ['--task-definition', 'web', '--desired-count', '6', '--healthy-after', '0', '--detach']
    await stage.session.text('service', 'create', 'web', ...words)

    await untilRunning(stage.session, 6)

    expect(await containersUp(stage, HOSTS)).to.have.length(6)
    await stage.session.text('cluster', 'settle', '--timeout', '60s')
  })

  it('replaces a container whose process is killed', async () => {
    const host = stage.host('web1')
    const [container = ''] = await containersUp(stage, ['web1'])
    const pid = Number(await docker(host, 'inspect', '-f', '{{.State.Pid}}', container))

    const killedAt = Date.now()
    process.kill(pid, 'SIGKILL')
    await waitUntil('another container', async () => {
      const up = await containersUp(stage, HOSTS)
      return up.length === 6 && !up.includes(container)
    })

    process.stderr.write(`      replaced ${Date.now() - killedAt} ms after the kill\n`)
    await untilRunning(stage.session, 6)
  })

  it('carries out an update that was left to it', async () => {
    await register(stage.session, 'two')

    await stage.session.text('service', 'update', 'web', '--task-definition', 'web:2', '--detach')

    await untilRunning(stage.session, 6, 2)
    await stage.session.text('service', 'wait', 'web')
    expect(await containersUp(stage, HOSTS)).to.have.length(6)
  })

  it('has all well again after an engine was killed and started', async () => {
    const host = stage.host('web2')
    await killEngine(host)
    await startEngine(host)

    await waitUntil('six containers', async () => (await containersUp(stage, HOSTS)).length === 6, 60_000)
    await untilRunning(stage.session, 6)
    await stage.session.text('cluster', 'settle', '--timeout', '60s')
  })

  it('replaces the tasks of a host that is cut off for longer than the grace period, and ends what is too much when it is back', async () => {
    const db1 = sshHost(stage.hosts, 'db1')
    await stage.session.text('service', 'update', 'web', '--silence-grace', '3s', '--detach')
    await cutOff(db1)

    await waitUntil('six containers elsewhere', async () => (await containersUp(stage, ['web1', 'web2'])).length === 6, 90_000)
    await heal(db1)

    await waitUntil('six containers in all', async () => (await containersUp(stage, HOSTS)).length === 6, 90_000)
    await stage.session.text('cluster', 'settle', '--timeout', '60s')
  })

  it('says who it is, what it heals, and its figures', async () => {
    const {controller: status} = await stage.session.json<{
      controller: {leader: {pid: number; command: string}; state: string; services: readonly {serviceName: string; isSteady: boolean}[]}
    }>('controller', 'status')
    expect(status).to.deep.include({state: stage.session.stateFile})
    expect(status.leader.command).to.equal('controller run')
    expect(status.services).to.have.length(1)
    expect(status.services[0]).to.deep.include({serviceName: 'web', isSteady: true})
    expect(await stage.session.text('service', 'describe', 'web')).to.match(
      new RegExp(`^Healed by: +controller of .*process ${status.leader.pid}`, 'm'),
    )

    const [, address = ''] = /figures are at (\S+\/metrics)/.exec(controller.said()) ?? []
    const page = await (await fetch(address)).text()
    const figures = new Map(
      page
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    )
    expect(figures.get('berth_controller_leader')).to.equal(1)
    expect(figures.get('berth_service_running_tasks{cluster="prod",service="web"}')).to.equal(6)
    expect(figures.get('berth_tasks{cluster="prod",status="RUNNING"}')).to.equal(6)
    expect(figures.get('berth_engine_call_duration_seconds_count{instance="web1"}')).to.be.greaterThan(0)
    expect([...figures.values()].filter(Number.isNaN)).to.deep.equal([])
  })

  it('logs a document an event, with service and task', () => {
    const entries = controller
      .said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as {time: string; level: string; message: string; service?: string; task?: string})

    expect(
      entries.every(({level, message, time}) => level !== undefined && message !== undefined && !Number.isNaN(Date.parse(time))),
    ).to.equal(true)
    expect(entries.some(({level, service, task}) => level === 'warn' && service === 'web' && task !== undefined)).to.equal(true)
  })

  it('is printed as a unit that systemd understands', async () => {
    const unit = await stage.session.text('controller', 'install', '--systemd', '--print')
    expect(unit).to.include(`controller run --cluster prod --state ${stage.session.stateFile}`)

    const installed = await stage.session.text('controller', 'install', '--systemd', '--user', '--quiet')
    expect(installed).to.match(/systemd\/user\/berth-controller@prod\.service$/)
    // It is not on every machine.
    if (await succeeds('systemd-analyze', ['--version']))
      expect(await succeeds('systemd-analyze', ['verify', installed]), `systemd-analyze verify ${installed}`).to.equal(true)
    expect(await stage.session.text('controller', 'uninstall', '--systemd', '--user', '--quiet')).to.equal(installed)
  })

  it('ends by SIGTERM with 0, and leaves the tasks as they are', async () => {
    const before = (await runningTasks(stage.session)).map(({id}) => id)

    controller.signal('SIGTERM')
    const {exitCode} = await controller.ended

    expect(exitCode).to.equal(0)
    expect((await runningTasks(stage.session)).map(({id}) => id)).to.have.members(before)
    expect(await stage.session.text('controller', 'status')).to.match(/^Leader: +nobody/m)
    expect(await stage.session.text('service', 'describe', 'web')).to.match(/^Healed by: +nobody/m)
  })
})
