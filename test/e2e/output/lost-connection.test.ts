// A connection that breaks under a run that is watched: it is taken up again, and no line is lost or told twice.
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {cutOff, mend} from '../../support/hosts/faults.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {listenTo, SMALL, Stage} from '../session/stage.js'

/** Numbers every tenth of a second, then ends with 5. */
const COUNTING = ['sh', '-c', 'i=0; while [ $i -lt 120 ]; do echo line $i; i=$((i+1)); sleep 0.1; done; exit 5']
const EXPECTED = Array.from({length: 120}, (_, number) => `line ${number}`)

describe('task run, over a connection that breaks', function () {
  this.timeout(120_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open(['web1'])
  })

  after(async () => {
    await mend(sshHost(stage.hosts, 'web1'))
    await stage.close()
  })

  it('goes on when its ssh connection is killed', async () => {
    const running = listenTo(stage.session.start(['task', 'run', ...SMALL, '--', ...COUNTING]))
    await running.says('line 20\n')

    const {connections} = await stage.session.json<{connections: {pid: number}[]}>('connection', 'list')
    for (const {pid} of connections) process.kill(pid, 'SIGKILL')

    const ended = await running.ended
    expect(ended.exitCode, ended.stderr).to.equal(5)
    expect(ended.stdout.split('\n')).to.deep.equal(EXPECTED)
    expect(ended.stderr).to.match(/the connection to web1 is lost; trying again/)
    expect(ended.stderr).to.match(/task [\da-f]{32} exited 5/)
  })

  it('goes on when its host was cut off for a while', async () => {
    const running = listenTo(stage.session.start(['task', 'run', ...SMALL, '--', ...COUNTING]))
    await running.says('line 20\n')

    await cutOff(sshHost(stage.hosts, 'web1'))
    // The host itself is still seen from beside: its task goes on meanwhile.
    const [container = ''] = await stage.containers('web1')
    await waitUntil('the task to go on unseen', async () => (await docker(stage.host('web1'), 'logs', container)).includes('line 70\n'))
    await mend(sshHost(stage.hosts, 'web1'))

    const ended = await running.ended
    expect(ended.exitCode, ended.stderr).to.equal(5)
    expect(ended.stdout.split('\n')).to.deep.equal(EXPECTED)
  })

  it('is followed by task logs -f through the same', async () => {
    const id = await stage.launch([], ...COUNTING)
    const running = listenTo(stage.session.start(['task', 'logs', id, '-f']))
    await running.says('line 20\n')

    const {connections} = await stage.session.json<{connections: {pid: number}[]}>('connection', 'list')
    for (const {pid} of connections) process.kill(pid, 'SIGKILL')

    const ended = await running.ended
    expect(ended.exitCode, ended.stderr).to.equal(0)
    expect(ended.stdout.split('\n')).to.deep.equal(EXPECTED)
  })
})
