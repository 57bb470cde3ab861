// What several containers of a task print: in the order of time, each line with its container's name, followed through restarts, kept when they are gone.
import {expect} from 'chai'
import {idOf} from '../session/stage.js'
import {aScript, Lives, lasting} from '../lifecycle/lives.js'
import {listenTo} from '../session/stage.js'

describe('task logs, of several containers', function () {
  this.timeout(90_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open()
  })

  after(() => lives.close())

  /** `app` and `side` speak in turn, and `app` last. */
  const pair = [
    aScript('app', 'sleep 0.5; echo app 1; sleep 1; echo app 2; sleep 1; echo app 3; exit 0'),
    aScript('side', `sleep 1; echo side 1; sleep 1; echo side 2 >&2; ${lasting()}`, {essential: false}),
  ]
  const MERGED = ['app   app 1', 'side  side 1', 'app   app 2', 'side  side 2', 'app   app 3'].map((line) => line.replace(/ +/, '  '))

  it('prints them as a watched run does, in the order of time, and says how the task ended', async () => {
    const id = await lives.register({family: 'pair', containerDefinitions: pair})
    const ran = await lives.stage.session.berth('task', 'run', id)

    expect(ran.exitCode).to.equal(0)
    expect(ran.stdout.split('\n')).to.deep.equal(MERGED.filter((line) => !line.endsWith('side 2')))
    expect(ran.stderr).to.match(/^side {2}side 2$/m)
    expect(ran.stderr).to.match(/^task [\da-f]{32} exited 0$/m)
  })

  it('prints them of a task that is over, the last lines of all, and those of one container', async () => {
    const {task} = await lives.live('pair', pair)
    const id = idOf(task)
    const logs = async (...flags: readonly string[]) => {
      const {stderr, stdout} = await lives.stage.session.berth('task', 'logs', id, ...flags)
      return [...stdout.split('\n'), ...stderr.split('\n')].filter(Boolean)
    }

    expect([...(await logs())].sort()).to.deep.equal([...MERGED].sort())
    expect(await logs('--tail', '2')).to.have.members(MERGED.slice(-2))
    expect(await logs('--container', 'side')).to.deep.equal(['side 1', 'side 2'])
    const stamped = await logs('--container', 'app', '--timestamps')
    expect(stamped.map((line) => line.split(' ').slice(1).join(' '))).to.deep.equal(['app 1', 'app 2', 'app 3'])
    for (const line of stamped) expect(line).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /)
    const refused = await lives.stage.session.berth('task', 'logs', id, '--container', 'none')
    expect(refused.exitCode).to.equal(3)
    expect(refused.stderr).to.match(/has no container "none"; it has app, side/)
  })

  it('keeps their last words, told apart, when they are gone', async () => {
    const {task} = await lives.live('pair', pair, {}, ['--rm'])
    const id = idOf(task)

    expect(await lives.seen(task)).to.deep.equal({})
    expect((await lives.stage.session.text('task', 'logs', id)).split('\n')).to.deep.equal(MERGED)
    expect((await lives.stage.session.text('task', 'logs', id, '--tail', '1')).split('\n')).to.deep.equal(MERGED.slice(-1))
  })

  it('follows a container that is yet to be started', async () => {
    const task = await lives.launch('late', [
      aScript('app', 'echo from app; sleep 1; exit 0', {dependsOn: [{containerName: 'init', condition: 'SUCCESS'}]}),
      aScript('init', 'echo from init', {essential: false}),
    ])
    const running = listenTo(lives.stage.session.start(['task', 'logs', idOf(task), '-f']))

    const {exitCode, stdout} = await running.ended
    expect(exitCode).to.equal(0)
    expect(stdout.split('\n')).to.deep.equal(['init  from init', 'app  from app'])
  })
})
