// A host that goes silent in the middle: marked within the deadline, its tasks not lost, the others served, and found again.
import {once} from 'node:events'
import {expect} from 'chai'
import {freezeEngine, thawEngine} from '../../support/hosts/engine.js'
import {cutOff, heal} from '../../support/hosts/faults.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {sshHost, type SshTestHost} from '../../support/hosts/test-hosts.js'
import {Scene} from './scene.js'

/** The deadline of listing commands, and the time that a process takes on a busy machine. */
const LISTED_WITHIN_MS = 2000 + 2500

interface Tasks {
  readonly tasks: readonly {readonly lastStatus: string; readonly taskArn: string}[]
}

describe('a host that goes silent in the middle', function () {
  this.timeout(90_000)
  let scene: Scene
  let db1: SshTestHost

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
    db1 = sshHost(scene.hosts, 'db1')
    for (const name of ['local', 'db1'])
      await scene.session.json('instance', 'join', name === 'local' ? name : `ssh://${name}`, '--name', name)
  })

  after(async () => {
    await resetHosts(scene.hosts)
    await scene.close()
  })

  for (const [what, fault, mend] of [
    ['is cut off', cutOff, heal],
    ['has an engine that is frozen', freezeEngine, thawEngine],
  ] as const)
    it(`because it ${what} is marked in time beside those that answer, and found again`, async () => {
      await scene.session.json('instance', 'list')
      await fault(db1)

      const begun = Date.now()
      const listed = await scene.session.berth('instance', 'list')
      const took = Date.now() - begun
      await mend(db1)

      expect(listed.exitCode).to.equal(0)
      expect(listed.stdout)
        .to.match(/^db1 +unknown since \S+Z /m)
        .and.match(/^local +ACTIVE /m)
      expect(took, 'milliseconds').to.be.lessThan(LISTED_WITHIN_MS)
      await waitUntil('db1 to be found again', async () => /^db1 +ACTIVE /m.test((await scene.session.berth('instance', 'list')).stdout))
    })

  it('under an attached run tells how to come back, and the task goes on', async () => {
    await scene.session.json('instance', 'drain', 'local')
    const run = scene.session.start(['task', 'run', '--image', 'busybox:test', '--memory', '32', '--', 'sh', '-c', 'echo begun; sleep 600'])
    if (run.stdout) await once(run.stdout, 'data')
    await cutOff(db1)

    const {exitCode, stderr, stdout} = await run
    await heal(db1)

    expect({exitCode, stdout}).to.deep.equal({exitCode: 6, stdout: 'begun'})
    expect(String(stderr))
      .to.match(/^berth: Task [0-9a-f]{32} is out of sight and may go on: .*\.$/m)
      .and.match(/^ {2}try: berth task wait [0-9a-f]{32}$/m)
    await waitUntil('the task to be seen again', async () =>
      (await scene.session.json<Tasks>('task', 'list')).tasks.some((task) => task.lastStatus === 'RUNNING'),
    )
    const {tasks} = await scene.session.json<Tasks>('task', 'list')
    await scene.session.json('task', 'stop', ...tasks.map(({taskArn}) => taskArn), '--timeout', '0', '--yes')
  })
})
