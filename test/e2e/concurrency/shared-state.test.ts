// One state in a real etcd of three members, for commands on several machines: nothing is lost or doubled while members die and freeze.
import type {RunTaskResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import type {State} from '../../../src/model/state.js'
import {EtcdCluster} from '../../support/etcd/cluster.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {openSession, type Session} from '../../support/session.js'
import {expectRefused} from '../bad-input/scene.js'
import {idOf, LASTING, SMALL, Stage} from '../session/stage.js'

const HOSTS = ['web1', 'web2', 'db1'] as const

describe('a state in etcd', function () {
  this.timeout(180_000)
  let cluster: EtcdCluster
  let stage: Stage
  /** Somebody at another machine, with files of his own. */
  let other: Session

  before(async () => {
    cluster = await EtcdCluster.start()
    const env = {BERTH_STATE: cluster.address('e2e')}
    stage = await Stage.open(HOSTS, env)
    other = await openSession(env)
  })
  after(async () => {
    await other.close()
    await stage.close()
    await cluster.stop()
  })

  const state = async () => JSON.parse(await stage.session.text('state', 'show')) as State

  it('holds every task of twenty runs at once exactly once, while one member is killed and another is cut off', async () => {
    let ended = 0
    const run = (index: number) =>
      (index % 2 === 0 ? stage.session : other)
        .berth('task', 'run', ...SMALL, '--detach', '--json', '--', ...LASTING)
        .finally(() => (ended += 1))
    const runs = Array.from({length: 20}, (_, index) => run(index))

    await waitUntil('the first run', () => ended > 0, 60_000)
    cluster.signal(0, 'SIGKILL')
    await waitUntil('a few more runs', () => ended > 5, 60_000)
    cluster.signal(1, 'SIGSTOP')
    const frozenAt = Date.now()
    await waitUntil('three seconds', () => Date.now() - frozenAt > 3000)
    cluster.signal(1, 'SIGCONT')
    const ran = await Promise.all(runs)

    expect(
      ran.map(({exitCode}) => exitCode),
      ran.map(({stdout}) => stdout).join('\n'),
    ).to.deep.equal(ran.map(() => 0))
    const acknowledged = ran.flatMap(({stdout}) => (JSON.parse(stdout) as RunTaskResponse).tasks ?? []).map(idOf)
    expect(new Set(acknowledged).size).to.equal(20)
    const {intents, tasks} = await state()
    expect(Object.keys(tasks)).to.have.members(acknowledged)
    expect(intents).to.deep.equal({})
    const held = await Promise.all(HOSTS.map(async (host) => (await stage.containers(host)).length))
    expect(held.reduce((sum, one) => sum + one)).to.equal(20)
    for (const id of acknowledged) {
      const found = await Promise.all(HOSTS.map((host) => stage.containers(host, id)))
      expect(found.flat(), id).to.have.length(1)
    }
  })

  it('is the same to everybody, and tells who changed it', async () => {
    const seen = await Promise.all([stage.session, other].map((session) => session.json<{tasks: readonly Task[]}>('task', 'list')))
    const history = await other.json<{history: readonly {revision: number; command: string}[]}>('state', 'history')

    expect(seen[0]?.tasks.map(idOf)).to.have.members(seen[1]?.tasks.map(idOf) ?? [])
    expect(seen[0]?.tasks.map(({lastStatus}) => lastStatus)).to.deep.equal(Array.from({length: 20}, () => 'RUNNING'))
    expect(history.history.map(({revision}) => revision)).to.deep.equal(history.history.map((_, index) => history.history.length - index))
    expect(await stage.session.text('state', 'path')).to.equal(cluster.address('e2e'))
    expect(await stage.session.text('state', 'lock', 'list')).to.equal('Nothing is locked.')
  })

  it('is gone on with by the same words after a command was killed, and only once', async () => {
    const words = ['task', 'run', ...SMALL, '--count', '6', '--detach', '--', ...LASTING]
    const before = Object.keys((await state()).tasks).length
    const killed = stage.session.start(words)
    await waitUntil('its intent', async () => Object.keys((await state()).intents).length > 0)
    killed.kill('SIGKILL')
    await killed

    await stage.session.text(...words)

    const {intents, tasks} = await state()
    expect(intents).to.deep.equal({})
    expect(Object.keys(tasks)).to.have.length(before + 6)
  })

  it('is carried to a file and back, and refuses what would undo something', async () => {
    const file = `${stage.session.folder}/copy.json`
    const {revision, ...rest} = await state()

    const dry = await stage.session.text('state', 'migrate', '--to', file, '--dry-run')
    const said = await stage.session.text('state', 'migrate', '--to', file)

    expect(dry).to.match(
      new RegExp(`^copy the state of revision ${revision} to "${file}": \\d+ records change \\(nothing lies there\\)$`, 'm'),
    )
    expect(said).to.include(`export BERTH_STATE=${file}`)
    expect(JSON.parse(await stage.session.text('state', 'show', '--state', file))).to.deep.equal({...rest, revision})
    await stage.session.text('cluster', 'create', 'later', '--state', file)
    await expectRefused(stage.scene, ['state', 'migrate', '--to', file], {code: 'StateNewer', exitCode: 4, said: file})
    expect((await stage.session.berth('state', 'migrate', '--state', file, '--to', cluster.address('e2e'))).exitCode).to.equal(10)
    await stage.session.text('state', 'migrate', '--state', file, '--to', cluster.address('e2e'), '--yes')
    expect((await stage.session.text('cluster', 'list', '-q')).split('\n')).to.have.members(['prod', 'later'])
    // Both go on: neither can take the place of the other without what was done there being lost.
    await stage.session.text('cluster', 'create', 'here')
    for (const name of ['there', 'there-too']) await stage.session.text('cluster', 'create', name, '--state', file)
    await expectRefused(stage.scene, ['state', 'migrate', '--state', file, '--to', cluster.address('e2e'), '--yes'], {
      code: 'StateNewer',
      exitCode: 4,
      said: 'in another way',
    })
    await stage.session.text('cluster', 'create', 'elsewhere', '--state', `${file}.other`)
    await expectRefused(stage.scene, ['state', 'migrate', '--to', `${file}.other`], {code: 'ForeignState', exitCode: 4, said: 'lineage'})
  })

  it('that cannot be reached is told with its endpoints, and a wrong address with what is wrong', async () => {
    const scene = stage.scene
    await expectRefused(scene, ['cluster', 'list', '--state', 'etcd://ada:s3cret@one/berth'], {
      code: 'InvalidState',
      exitCode: 2,
      said: 'no user and no password',
    })
    const {exitCode, stderr} = await stage.session.berth('cluster', 'list', '--state', 'etcd://127.0.0.1:1/berth')
    expect(exitCode).to.equal(8)
    expect(stderr).to.include('"127.0.0.1:1"').and.include('ECONNREFUSED')
  })
})
