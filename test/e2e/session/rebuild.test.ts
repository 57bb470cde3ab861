// A state that was lost, damaged, or left behind by another copy of itself, made anew from real hosts.
import {copyFile, readdir, rm, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
import type {State} from '../../../src/model/state.js'
import {docker} from '../../support/hosts/engine.js'
import {withoutHistory} from '../../support/without-history.js'
import {expectRefused} from '../bad-input/scene.js'
import {LASTING, Stage} from './stage.js'

const NAMES = ['local', 'web1', 'web2']
const HOSTS = ['--hosts', 'local,ssh://web1,ssh://web2']

describe('a state made anew', function () {
  this.timeout(180_000)
  let stage: Stage

  beforeEach(async () => {
    stage = await Stage.open(NAMES)
  })

  afterEach(() => stage.close())

  const state = () => stage.session.json<State>('state', 'show')

  /** Attributes, reserves, a drained instance; two families, one revision taken back; tasks with overrides, one of which has stopped. */
  async function live(): Promise<void> {
    const {session} = stage
    const file = join(session.folder, 'web.json')
    const container = {image: 'busybox:test', memory: 16, command: LASTING}
    const portMappings = [{containerPort: 80, hostPort: 18_231}]
    const containerDefinitions = [
      {...container, name: 'web', portMappings},
      {...container, name: 'helper', essential: false},
    ]
    await writeFile(file, JSON.stringify({family: 'web', networkMode: 'awsvpc', containerDefinitions}))
    for (const _ of [1, 2, 3]) await session.text('task-definition', 'register', file, '--tag', 'team=web')
    await session.text('task-definition', 'deregister', 'web:3')
    await session.text('task-definition', 'delete', 'web:3', '--yes')
    await session.text('instance', 'update', 'web1', '--zone', 'b', '--attribute', 'disk=ssd', '--reserve-memory', '100')
    await session.text('task', 'run', 'web:1', '--detach', '--started-by', 'me', '--env', 'A=1')
    await session.text('task', 'run', 'web', '--detach', '--group', 'nightly', '--placement-constraint', 'memberOf:attribute:disk == ssd')
    const [ended = ''] = await stage.launchAll(['--count', '2'])
    await session.text('task', 'stop', '--timeout', '1', ended)
    await session.text('instance', 'drain', 'web2')
    await session.text('cluster', 'refresh')
  }

  const lose = () => rm(dirname(stage.session.stateFile), {recursive: true})

  it('is exactly what was lost, but for its history', async () => {
    await live()
    const before = await state()
    await lose()

    const dry = await stage.session.text('state', 'rebuild', ...HOSTS, '--dry-run')
    const told = await stage.session.text('state', 'rebuild', ...HOSTS)

    expect(dry).to.match(/^rebuild the state: \d+ records of what the hosts bear \(3 hosts tell so\)$/m)
    expect(told).to.match(/^\+ clusters\/[0-9a-f]{32}$/m)
    const after = await state()
    expect(withoutHistory(after)).to.deep.equal(withoutHistory(before))
    expect(Object.keys(after.tasks)).to.have.length(4)

    await stage.session.text(
      'task',
      'stop',
      '--timeout',
      '1',
      ...Object.values(after.tasks).flatMap(({id, lastStatus}) => (lastStatus === 'STOPPED' ? [] : id)),
    )
    await stage.session.text('cluster', 'delete', 'prod', '--force', '--yes')
    for (const name of NAMES) {
      expect(await stage.containers(name)).to.deep.equal([])
      expect(await docker(stage.host(name), 'volume', 'ls', '-q')).to.equal('')
    }
  })

  it('asks the hosts that its damaged files still tell of, and keeps those files', async () => {
    const id = await stage.launch([])
    const folder = dirname(stage.session.stateFile)
    await writeFile(stage.session.stateFile, 'not a state')

    await stage.session.text('state', 'rebuild', '--yes')

    expect(Object.keys((await state()).tasks)).to.deep.equal([id])
    expect(await readdir(folder)).to.include('state.json.damaged')
  })

  it('begins again where nothing of its files can be told', async () => {
    const id = await stage.launch([])
    for (const name of await readdir(dirname(stage.session.stateFile)))
      if (name.startsWith('state.json')) await rm(join(dirname(stage.session.stateFile), name), {recursive: true})
    await writeFile(stage.session.stateFile, 'not a state')

    await expectRefused(stage.scene, ['state', 'rebuild'], {
      code: 'MissingArgument',
      exitCode: 2,
      said: 'The state knows no instance: name the hosts whose clusters it is to know.',
      suggests: /^berth state rebuild --hosts /m,
    })
    await stage.session.text('state', 'rebuild', ...HOSTS, '--yes')

    expect(await stage.session.text('task', 'list', '-q')).to.equal(id)
    expect(await stage.session.text('task', 'run', '--image', 'busybox:test', '--memory', '16', '--', 'echo', 'on')).to.contain('on')
  })

  it('tells of volumes that were pruned, and a look at the hosts puts them back', async () => {
    const id = await stage.launch([])
    for (const name of NAMES) await docker(stage.host(name), 'volume', 'prune', '-f')

    const pruned = await stage.session.berth('doctor')
    await stage.session.text('cluster', 'refresh')
    const mended = await stage.session.berth('doctor')
    await lose()
    await stage.session.text('state', 'rebuild', ...HOSTS)

    expect(pruned.stdout)
      .to.match(/^web1 +mark +problem /m)
      .and.to.match(/^ +berth cluster refresh prod$/m)
    expect([pruned.exitCode, mended.exitCode]).to.deep.equal([11, 0])
    const {instances, tasks} = await state()
    expect(Object.keys(tasks)).to.deep.equal([id])
    expect(Object.values(instances).map(({name}) => name)).to.have.members(NAMES)
  })

  it('is what an old copy must become before it changes anything', async () => {
    const {session} = stage
    const copy = join(session.folder, 'copy.json')
    for (const ending of ['', '.journal']) await copyFile(`${session.stateFile}${ending}`, `${copy}${ending}`)
    const id = await stage.launch([])

    const listed = await session.berth('task', 'list', '--state', copy, '-q')
    await expectRefused(stage.scene, ['task', 'run', '--image', 'busybox:test', '--memory', '16', '--state', copy], {
      code: 'StateOutdated',
      exitCode: 8,
      said: /^Instance ".*" bears what a newer copy of this state has made \(epoch \d+; the one at .* is at \d+\)/,
      suggests: /^berth state rebuild$/m,
    })
    await session.text('state', 'rebuild', '--state', copy)

    expect([listed.exitCode, listed.stdout]).to.deep.equal([0, ''])
    expect(await session.text('task', 'list', '--state', copy, '-q')).to.equal(id)
    await session.text('task', 'stop', '--timeout', '1', id, '--state', copy)
  })

  it('tells of a host that does not answer, and takes it up when it does', async () => {
    const ids = await stage.launchAll(['--count', '3', '--placement-constraint', 'distinctInstance'])
    await lose()

    const told = await stage.session.text('state', 'rebuild', '--hosts', 'local,ssh://web1,ssh://nowhere.invalid')
    await stage.session.text('state', 'rebuild', '--hosts', 'ssh://web2')

    expect(told).to.match(/^note: ssh:\/\/nowhere\.invalid did not answer, so its tasks are not told: /m)
    expect((await stage.session.text('task', 'list', '-q')).split('\n')).to.have.members([...ids])
  })
})
