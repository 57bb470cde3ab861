// How tasks end: which container's end is the task's, with which code, and what ECS calls it; compared with what Docker says.
import {expect} from 'chai'
import {waitUntil} from '../../support/hosts/programs.js'
import {docker} from '../../support/hosts/engine.js'
import {idOf} from '../session/stage.js'
import {aScript, containerOf, lasting, Lives} from './lives.js'

describe('task run, to the end of a task', function () {
  this.timeout(90_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open()
  })

  after(() => lives.close())

  const codes: readonly (readonly [code: number, script: string])[] = [
    [0, 'exit 0'],
    [1, 'exit 1'],
    [125, 'exit 125'],
    [126, 'exit 126'],
    [127, 'exit 127'],
    [137, 'kill -KILL $$; sleep 5'],
    [139, 'kill -SEGV $$; sleep 5'],
    [143, 'kill -TERM $$; sleep 5'],
  ]
  for (const [code, script] of codes)
    it(`ends with ${code} when its essential container does, and its sidecar is stopped`, async () => {
      // PID 1 of a container is deaf to its own signals: a child of it is not, and its code is handed on.
      const {exitCode, task} = await lives.live('codes', [
        aScript('app', `sh -c '${script}'; exit $?`),
        aScript('side', lasting(), {essential: false}),
      ])
      const {app, side} = await lives.seen(task)

      expect(exitCode).to.equal(code)
      expect(task).to.include({
        lastStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
      })
      expect(containerOf(task, 'app').exitCode).to.equal(app?.State.ExitCode).and.to.equal(code)
      expect(containerOf(task, 'side').exitCode).to.equal(side?.State.ExitCode)
      expect(side && app && side.State.FinishedAt > app.State.FinishedAt).to.equal(true)
    })

  it('goes on when a container ends that is not essential', async () => {
    const {exitCode, task} = await lives.live('extra', [aScript('app', 'sleep 1; exit 5'), aScript('side', 'exit 9', {essential: false})])

    expect(exitCode).to.equal(5)
    expect(containerOf(task, 'side').exitCode).to.equal(9)
  })

  it('has the code of the essential container that ended first, not of the first in the definition', async () => {
    const {exitCode, task} = await lives.live('second', [aScript('app', lasting(0)), aScript('worker', 'sleep 0.3; exit 6')])

    expect(exitCode).to.equal(6)
    expect(containerOf(task, 'app').exitCode).to.equal(0)
  })

  it('kills a sidecar that does not listen after its own stop timeout, and no sooner', async () => {
    const {task} = await lives.live('deaf', [
      aScript('app', 'exit 0'),
      aScript('side', 'trap "" TERM; while :; do sleep 1; done', {essential: false, stopTimeout: 2}),
    ])
    const {app, side} = await lives.seen(task)

    expect(containerOf(task, 'side').exitCode).to.equal(137).and.to.equal(side?.State.ExitCode)
    expect(Date.parse(side?.State.FinishedAt ?? '') - Date.parse(app?.State.FinishedAt ?? '')).to.be.within(1900, 6000)
  })

  it('says of a container that used up its memory', async () => {
    const {exitCode, task} = await lives.live('greedy', [aScript('app', 'x=a; while :; do x=$x$x; done', {memory: 16})])
    const {app} = await lives.seen(task)

    expect(exitCode).to.equal(137)
    expect(app?.State.OOMKilled).to.equal(true)
    expect(containerOf(task, 'app').reason).to.equal('OutOfMemoryError: Container killed due to memory usage')
  })

  it('does not start where a program is missing: the others are stopped, and what never ran is gone', async () => {
    const {exitCode, task} = await lives.live('missing', [
      aScript('app', '', {entryPoint: ['/no/such/program'], command: [], dependsOn: [{containerName: 'side', condition: 'START'}]}),
      aScript('side', lasting(), {essential: false}),
    ])
    const seen = await lives.seen(task)

    expect(exitCode).to.equal(7)
    expect(task).to.include({stopCode: 'TaskFailedToStart'})
    expect(containerOf(task, 'app').reason).to.match(/^CannotStartContainerError: .*no\/such\/program/)
    expect(seen['app']).to.equal(undefined)
    expect(seen['side']?.State.Status).to.equal('exited')
  })

  it('leaves nothing of a task of which nothing ran', async () => {
    const {exitCode, task} = await lives.live('nothing', [aScript('app', '', {image: 'berth-none.invalid/none:1'})], {
      networkMode: 'awsvpc',
      volumes: [{name: 'scratch'}],
    })

    expect(exitCode).to.equal(7)
    expect(task.stoppedReason).to.match(/^CannotPullContainerError: /)
    expect(await lives.seen(task)).to.deep.equal({})
    expect(await docker(lives.stage.host('local'), 'volume', 'ls', '-q')).not.to.include(idOf(task))
  })

  it('goes on where a container that is not essential cannot start, and tells its reason', async () => {
    const {exitCode, task} = await lives.live('lame', [
      aScript('app', 'sleep 0.5; exit 2'),
      aScript('side', '', {essential: false, entryPoint: ['/no/such/program'], command: []}),
    ])

    expect(exitCode).to.equal(2)
    expect(containerOf(task, 'side')).to.include({lastStatus: 'STOPPED'}).and.not.have.property('exitCode')
    expect(containerOf(task, 'side').reason).to.match(/^CannotStartContainerError: /)
  })

  it('stops the others of a detached task at the next look, when an essential one has ended', async () => {
    const task = await lives.launch('detached', [aScript('app', 'sleep 1; exit 3'), aScript('side', lasting(), {essential: false})])
    await waitUntil('the essential container to end', async () => (await lives.seen(task))['app']?.State.Status === 'exited')

    await lives.stage.session.text('task', 'list')

    await waitUntil('the other to be stopped', async () => (await lives.seen(task))['side']?.State.Status === 'exited')
    const told = await lives.stage.task(idOf(task))
    expect(told).to.include({lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited'})
    expect(containerOf(told, 'app').exitCode).to.equal(3)
  })

  it('tells health as it changes, of containers and of the task', async () => {
    const task = await lives.launch('health', [
      aScript('app', lasting(), {healthCheck: {command: ['CMD-SHELL', 'test ! -f /tmp/sick'], interval: 5, retries: 1, timeout: 2}}),
    ])
    const id = idOf(task)
    const health = async () => (await lives.stage.task(id)).healthStatus
    expect(await health()).to.equal('UNKNOWN')

    await waitUntil('the task to be healthy', async () => (await health()) === 'HEALTHY', 20_000)
    await lives.stage.session.text('task', 'exec', id, '--', 'touch', '/tmp/sick')
    await waitUntil('the task to be unhealthy', async () => (await health()) === 'UNHEALTHY', 20_000)

    expect(await lives.stage.task(id)).to.include({lastStatus: 'RUNNING'})
    expect(containerOf(await lives.stage.task(id), 'app').healthStatus).to.equal('UNHEALTHY')
    await lives.stage.session.text('task', 'stop', id, '--timeout', '1')
  })
})
