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
