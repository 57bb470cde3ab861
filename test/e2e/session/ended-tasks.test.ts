// How tasks end that do not end well, by ECS's names, and what is left to be read of them.
import type {DescribeTasksResponse, RunTaskResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {idOf, SMALL, Stage} from './stage.js'

interface Told extends RunTaskResponse {
  readonly error?: {readonly code: string; readonly message: string}
}

describe('a task that ends badly', function () {
  this.timeout(60_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open(['web1'])
  })

  after(() => stage.close())

  const tell = async (...words: readonly string[]): Promise<{exitCode: number | undefined; told: Told; task: Task}> => {
    const {exitCode, stdout} = await stage.session.berth('task', 'run', '--json', ...words)
    const told = JSON.parse(stdout) as Told
    return {exitCode, told, task: told.tasks?.[0] ?? {}}
  }

  it('is killed where its memory runs out, and says so', async () => {
    const {exitCode, task} = await tell(...SMALL, '--', 'sh', '-c', 'x=a; while :; do x=$x$x; done')

    expect(exitCode).to.equal(137)
    expect(task.containers?.[0]).to.include({exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage'})
    expect((await stage.container('web1', idOf(task))).State.OOMKilled).to.equal(true)
  })

  it('never started where its image does not exist', async () => {
    const {exitCode, task, told} = await tell('--image', 'localhost:1/nosuch:1', '--memory', '16')

    expect(exitCode).to.equal(7)
    expect(told.error?.code).to.equal('CannotPullContainerError')
    expect(task).to.include({lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart'})
    expect(task.stoppedReason).to.match(/^CannotPullContainerError: Image "localhost:1\/nosuch:1" cannot be pulled/)
    expect(await stage.containers('web1', idOf(task))).to.deep.equal([])
  })

  it('never started where its command does not exist, and leaves no container', async () => {
    const {exitCode, task, told} = await tell(...SMALL, '--', 'nosuchprogram')

    expect(exitCode).to.equal(7)
    expect(told.error?.code).to.equal('CannotStartContainerError')
    expect(task.containers?.[0]?.reason).to.match(/^CannotStartContainerError: .*nosuchprogram/)
    expect(task.containers?.[0]).not.to.have.property('exitCode')
    expect(await stage.containers('web1', idOf(task))).to.deep.equal([])
  })

  it('tells a person the same in one sentence, with what to do next', async () => {
    const {exitCode, stderr, stdout} = await stage.run([], 'nosuchprogram')

    expect({exitCode, stdout}).to.deep.equal({exitCode: 7, stdout: ''})
    expect(stderr).to.match(
      /^berth: Task [\da-f]{32} did not start: CannotStartContainerError: .*\n {2}try: berth task describe [\da-f]{32} -c prod$/m,
    )
  })

  it('gives back what it held, whether it ran or not', async () => {
    const {clusters: [cluster] = []} = await stage.session.json<{
      clusters?: readonly {runningTasksCount?: number; pendingTasksCount?: number}[]
    }>('cluster', 'describe')

    expect(cluster).to.include({pendingTasksCount: 0, runningTasksCount: 0})
  })
})

describe('a task whose container somebody else touches', function () {
  this.timeout(60_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open(['web1'])
  })

  after(() => stage.close())

  it('has stopped, with its exit code, when docker stops it', async () => {
    const id = await stage.launch()

    await docker(stage.host('web1'), 'stop', '-t', '5', (await stage.container('web1', id)).Id)

    const task = await stage.task(id)
    expect(task).to.include({lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited'})
    expect(task.containers?.[0]).to.include({exitCode: 143})
  })

  it('has vanished when it is removed by hand', async () => {
    const id = await stage.launch()
    expect((await stage.task(id)).lastStatus).to.equal('RUNNING')

    await docker(stage.host('web1'), 'rm', '-f', (await stage.container('web1', id)).Id)

    expect(await stage.session.text('task', 'list', '-q')).to.equal('')
    const {tasks: [task = {}] = []} = await stage.session.json<DescribeTasksResponse>('task', 'describe', id)
    expect(task.lastStatus).to.equal('STOPPED')
    expect(task.containers?.[0]?.reason).to.match(
      /^ContainerVanishedError: Container berth-busybox-\d+-busybox-\S+ is no longer on its host$/,
    )
    expect(await stage.session.text('task', 'stop', id)).to.equal(id)
  })

  it('keeps its last words when its container is removed after its end', async () => {
    const id = await stage.launch([], 'sh', '-c', 'echo one; echo two; exit 3')
    await waitUntil('the task to be seen stopped', async () => (await stage.task(id)).lastStatus === 'STOPPED')

    await docker(stage.host('web1'), 'rm', (await stage.container('web1', id)).Id)

    expect(await stage.session.text('task', 'logs', id)).to.equal('one\ntwo')
    expect(await stage.session.text('task', 'logs', id, '--tail', '1')).to.equal('two')
    expect(await stage.session.text('task', 'describe', id)).to.match(/Last words:\n {4}one\n {4}two$/)
  })

  it('that is paused is still running', async () => {
    const id = await stage.launch()
    const {Id} = await stage.container('web1', id)

    await docker(stage.host('web1'), 'pause', Id)

    expect((await stage.task(id)).lastStatus).to.equal('RUNNING')
    await docker(stage.host('web1'), 'unpause', Id)
    await stage.session.text('task', 'stop', id)
  })
})
