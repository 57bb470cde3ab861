// Restart policies: ECS's shortest period is a minute, so these tests take one.
import {expect} from 'chai'
import {aScript, containerOf, Lives} from './lives.js'

describe('task run, under a restart policy', function () {
  this.timeout(120_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open()
  })

  after(() => lives.close())

  it('starts again a container that ran for its period, and ends the task when it dies sooner', async () => {
    const script = 'test -f /tmp/again && exit 4; touch /tmp/again; sleep 61; exit 3'
    const {exitCode, task} = await lives.live('keeper', [
      aScript('app', script, {restartPolicy: {enabled: true, ignoredExitCodes: [0], restartAttemptPeriod: 60}}),
    ])
    const {app} = await lives.seen(task)

    expect(exitCode).to.equal(4)
    expect(task).to.include({lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited'})
    expect(containerOf(task, 'app').exitCode).to.equal(app?.State.ExitCode)
    const lasted = Date.parse(app?.State.FinishedAt ?? '') - (task.startedAt === undefined ? 0 : new Date(task.startedAt).getTime())
    expect(lasted).to.be.within(60_000, 80_000)
  })

  it('does not start again what died sooner than its period', async () => {
    const {exitCode, task} = await lives.live('hasty', [
      aScript('app', 'echo once; exit 5', {restartPolicy: {enabled: true, restartAttemptPeriod: 60}}),
    ])

    expect(exitCode).to.equal(5)
    expect((await lives.seen(task))['app']?.State.ExitCode).to.equal(5)
  })
})
