// Who starts after whom: each condition of `dependsOn` as Docker's own clock tells it.
import {expect} from 'chai'
import {aScript, containerOf, lasting, Lives} from './lives.js'

describe('task run, of containers that wait for each other', function () {
  this.timeout(90_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open()
  })

  after(() => lives.close())

  it('START: starts the second when the first runs', async () => {
    const {exitCode, task} = await lives.live('start', [
      aScript('app', 'exit 0', {dependsOn: [{containerName: 'base', condition: 'START'}]}),
      aScript('base', lasting(), {essential: false}),
    ])
    const {app, base} = await lives.seen(task)

    expect(exitCode).to.equal(0)
    expect(Date.parse(app?.State.StartedAt ?? '')).to.be.at.least(Date.parse(base?.State.StartedAt ?? ''))
    expect(base?.State.FinishedAt && app?.State.FinishedAt && base.State.FinishedAt > app.State.FinishedAt).to.equal(true)
  })

  it('COMPLETE: starts the second when the first is over, whatever its code', async () => {
    const {exitCode, task} = await lives.live('complete', [
      aScript('app', 'exit 4', {dependsOn: [{containerName: 'init', condition: 'COMPLETE'}]}),
      aScript('init', 'sleep 0.5; exit 9', {essential: false}),
    ])
    const {app, init} = await lives.seen(task)

    expect(exitCode).to.equal(4)
    expect(containerOf(task, 'init').exitCode).to.equal(9)
    expect(init?.State.ExitCode).to.equal(9)
    expect(app && init && app.State.StartedAt > init.State.FinishedAt).to.equal(true)
  })

  it('SUCCESS: starts the second when the first has ended well', async () => {
    const {exitCode, task} = await lives.live('success', [
      aScript('app', 'exit 0', {dependsOn: [{containerName: 'init', condition: 'SUCCESS'}]}),
      aScript('init', 'sleep 0.3', {essential: false}),
    ])
    const {app, init} = await lives.seen(task)

    expect(exitCode).to.equal(0)
    expect(app && init && app.State.StartedAt > init.State.FinishedAt).to.equal(true)
  })

  it('SUCCESS: gives up at once when the first ends badly, and says why', async () => {
    const {exitCode, task} = await lives.live('failure', [
      aScript('app', 'exit 0', {dependsOn: [{containerName: 'init', condition: 'SUCCESS'}]}),
      aScript('init', 'exit 3', {essential: false}),
      aScript('log', lasting(), {essential: false}),
    ])
    const seen = await lives.seen(task)

    expect(exitCode).to.equal(7)
    expect(task).to.include({lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart'})
    expect(task.stoppedReason).to.match(/^TaskDependencyError: .*"app".*"init" exited 3/)
    expect(containerOf(task, 'app')).to.include({lastStatus: 'STOPPED'}).and.not.have.property('exitCode')
    expect(seen['app'], 'a container that never ran').to.equal(undefined)
    expect(seen['init']?.State.ExitCode).to.equal(3)
    expect(seen['log']?.State.Status).to.equal('exited')
  })

  it('HEALTHY: starts the second when the first passes its check', async () => {
    const {exitCode, task} = await lives.live('healthy', [
      aScript('app', 'exit 0', {dependsOn: [{containerName: 'db', condition: 'HEALTHY'}]}),
      aScript('db', `(sleep 2; touch /tmp/ready) & ${lasting()}`, {
        essential: false,
        healthCheck: {command: ['CMD-SHELL', 'test -f /tmp/ready'], interval: 5, timeout: 2, retries: 3},
      }),
    ])
    const {app, db} = await lives.seen(task)

    expect(exitCode).to.equal(0)
    expect(containerOf(task, 'db').healthStatus).to.equal('HEALTHY')
    expect(Date.parse(app?.State.StartedAt ?? '') - Date.parse(db?.State.StartedAt ?? '')).to.be.at.least(2000)
  })

  it('HEALTHY: gives up after the start timeout of the first', async () => {
    const {exitCode, task} = await lives.live('unhealthy', [
      aScript('app', 'exit 0', {dependsOn: [{containerName: 'db', condition: 'HEALTHY'}]}),
      aScript('db', lasting(), {essential: false, startTimeout: 3, healthCheck: {command: ['CMD-SHELL', 'false'], interval: 5}}),
    ])
    const {db} = await lives.seen(task)

    expect(exitCode).to.equal(7)
    expect(task.stoppedReason).to.match(/^TaskDependencyError: .*"db" was not healthy within its start timeout of 3 s/)
    const lasted = Date.parse(db?.State.FinishedAt ?? '') - Date.parse(db?.State.StartedAt ?? '')
    expect(lasted).to.be.within(2900, 8000)
  })

  it('COMPLETE: gives up after the start timeout of the first', async () => {
    const {exitCode, task} = await lives.live('endless', [
      aScript('app', 'exit 0', {dependsOn: [{containerName: 'init', condition: 'COMPLETE'}]}),
      aScript('init', lasting(), {essential: false, startTimeout: 2}),
    ])

    expect(exitCode).to.equal(7)
    expect(task.stoppedReason).to.match(/"init" was not over within its start timeout of 2 s/)
  })

  it('stops in the reverse order, each when all that depend on it have stopped', async () => {
    const slow = 'trap "sleep 0.4; exit 0" TERM; sleep 600 & wait'
    const task = await lives.launch('chain', [
      aScript('a', slow),
      aScript('b', slow, {dependsOn: [{containerName: 'a', condition: 'START'}]}),
      aScript('c', slow, {dependsOn: [{containerName: 'b', condition: 'START'}]}),
    ])

    await lives.stage.session.text('task', 'stop', task.taskArn ?? '')
    const {a, b, c} = await lives.seen(task)

    expect([a, b, c].map((one) => one?.State.ExitCode)).to.deep.equal([0, 0, 0])
    const [endA, endB, endC] = [a, b, c].map((one) => Date.parse(one?.State.FinishedAt ?? ''))
    expect((endB ?? 0) - (endC ?? 0), 'b after c').to.be.at.least(400)
    expect((endA ?? 0) - (endB ?? 0), 'a after b').to.be.at.least(400)
  })
})
