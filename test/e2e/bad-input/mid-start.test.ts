// A start that something outside breaks off in the middle: it goes on where it was, or it is told what stands and how to come back.
import type {RunTaskResponse} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker, killEngine} from '../../support/hosts/engine.js'
import {cutOff, heal, mendEngine} from '../../support/hosts/faults.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {type SshTestHost, sshHost} from '../../support/hosts/test-hosts.js'
import {aScript, containerOf, Lives} from '../lifecycle/lives.js'
import {idOf, listenTo} from '../session/stage.js'

describe('a start that is broken off in the middle', function () {
  this.timeout(180_000)
  let lives: Lives
  let web1: SshTestHost

  before(async () => {
    lives = await Lives.open('web1')
    web1 = sshHost(lives.stage.hosts, 'web1')
  })

  after(() => lives.close())

  /** A run whose second container waits until the first has ended, seen as soon as the first runs. */
  async function halfStarted(family: string, init: string, ...flags: readonly string[]) {
    const id = await lives.register({
      family,
      containerDefinitions: [
        aScript('app', 'exit 9', {dependsOn: [{containerName: 'init', condition: 'COMPLETE'}]}),
        aScript('init', init, {essential: false}),
      ],
    })
    const running = listenTo(lives.stage.session.start(['task', 'run', id, ...flags]))
    await waitUntil('the first container to run', async () => (await docker(web1, 'ps', '-q', '--filter', `name=-${family}-`)) !== '')
    return running
  }

  for (const [what, fault, mend] of [
    ['an engine that dies and comes back', killEngine, mendEngine],
    ['a connection that is cut and heals', cutOff, heal],
  ] as const)
    it(`by ${what} goes on where it was`, async () => {
      const running = await halfStarted('midway', 'sleep 8')

      await fault(web1)
      await running.says('the connection to web1 is lost; trying again')
      await mend(web1)

      const {exitCode, stderr} = await running.ended
      expect(exitCode, stderr).to.equal(9)
      expect(stderr).to.contain('the connection to web1 is back')
      const task = await lives.stage.task(/task (\S+) exited 9/.exec(stderr)?.[1] ?? '')
      expect(task).to.include({lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited'})
      expect(containerOf(task, 'app').exitCode).to.equal(9)
    })

  it('by an engine that stays away is told, and found again when it is back', async () => {
    const running = await halfStarted('midway-away', 'sleep 3600', '--json')

    await killEngine(web1)
    const {exitCode, stdout} = await running.ended
    await mendEngine(web1)

    expect(exitCode, stdout).to.equal(6)
    const {error, tasks: [task] = []} = JSON.parse(stdout) as RunTaskResponse & {error: {message: string; suggestions: string[]}}
    expect(error.message).to.match(/^Task [0-9a-f]{32} is out of sight and may go on: .*web1/)
    expect(error.suggestions.slice(0, 2)).to.deep.equal([`berth task describe ${idOf(task ?? {})}`, `berth task stop ${idOf(task ?? {})}`])
    expect(task).to.include({lastStatus: 'PENDING', desiredStatus: 'RUNNING'})
    await lives.stage.session.text('task', 'stop', idOf(task ?? {}), '--timeout', '1')
  })

  it('by an engine that is away when the person leaves is an interrupted run, told as such', async () => {
    const running = await halfStarted('midway-left', 'sleep 3600')

    await killEngine(web1)
    await running.says('the connection to web1 is lost; trying again')
    running.signal('SIGINT')
    const {exitCode, stderr} = await running.ended
    await mendEngine(web1)

    expect(exitCode, stderr).to.equal(130)
  })
})
