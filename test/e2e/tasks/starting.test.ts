// task start, stats and top on real hosts.
import type {RunTaskResponse} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {aScript, lasting, Lives} from '../lifecycle/lives.js'
import {idOf, instanceOf} from '../session/stage.js'

describe('task start', function () {
  this.timeout(60_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open()
    await lives.stage.session.json('instance', 'join', 'ssh://web1', '--name', 'web1', '--memory', '64')
  })

  after(() => lives.close())

  it('starts a task on each instance that is named, with overrides, also on one that placement would pass over', async () => {
    const id = await lives.register({family: 'named', containerDefinitions: [aScript('app', lasting())]})
    const {tasks = []} = await lives.stage.session.json<RunTaskResponse>(
      ...['task', 'start', id, '--instance', 'web1', '--instance', 'local', '--env', 'WHO=me', '--group', 'mine'],
    )

    expect(await Promise.all(tasks.map((task) => instanceOf(lives.stage.session, task)))).to.deep.equal(['web1', 'local'])
    for (const task of tasks) expect(task).to.include({lastStatus: 'RUNNING', group: 'mine'})
    const [first] = tasks
    expect((await lives.seen(first ?? {}, 'web1'))['app']?.Config.Env).to.include('WHO=me')
    for (const task of tasks) await lives.stage.session.text('task', 'stop', idOf(task))
  })

  it('starts on those that have room, and says of the others what they lack', async () => {
    const id = await lives.register({family: 'large', containerDefinitions: [aScript('app', lasting(), {memory: 100})]})

    const ran = await lives.stage.session.berth('task', 'start', id, '--instance', 'web1', '--instance', 'local', '--json')
    const {error, failures, tasks} = JSON.parse(ran.stdout)

    expect(ran.exitCode).to.equal(5)
    expect(tasks).to.have.length(1)
    expect(failures).to.have.length(1)
    expect(failures[0]).to.include({reason: 'RESOURCE:MEMORY'})
    expect(error.message).to.match(/web1: needs 100 MiB, 64 MiB remain/)
    await lives.stage.session.text('task', 'stop', idOf(tasks[0]))
  })

  it('starts nothing where an instance is not there, or too many are named', async () => {
    const id = await lives.register({family: 'named', containerDefinitions: [aScript('app', lasting())]})

    expect((await lives.stage.session.berth('task', 'start', id, '--instance', 'local', '--instance', 'none')).exitCode).to.equal(3)
    const many = Array.from({length: 11}, () => ['--instance', 'local']).flat()
    expect((await lives.stage.session.berth('task', 'start', id, ...many)).exitCode).to.equal(2)
    expect(await lives.stage.session.text('task', 'list')).to.equal('No tasks.')
  })

  it('prints its plan alone with --dry-run', async () => {
    const id = await lives.register({family: 'named', containerDefinitions: [aScript('app', lasting())]})

    expect(await lives.stage.session.text('task', 'start', id, '--instance', 'web1', '--dry-run')).to.match(
      /^start run\/1 of named:\d+ on web1 /,
    )
  })
})

describe('task stats and task top', function () {
  this.timeout(60_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open('web1')
  })

  after(() => lives.close())

  it('tell what each container uses, and what runs in it', async () => {
    const task = await lives.launch(
      'used',
      [aScript('app', `head -c 8000000 /dev/zero | tail & ${lasting()}`), aScript('side', lasting(), {essential: false})],
      {
        networkMode: 'awsvpc',
      },
    )
    const id = idOf(task)

    const {failures, usage} = await lives.stage.session.json<{
      usage: {containerName: string; memoryBytes: number; memoryLimitBytes: number}[]
      failures: object[]
    }>(...['task', 'stats', id])
    expect(failures).to.deep.equal([])
    expect(usage.map(({containerName}) => containerName)).to.deep.equal(['app', 'side'])
    for (const {memoryBytes, memoryLimitBytes} of usage) {
      expect(memoryLimitBytes).to.equal(32 * 1024 * 1024)
      expect(memoryBytes).to.be.within(1, memoryLimitBytes)
    }
    expect(await lives.stage.session.text('task', 'stats')).to.match(/^TASK +CONTAINER +INSTANCE +CPU %/)
    expect(await lives.stage.session.text('task', 'top', id, '--container', 'side')).to.match(/PID[\s\S]*sleep 600/)
    const {processes} = await lives.stage.session.json<{processes: Record<string, string>[]}>('task', 'top', id)
    expect(processes.some(({CMD = ''}) => CMD.includes('sleep 600'))).to.equal(true)

    await lives.stage.session.text('task', 'stop', id, '--timeout', '1')
    expect((await lives.stage.session.berth('task', 'top', id)).exitCode).to.equal(4)
    expect(await lives.stage.session.text('task', 'stats')).to.equal('No running tasks.')
  })
})
