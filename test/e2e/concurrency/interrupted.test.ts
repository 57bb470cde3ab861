// Commands that are ended in the middle, or overtaken by others: the state stays sound, and everything can be gone on with.
import type {Task as EcsTask} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import type {Task} from '../../../src/model/task.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {stateIn} from '../../support/state-folder.js'
import {idOf, LASTING, SMALL, Stage} from '../session/stage.js'

describe('a run that is ended in the middle', function () {
  this.timeout(90_000)
  let stage: Stage

  beforeEach(async () => {
    stage = await Stage.open(['web1'])
  })

  afterEach(() => stage.close())

  const startMany = (...flags: readonly string[]) =>
    stage.session.start(['task', 'run', ...SMALL, '--count', '12', ...flags, '--', ...LASTING])

  const recorded = (): readonly Task[] => Object.values(stateIn(stage.session.stateFile).tasks)

  /** The intents stand in the state, and the engine has begun on them. */
  const midway = () => waitUntil('some containers', async () => recorded().length === 12 && (await stage.containers('web1')).length >= 2)

  it('by SIGKILL is gone on with by the same words, which make no second copy', async () => {
    const run = startMany('--detach')
    await midway()
    run.kill('SIGKILL')
    await run

    const again = await startMany('--detach')

    expect(again.exitCode, again.stderr).to.equal(0)
    expect(again.stderr).to.match(/goes on with what was begun before and ended in the middle/)
    expect(String(again.stdout).split('\n').sort()).to.deep.equal(
      recorded()
        .map(({id}) => id)
        .sort(),
    )
    expect(recorded().map(({lastStatus}) => lastStatus)).to.deep.equal(Array(12).fill('RUNNING'))
    expect(await stage.containers('web1')).to.have.length(12)
    expect(stateIn(stage.session.stateFile).intents).to.deep.equal({})
    await stage.session.text('task', 'stop', '--timeout', '1', ...recorded().map(({id}) => id))
  })

  it('by SIGKILL is finished, or taken back, by a command of its own', async () => {
    for (const flags of [[], ['--abort']]) {
      const run = startMany('--detach')
      await midway()
      run.kill('SIGKILL')
      await run

      const dry = await stage.session.text('state', 'resume', ...flags, '--dry-run')
      const resumed = await stage.session.text('state', 'resume', ...flags)

      expect(dry.split(':')[0]).to.equal(resumed.split(':')[0])
      expect(resumed).to.match(/^"berth task run" of .*, begun .*: 12 actions/)
      const {tasks} = await stage.session.json<{tasks: readonly EcsTask[]}>('task', 'list')
      if (flags.length === 0) expect(tasks).to.have.length(12)
      else expect(tasks.length).to.be.lessThan(12)
      expect(await stage.containers('web1')).to.have.length(tasks.length)
      expect(await stage.session.text('state', 'resume')).to.equal('Nothing was left in the middle.')
      await stage.close()
      stage = await Stage.open(['web1'])
    }
  })

  it('by SIGKILL can be read and stopped, all of it', async () => {
    const run = startMany('--detach')
    await midway()
    run.kill('SIGKILL')
    await run

    expect(recorded()).to.have.length(12)
    const {tasks} = await stage.session.json<{tasks: readonly EcsTask[]}>('task', 'list')
    expect(tasks).to.have.length(12)
    await stage.session.text('task', 'stop', ...tasks.map(idOf))

    const {tasks: after} = await stage.session.json<{tasks: readonly EcsTask[]}>('task', 'list', '--all')
    expect(after.map(({lastStatus}) => lastStatus)).to.deep.equal(Array(12).fill('STOPPED'))
    const facts = await Promise.all((await stage.containers('web1')).map((id) => stage.inspect('web1', id)))
    expect(facts.filter(({State}) => State.Status === 'running')).to.deep.equal([])
    expect(await stage.session.text('cluster', 'delete', 'prod', '--force', '--yes')).to.equal('prod')
    expect(await stage.containers('web1')).to.deep.equal([])
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`by ${signal} exits with 130, and the state says what Docker says`, async () => {
      const run = startMany('--detach')
      await midway()
      run.kill(signal)

      expect((await run).exitCode).to.equal(130)
      const {tasks} = await stage.session.json<{tasks: readonly EcsTask[]}>('task', 'list', '--all')
      expect(tasks).to.have.length(12)
      for (const task of tasks) {
        const [facts] = await stage.found('web1', idOf(task))
        expect(task.lastStatus === 'RUNNING', `${idOf(task)} ${task.lastStatus} ${task.stoppedReason}`).to.equal(
          facts?.State.Status === 'running',
        )
        expect(['RUNNING', 'STOPPED']).to.include(task.lastStatus)
      }
      const running = tasks.filter(({lastStatus}) => lastStatus === 'RUNNING').map(idOf)
      if (running.length > 0) await stage.session.text('task', 'stop', ...running)
    })

  it('is overtaken by a stop: no container runs on, and the task says who stopped it', async () => {
    const run = startMany('--detach')
    await waitUntil('the intents', () => recorded().length === 12)

    const ids = (await stage.session.text('task', 'list', '--cached', '-q')).split('\n')
    await stage.session.text('task', 'stop', ...ids, '--timeout', '5s')
    await run

    const {tasks} = await stage.session.json<{tasks: readonly EcsTask[]}>('task', 'list', '--all')
    expect(tasks.map(({lastStatus}) => lastStatus)).to.deep.equal(Array(12).fill('STOPPED'))
    expect(new Set(tasks.map(({stopCode}) => stopCode))).to.deep.equal(new Set(['UserInitiated']))
    const facts = await Promise.all((await stage.containers('web1')).map((id) => stage.inspect('web1', id)))
    expect(facts.filter(({State}) => State.Status === 'running')).to.deep.equal([])
  })
})
