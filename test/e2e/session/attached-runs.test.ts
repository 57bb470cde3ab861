// A run that is watched: the task's code is the shell's, its output comes whole, and Ctrl-C is the task's.
import {createHash} from 'node:crypto'
import type {RunTaskResponse} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {idOf, LASTING, listenTo, SMALL, Stage} from './stage.js'

const MEBIBYTE = 1024 * 1024

describe('task run, attached', function () {
  this.timeout(60_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open(['local', 'web1'])
  })

  after(() => stage.close())

  const codes: readonly (readonly [code: number, script: string])[] = [
    [0, 'true'],
    [1, 'false'],
    [3, 'exit 3'],
    [125, 'exit 125'],
    [126, '/etc/passwd'],
    [127, 'nosuchprogram'],
    [137, 'sh -c "kill -KILL \\$\\$"'],
    [139, 'sh -c "kill -SEGV \\$\\$"'],
    [143, 'sh -c "kill -TERM \\$\\$"'],
    [255, 'exit 255'],
  ]
  for (const [code, script] of codes)
    it(`exits with ${code} where the task does`, async () => {
      const ran = await stage.run([], 'sh', '-c', `${script}; exit $?`)

      expect(ran.exitCode).to.equal(code)
      const [, id = ''] = /^task ([\da-f]{32}) exited (\d+)$/m.exec(ran.stderr) ?? []
      expect(ran.stderr).to.include(`task ${id} exited ${code}`)
      const facts = await Promise.all(['local', 'web1'].map((host) => stage.found(host, id)))
      expect(facts.flat()[0]?.State).to.include({ExitCode: code, Status: 'exited'})
    })

  it('prints all that a task prints which ends at once, time and again', async () => {
    for (let time = 0; time < 6; time += 1) expect((await stage.run([], 'echo', `time ${time}`)).stdout).to.equal(`time ${time}`)
  })

  it('keeps what it prints and what it says of errors apart', async () => {
    const ran = await stage.run([], 'sh', '-c', 'echo out; echo err >&2; echo more')

    expect(ran).to.include({exitCode: 0, stdout: 'out\nmore'})
    expect(ran.stderr).to.match(/^err\ntask [\da-f]{32} exited 0$/)
  })

  it('prints what comes late, as it comes', async () => {
    const running = listenTo(stage.session.start(['task', 'run', ...SMALL, '--', 'sh', '-c', 'echo first; sleep 2; echo last']))

    await running.says('first')
    expect(running.said()).not.to.include('last')
    expect((await running.ended).stdout).to.equal('first\nlast')
  })

  it('prints ten megabytes whole, from here and by ssh', async () => {
    const script = `yes $(printf %01023d 7) | head -c ${10 * MEBIBYTE}`
    const expected = createHash('sha256')
      .update(`${'7'.padStart(1023, '0')}\n`.repeat(10 * 1024))
      .digest('hex')

    for (const drained of ['local', 'web1']) {
      await stage.session.text('instance', 'drain', drained)
      const started = stage.session.start(['task', 'run', ...SMALL, '--rm', '--', 'sh', '-c', script])
      const hash = createHash('sha256')
      started.stdout?.on('data', (bytes: Buffer) => hash.update(bytes))
      expect((await started).exitCode).to.equal(0)
      expect(hash.digest('hex'), `without ${drained}`).to.equal(expected)
      await stage.session.text('instance', 'activate', drained)
    }
  })

  it('hands on what is no plain text as it is', async () => {
    const {stdout} = await stage.run([], 'sh', '-c', 'printf "\\303\\251\\000\\033[1mx\\r"; printf "no line"')

    expect(stdout).to.equal('\u00e9\0\u001b[1mx\rno line')
  })

  it('waits without a word of the task under --quiet, and for one document under --json', async () => {
    const quiet = await stage.run(['-q'], 'sh', '-c', 'echo loud; exit 4')
    expect(quiet.exitCode).to.equal(4)
    expect(quiet.stdout, 'the id alone').to.match(/^[\da-f]{32}$/)
    expect(quiet.stderr).to.equal(`task ${quiet.stdout} exited 4`)

    const told = await stage.run(['--json'], 'sh', '-c', 'echo loud; echo louder >&2; exit 4')
    const {failures, tasks: [task = {}] = []} = JSON.parse(told.stdout) as RunTaskResponse
    expect(told).to.include({exitCode: 4, stderr: ''})
    expect(task).to.include({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    })
    expect(task.containers?.[0]).to.include({exitCode: 4, lastStatus: 'STOPPED'})
    expect(failures).to.deep.equal([])
  })

  it('tells several tasks apart, and exits with the first code that is not 0', async () => {
    const ran = await stage.run(['--count', '3'], 'sh', '-c', 'echo hello; exit 6')

    expect(ran.exitCode).to.equal(6)
    const ids = [...ran.stderr.matchAll(/^task ([\da-f]{32}) exited 6$/gm)].map(([, id = '']) => id)
    expect(ids).to.have.length(3)
    expect(ran.stdout.split('\n').sort()).to.deep.equal(ids.map((id) => `${id.slice(0, 8)}  hello`).sort())
  })

  it('hands the first Ctrl-C to the task, which ends as it likes', async () => {
    const running = listenTo(
      stage.session.start(['task', 'run', ...SMALL, '--', 'sh', '-c', 'trap "echo caught; exit 42" INT; echo ready; sleep 600 & wait']),
    )
    await running.says('ready')

    running.signal('SIGINT')

    const ran = await running.ended
    expect(ran).to.include({exitCode: 42, stdout: 'ready\ncaught'})
    expect(ran.stderr).to.match(/exited 42$/)
  })

  it('hands SIGTERM to the task too, and exits with its code', async () => {
    const running = listenTo(
      stage.session.start(['task', 'run', ...SMALL, '--', 'sh', '-c', 'trap "exit 44" TERM; echo ready; sleep 600 & wait']),
    )
    await running.says('ready')

    running.signal('SIGTERM')

    expect((await running.ended).exitCode).to.equal(44)
  })

  it('leaves the task running at the second Ctrl-C, and says how to come back', async () => {
    const running = listenTo(
      stage.session.start([
        'task',
        'run',
        ...SMALL,
        '--',
        'sh',
        '-c',
        'trap "echo no" INT; trap "exit 0" TERM; echo ready; while :; do sleep 600 & wait; done',
      ]),
    )
    await running.says('ready')

    running.signal('SIGINT')
    await running.says('no\n')
    running.signal('SIGINT')

    const ran = await running.ended
    expect(ran.exitCode).to.equal(130)
    const [, id = ''] = /try: berth task logs ([\da-f]{32}) -f/.exec(ran.stderr) ?? []
    expect((await stage.task(id)).lastStatus).to.equal('RUNNING')
    expect(await stage.session.text('task', 'stop', id)).to.equal(id)
  })

  it('sees a task that somebody else stops', async () => {
    const running = listenTo(stage.session.start(['task', 'run', ...SMALL, '--json', '--', ...LASTING]))
    let id = ''
    for (const deadline = Date.now() + 20_000; id === '' && Date.now() < deadline; ) id = await stage.session.text('task', 'list', '-q')
    await stage.session.text('task', 'stop', id, '--reason', 'moving house')

    const ran = await running.ended
    const {tasks: [task = {}] = []} = JSON.parse(ran.stdout) as RunTaskResponse
    expect(ran.exitCode).to.equal(143)
    expect(idOf(task)).to.equal(id)
    expect(task).to.include({stopCode: 'UserInitiated', stoppedReason: 'moving house'})
  })
})
