// Daemons, and instances that come and go, through the built program.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {AT_ONCE, ServiceStage, WEB} from '../service/service-stage.js'

describe('a daemon', function () {
  this.timeout(120_000)
  let at: ServiceStage
  let file: string

  beforeEach(async () => {
    at = await ServiceStage.open(['web1', 'web2'])
    file = join(at.stage.session.folder, 'agent.json')
    await write({})
  })

  afterEach(() => at.close())

  const write = (said: object) =>
    writeFile(file, JSON.stringify({family: 'agent', containerDefinitions: [{...WEB, name: 'agent', ...said}]}))
  const berth = (...words: readonly string[]) => at.stage.session.text(...words)

  it('is once on each instance, also on those that join later, and on none once it is deleted', async () => {
    await berth('daemon', 'deploy', file, ...AT_ONCE)
    expect(await at.running('web1', 'web2')).to.deep.equal([1, 1])

    await berth('instance', 'join', 'ssh://db1', '--name', 'db1')
    expect(await at.running('web1', 'web2', 'db1')).to.deep.equal([1, 1, 1])

    const before = await at.taskIds()
    await write({command: ['sleep', '602']})
    await berth('daemon', 'deploy', file, '--minimum-healthy-percent', '50')
    expect(await at.running('web1', 'web2', 'db1')).to.deep.equal([1, 1, 1])
    expect(await at.taskIds()).not.to.include.members(before)

    await berth('daemon', 'delete', 'agent', '--force', '--yes')
    expect(await at.running('web1', 'web2', 'db1')).to.deep.equal([0, 0, 0])
  })

  it('follows its constraints', async () => {
    await berth('instance', 'update', 'web2', '--attribute', 'disk=ssd')
    await berth('daemon', 'deploy', file, ...AT_ONCE, '--placement-constraint', 'memberOf:attribute:disk == ssd')
    expect(await at.running('web1', 'web2')).to.deep.equal([0, 1])

    await berth('instance', 'update', 'web1', '--attribute', 'disk=ssd')
    await berth('instance', 'update', 'web2', '--remove-attribute', 'disk')
    await berth('cluster', 'settle')

    expect(await at.running('web1', 'web2')).to.deep.equal([1, 0])
  })

  it('is the last to leave an instance that is drained', async () => {
    await at.register('web', WEB)
    await berth('daemon', 'deploy', file, ...AT_ONCE)
    await at.service('create', 'web', '--task-definition', 'web', '--desired-count', '2', ...AT_ONCE)
    const agent = (await Promise.all((await at.runningIds('web1')).map((id) => at.stage.inspect('web1', id)))).find(
      ({Config}) => Config.Labels['berth.daemon'] === 'agent',
    )

    await berth('instance', 'drain', 'web1', '--wait')

    expect(await at.running('web1', 'web2')).to.deep.equal([0, 3])
    const finished = async (id: string) =>
      Date.parse((await docker(at.stage.host('web1'), 'inspect', '-f', '{{.State.FinishedAt}}', id)).trim())
    const ids = await at.stage.containers('web1')
    const ends = await Promise.all(ids.map(finished))
    expect(await finished(agent?.Id ?? '')).to.equal(Math.max(...ends))
    await berth('instance', 'leave', 'web1')
  })
})

describe('an instance that is drained', function () {
  this.timeout(120_000)
  let at: ServiceStage

  beforeEach(async () => {
    at = await ServiceStage.open(['web1', 'web2'])
    await at.register('web', WEB)
  })

  afterEach(() => at.close())

  it('keeps what no service keeps, and says so in time, unless that is stopped too', async () => {
    const id = await at.stage.launch(['--placement-constraint', 'memberOf:attribute:ecs.os-type == linux'])
    const host = (await at.running('web1', 'web2'))[0] === 1 ? 'web1' : 'web2'

    const ran = await at.stage.session.berth('instance', 'drain', host, '--wait', '--timeout', '1s')
    expect([ran.exitCode, ran.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 9 && said.includes(`${id.slice(0, 12)} (no service keeps it)`),
    )

    await at.stage.session.text('instance', 'drain', host, '--wait', '--stop-tasks', '--yes')
    expect(await at.running(host)).to.deep.equal([0])
  })

  it('is emptied by the same words after its client was killed, and never below what must be healthy', async () => {
    await at.service('create', 'web', '--task-definition', 'web', '--desired-count', '4', ...AT_ONCE)
    let fewest = 4
    let isOver = false
    const watching = (async () => {
      while (!isOver) {
        const [one = 0, two = 0] = await at.running('web1', 'web2')
        fewest = Math.min(fewest, one + two)
      }
    })()
    const started = at.stage.session.start(['instance', 'drain', 'web1', '--wait'])
    await waitUntil('more than four to run', async () => (await at.running('web2'))[0] !== 2)
    started.kill('SIGKILL')
    await started

    await at.stage.session.text('instance', 'drain', 'web1', '--wait')
    isOver = true
    await watching

    expect(await at.running('web1', 'web2')).to.deep.equal([0, 4])
    expect(fewest).to.equal(4)
  })

  it('gets back its part of a service by a rebalance, one task at a time', async () => {
    await at.service('create', 'web', '--task-definition', 'web', '--desired-count', '4', ...AT_ONCE)
    await at.stage.session.text('instance', 'drain', 'web1', '--wait')
    await at.stage.session.text('instance', 'activate', 'web1')
    expect(await at.running('web1', 'web2')).to.deep.equal([0, 4])

    expect(await at.stage.session.text('cluster', 'rebalance', '--dry-run')).to.match(
      /^note: service web: score 16\/16 -> 16\/8 \(lower is better\)$/m,
    )
    await at.stage.session.text('cluster', 'rebalance', '--max-moves', '1')
    expect(await at.running('web1', 'web2')).to.deep.equal([1, 3])
    await at.stage.session.text('cluster', 'rebalance')

    expect(await at.running('web1', 'web2')).to.deep.equal([2, 2])
    expect(await at.stage.session.text('cluster', 'rebalance')).to.equal('')
  })

  it('gives its place to another host', async () => {
    await at.service('create', 'web', '--task-definition', 'web', '--desired-count', '2', ...AT_ONCE)

    await at.stage.session.text('instance', 'replace', 'web1', '--with', 'ssh://db1', '--name', 'db1')

    expect(await at.running('web1')).to.deep.equal([0])
    await at.stage.session.text('instance', 'replace', 'web1', '--with', 'ssh://db1', '--name', 'db1')
    expect((await at.stage.session.berth('instance', 'replace', 'db1', '--with', 'ssh://db1')).exitCode).to.equal(4)
    const names = await at.stage.session.text('instance', 'list', '--quiet')
    expect(names.split('\n')).to.have.members(['web2', 'db1'])
    expect((await at.running('web2', 'db1')).reduce((sum, one) => sum + one, 0)).to.equal(2)
  })
})
