// Looking at tasks that run, talking to them, waiting for them: list, describe, logs, exec, wait, stop.
import type {ListTasksResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {waitUntil} from '../../support/hosts/programs.js'
import {expectRefused} from '../bad-input/scene.js'
import {idOf, listenTo, Stage} from './stage.js'

describe('a task that runs', function () {
  this.timeout(60_000)
  let stage: Stage
  let id: string

  before(async () => {
    stage = await Stage.open(['web1', 'web2'])
    id = await stage.launch(
      ['--started-by', 'me'],
      'sh',
      '-c',
      'trap "echo bye; exit 9" TERM; echo one; sleep 0.2; echo two >&2; sleep 0.2; echo three; sleep 600 & wait',
    )
    await waitUntil('its output', async () => (await stage.session.text('task', 'logs', id)).includes('three'))
  })

  after(() => stage.close())

  const listed = async (...words: readonly string[]): Promise<readonly string[]> => {
    const {tasks} = await stage.session.json<{tasks: readonly Task[]} & ListTasksResponse>('task', 'list', ...words)
    return tasks.map(idOf)
  }

  it('is named by its ARN, its id, or any unique beginning of it', async () => {
    const {taskArn = ''} = await stage.task(id)

    for (const name of [taskArn, id, id.slice(0, 4)]) expect(idOf(await stage.task(name))).to.equal(id)
  })

  it('is told from one that there is not', async () => {
    const refused = {
      code: 'TaskNotFound',
      exitCode: 3,
      said: 'Cluster "prod" has no task "0000".',
      suggests: 'berth task list --all -c prod',
    }
    for (const verb of ['describe', 'stop', 'wait']) await expectRefused(stage.scene, ['task', verb, '0000'], refused)
  })

  it('is listed by what one knows of it', async () => {
    const other = await stage.launch(['--group', 'night'])
    await stage.session.text('task', 'stop', other)

    expect(await listed()).to.deep.equal([id])
    expect(await listed('--all')).to.deep.equal([id, other])
    expect(await listed('--desired-status', 'STOPPED')).to.deep.equal([other])
    expect(await listed('--started-by', 'me')).to.deep.equal([id])
    expect(await listed('--all', '--group', 'night')).to.deep.equal([other])
    expect(await listed('--family', 'nosuch')).to.deep.equal([])
    const instances = await Promise.all(['web1', 'web2'].map((name) => listed('--instance', name)))
    expect(instances.flat()).to.deep.equal([id])
    expect(await listed('--cached')).to.deep.equal([id])
  })

  it('is listed again whenever something changes, until Ctrl-C', async () => {
    const watching = listenTo(stage.session.start(['task', 'list', '--watch']))
    await watching.says(id.slice(0, 12))

    const other = await stage.launch()
    await watching.says(other.slice(0, 12))
    await stage.session.text('task', 'stop', other)
    watching.signal('SIGINT')

    expect((await watching.ended).exitCode).to.equal(130)
  })

  it('is watched by its id alone under -q, and not as JSON, which is one document', async () => {
    const watching = listenTo(stage.session.start(['task', 'list', '--watch', '-q']))
    await watching.says(`${id}\n`)
    watching.signal('SIGINT')

    expect((await watching.ended).stdout).to.equal(id)
    for (const words of [['--json'], ['--query', 'tasks[].taskArn'], ['--json', '-q']]) {
      const {exitCode, stdout} = await stage.session.berth('task', 'list', '--watch', ...words)
      expect({exitCode, code: JSON.parse(stdout).error.code}).to.deep.equal({exitCode: 2, code: 'InvalidUsage'})
    }
  })

  it('has logs: both streams apart, the last lines, those since, with their times', async () => {
    expect(await stage.session.berth('task', 'logs', id)).to.deep.equal({exitCode: 0, stdout: 'one\nthree', stderr: 'two'})
    expect((await stage.session.berth('task', 'logs', id, '--tail', '1')).stdout).to.equal('three')
    expect((await stage.session.berth('task', 'logs', id, '--since', '10m')).stdout).to.equal('one\nthree')
    const stamped = (await stage.session.berth('task', 'logs', id, '--timestamps')).stdout
    expect(stamped).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z one\n\S+Z three$/)
    await stage.session.text('task', 'exec', id, '--', 'sh', '-c', 'sleep 1; echo late > /proc/1/fd/1')
    expect((await stage.session.berth('task', 'logs', id, '--since', '1s')).stdout).to.equal('late')
  })

  it('runs programs inside, and hands back their output and their exit codes', async () => {
    const ran = await stage.session.berth('task', 'exec', id, '--', 'sh', '-c', 'echo out; echo err >&2; exit 7')

    expect(ran).to.deep.equal({exitCode: 7, stdout: 'out', stderr: 'err'})
    const words = ['-e', 'A=b c', '--workdir', '/tmp', '--user', 'nobody']
    expect(await stage.session.text('task', 'exec', id, ...words, '--', 'sh', '-c', 'echo $A; pwd; id -un')).to.equal('b c\n/tmp\nnobody')
  })

  it('hands what is typed to a program that reads it', async () => {
    const started = stage.session.start(['task', 'exec', id, '-i', '--', 'sh', '-c', 'cat; echo end'], {stdin: 'pipe'})
    started.stdin?.end('typed\n')

    const {exitCode, stdout} = await started
    expect({exitCode, stdout}).to.deep.equal({exitCode: 0, stdout: 'typed\nend'})
  })

  it('gives a shell on a terminal, and ends with its exit code', async () => {
    const shell = listenTo(stage.session.onTerminal(['task', 'exec', id, '-it', '--', 'sh']))
    shell.type('tty\r')
    await shell.says('/dev/pts/')
    shell.type('exit 5\r')

    expect((await shell.ended).exitCode).to.equal(5)
  })

  it('is waited for: until it runs, and until it has ended with its code', async () => {
    expect(await stage.session.text('task', 'wait', id, '--until', 'running')).to.equal(id)

    const waiting = listenTo(stage.session.start(['task', 'wait', id]))
    const following = listenTo(stage.session.start(['task', 'logs', id, '-f']))
    await following.says('three')
    await stage.session.text('task', 'stop', id, '--reason', 'enough')

    expect((await waiting.ended).exitCode).to.equal(9)
    expect((await following.ended).stdout).to.equal('one\nthree\nlate\nbye')
    expect(await stage.task(id)).to.include({stopCode: 'UserInitiated', stoppedReason: 'enough'})
  })

  it('that has ended is stopped again without an error, and takes no programs', async () => {
    expect(await stage.session.text('task', 'stop', id)).to.equal(id)

    const {exitCode, stderr} = await stage.session.berth('task', 'exec', id, '--', 'true')
    expect(exitCode).to.equal(4)
    expect(stderr).to.include(`berth: Task ${id} is not running.`)
    expect((await stage.session.berth('task', 'wait', id, '--until', 'running')).exitCode).to.equal(9)
  })

  it('is killed when it does not listen to its stop signal in time', async () => {
    const deaf = await stage.launch([], 'sleep', '600')
    const begun = Date.now()

    await stage.session.text('task', 'stop', deaf, '--timeout', '1s')

    expect(Date.now() - begun).to.be.within(1000, 15_000)
    expect((await stage.task(deaf)).containers?.[0]).to.include({exitCode: 137})
  })

  it('is not waited for longer than one likes', async () => {
    const lasting = await stage.launch()

    const {exitCode, stderr} = await stage.session.berth('task', 'wait', lasting, '--timeout', '1s')

    expect(exitCode).to.equal(9)
    expect(stderr).to.include(`After 1 s not all tasks are stopped: ${lasting} is RUNNING.`)
    await stage.session.text('task', 'stop', lasting)
  })
})
