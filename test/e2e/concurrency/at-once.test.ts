// Many commands at once, each a process of its own: nothing is given away twice, and nobody's work is lost.
import type {RunTaskResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {logins} from '../../support/hosts/sshd.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {openSession, type Ran, type Session} from '../../support/session.js'
import {stateIn} from '../../support/state-folder.js'
import {idOf, instanceOf, LASTING, Stage} from '../session/stage.js'

const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({length: count}, (_, index) => make(index))

describe('twenty runs at once', function () {
  this.timeout(120_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open([])
    for (const [name, memory] of [
      ['web1', '400'],
      ['web2', '300'],
      ['db1', '350'],
    ] as const)
      await stage.session.text('instance', 'join', `ssh://${name}`, '--name', name, '--memory', memory)
  })

  after(() => stage.close())

  it('on room for ten place ten and refuse ten, and no instance holds more than it has', async () => {
    const run = () =>
      stage.session.berth('task', 'run', '--image', 'busybox:test', '--memory', '100', '--detach', '--json', '--', ...LASTING)

    const ran = await Promise.all(times(20, run))

    expect(counted(ran.map(({exitCode}) => exitCode)), ran.map(({stderr}) => stderr).join('\n')).to.deep.equal({0: 10, 5: 10})
    const placed = ran.filter(({exitCode}) => exitCode === 0).flatMap(({stdout}) => (JSON.parse(stdout) as RunTaskResponse).tasks ?? [])
    expect(new Set(placed.map(idOf)).size).to.equal(10)
    const held = await Promise.all(['web1', 'web2', 'db1'].map(async (host) => (await stage.containers(host)).length))
    expect(held, 'what Docker runs on web1, web2, db1').to.deep.equal([4, 3, 3])
    for (const refused of ran.filter(({exitCode}) => exitCode === 5)) expect(codeOf(refused)).to.equal('NoInstanceFits')
  })

  it('leave a state that is whole and says what Docker says', async () => {
    const {tasks} = stateIn(stage.session.stateFile)
    expect(Object.keys(tasks)).to.have.length(10)

    const running = await stage.session.json<{tasks: readonly Task[]}>('task', 'list')
    expect(running.tasks).to.have.length(10)
    for (const task of running.tasks) {
      expect(task.lastStatus).to.equal('RUNNING')
      const facts = await stage.container(await instanceOf(stage.session, task), idOf(task))
      expect(facts.State.Status).to.equal('running')
      expect(facts.HostConfig.Memory).to.equal(100 * 1024 * 1024)
    }
  })

  it('are stopped by ten stops at once', async () => {
    const ids = (await stage.session.text('task', 'list', '-q')).split('\n')

    const stopped = await Promise.all(ids.map((id) => stage.session.berth('task', 'stop', id)))

    expect(counted(stopped.map(({exitCode}) => exitCode))).to.deep.equal({0: 10})
    expect(await stage.session.text('task', 'list', '-q')).to.equal('')
    expect(await docker(stage.host('web1'), 'ps', '-q')).to.equal('')
  })
})

describe('at once', function () {
  this.timeout(60_000)
  let stage: Stage
  let stranger: Session

  beforeEach(async () => {
    stage = await Stage.open([])
    stranger = await openSession()
  })

  afterEach(async () => {
    await stranger.close()
    await stage.close()
  })

  it('twenty cold commands on one ssh host log in once', async () => {
    await stage.session.text('instance', 'join', 'ssh://web1', '--name', 'web1')
    await stage.session.text('connection', 'close')
    const web1 = sshHost(stage.hosts, 'web1')
    const before = logins(web1)

    const ran = await Promise.all(times(20, () => stage.session.berth('task', 'list')))

    expect(counted(ran.map(({exitCode}) => exitCode))).to.deep.equal({0: 20})
    expect(logins(web1) - before).to.equal(1)
  })

  it('joins of one engine end with one instance: one wins, the others are refused, whatever state they write', async () => {
    await stranger.text('cluster', 'create', 'prod')
    const sessions = [stage.session, stranger, stage.session, stranger]

    const ran = await Promise.all(
      sessions.map((session, index) => session.berth('instance', 'join', 'ssh://web1', '--name', `join-${index}`, '--json')),
    )

    expect(counted(ran.map(({exitCode}) => exitCode))).to.deep.equal({0: 1, 4: 3})
    expect(ran.filter(({exitCode}) => exitCode === 4).map(codeOf)).to.deep.equal(times(3, () => 'InstanceAlreadyJoined'))
    expect((await docker(stage.host('web1'), 'volume', 'ls', '-q', '--filter', 'name=berth-instance-')).trim().split('\n')).to.have.length(
      1,
    )
    const names = await Promise.all([stage.session, stranger].map((session) => session.text('instance', 'list', '-q')))
    expect(names.filter((name) => name !== '')).to.have.length(1)
  })

  it('changes all come into the state', async () => {
    const ran = await Promise.all(times(12, (index) => stage.session.berth('cluster', 'create', `lab-${index}`)))

    expect(counted(ran.map(({exitCode}) => exitCode))).to.deep.equal({0: 12})
    expect((await stage.session.text('cluster', 'list', '-q')).split('\n')).to.have.members([
      'prod',
      ...times(12, (index) => `lab-${index}`),
    ])
  })
})

/** How often each code came. */
function counted(codes: readonly (number | undefined)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const code of codes) counts[String(code)] = (counts[String(code)] ?? 0) + 1
  return counts
}

function codeOf({stdout}: Ran): string {
  return (JSON.parse(stdout) as {error: {code: string}}).error.code
}
