// Controllers that die: on a state in etcd another takes over within seconds, and what the first one had begun is ended right.
import {expect} from 'chai'
import type {State} from '../../../src/model/state.js'
import {EtcdCluster} from '../../support/etcd/cluster.js'
import {docker} from '../../support/hosts/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {openSession, type Session} from '../../support/session.js'
import {type Running, Stage} from '../session/stage.js'
import {containersUp, register, runningTasks, startController, untilRunning} from './controller-stage.js'

const HOSTS = ['web1', 'web2', 'db1'] as const

describe('controllers of one state', function () {
  this.timeout(180_000)
  let cluster: EtcdCluster
  let stage: Stage
  let other: Session
  const running: Running[] = []

  before(async () => {
    cluster = await EtcdCluster.start()
    const env = {BERTH_STATE: cluster.address('controllers')}
    stage = await Stage.open(HOSTS, env)
    other = await openSession(env)
    await register(stage.session, 'one')
  })
  after(async () => {
    for (const one of running) one.signal('SIGTERM')
    await Promise.all(running.map(({ended}) => ended))
    await other.close()
    await stage.close()
    await cluster.stop()
  })

  const controller = async (session: Session) => {
    const one = await startController(session)
    running.push(one)
    return one
  }

  it('take over from the one that leads within seconds of its death', async () => {
    const first = await controller(stage.session)
    await first.says('leads: ')
    const second = await controller(other)
    await second.says('stands by: ')
    await stage.session.text(
      'service',
      'create',
      'web',
      '--task-definition',
      'web',
      '--desired-count',
      '3',
      '--healthy-after',
      '0',
      '--detach',
    )
    await untilRunning(stage.session, 3)
    const {controller: before} = await other.json<{controller: {leader: {pid: number}; standby: readonly {pid: number}[]}}>(
      'controller',
      'status',
    )
    expect(before.standby).to.have.length(1)

    const killedAt = Date.now()
    first.signal('SIGKILL')
    await waitUntil('the other to lead', () => second.said().includes('leads: '), 60_000)
    process.stderr.write(`      took over ${Date.now() - killedAt} ms after the kill\n`)

    const {controller: after} = await other.json<{controller: {leader: {pid: number}; standby: readonly unknown[]}}>('controller', 'status')
    expect(after.leader.pid).to.equal(before.standby[0]?.pid)
    expect(after.standby).to.deep.equal([])
    const [container = ''] = await containersUp(stage, HOSTS)
    const [host = 'web1'] = (
      await Promise.all(HOSTS.map(async (name) => ((await containersUp(stage, [name])).includes(container) ? [name] : [])))
    ).flat()
    await docker(stage.host(host), 'kill', container)
    await waitUntil('another container', async () => {
      const up = await containersUp(stage, HOSTS)
      return up.length === 3 && !up.includes(container)
    })
  })

  it('end a rolling update right that the one before was killed in', async () => {
    await untilRunning(stage.session, 3)
    await register(stage.session, 'two')
    const leader = running.at(-1)
    await stage.session.text('service', 'update', 'web', '--task-definition', 'web:2', '--detach')
    await waitUntil('the first new task', async () =>
      (await runningTasks(stage.session)).some(({definitionId}) => definitionId === 'web:2'),
    )
    leader?.signal('SIGKILL')

    const next = await controller(stage.session)
    await waitUntil('the next to lead', () => next.said().includes('leads: '), 60_000)

    await untilRunning(stage.session, 3, 2)
    await stage.session.text('service', 'wait', 'web')
    expect(await containersUp(stage, HOSTS)).to.have.length(3)
    const {intents} = JSON.parse(await stage.session.text('state', 'show')) as State
    expect(intents).to.deep.equal({})
  })
})
