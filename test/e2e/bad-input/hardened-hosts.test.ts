// A host whose sshd forbids to forward sockets: used all the same, through its docker client.
import {readdirSync, readFileSync} from 'node:fs'
import {once} from 'node:events'
import {expect} from 'chai'
import {waitUntil} from '../../support/hosts/programs.js'
import {logins, restartSshd} from '../../support/hosts/sshd.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {sshHost, type SshTestHost} from '../../support/hosts/test-hosts.js'
import {expectRefused, Scene} from './scene.js'

const HARDENED = 'AllowStreamLocalForwarding no'

describe('a host that forbids to forward sockets', function () {
  this.timeout(90_000)
  let scene: Scene
  let db1: SshTestHost

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
    db1 = sshHost(scene.hosts, 'db1')
    await restartSshd(db1, [HARDENED])
    await scene.session.json('instance', 'join', 'ssh://db1', '--name', 'db1')
  })

  after(async () => {
    await restartSshd(db1)
    await resetHosts(scene.hosts)
    await scene.close()
  })

  afterEach(() => waitUntil('every ssh of a command to end', () => dialing(scene.session.folder).length === 0))

  it('gives a task back its exit code and its output', async () => {
    const ran = await scene.session.berth('task', 'run', '--image', 'busybox:test', '--memory', '32', '--', 'sh', '-c', 'echo hi; exit 3')

    expect(ran).to.deep.include({exitCode: 3, stdout: 'hi'})
    expect(ran.stderr).to.match(/task [0-9a-f]{32} exited 3$/)
  })

  it('carries input and output of a program in a container, its log as it comes, and the stop', async () => {
    const id = await scene.session.text(...RUN_DETACHED, '--', 'sh', '-c', 'echo begun; sleep 600')
    const following = scene.session.start(['task', 'logs', id, '-f'])
    if (following.stdout) await once(following.stdout, 'data')

    const cat = scene.session.start(['task', 'exec', id, '-i', '--', 'cat'], {stdin: 'pipe'})
    cat.stdin?.end('through the host\n')
    const {exitCode, stdout} = await cat
    await scene.session.text('task', 'stop', id, '--timeout', '0', '--yes')

    expect({exitCode, stdout}).to.deep.equal({exitCode: 0, stdout: 'through the host'})
    expect(await following).to.include({exitCode: 0, stdout: 'begun'})
  })

  it('answers twenty commands at once, all of them by one login', async () => {
    const id = await scene.session.text(...RUN_DETACHED, '--', 'sh', '-c', 'echo begun; sleep 600')
    await scene.session.berth('connection', 'close')
    const before = logins(db1)

    const told = await Promise.all(Array.from({length: 20}, () => scene.session.text('task', 'logs', id)))

    expect(told).to.deep.equal(Array.from({length: 20}, () => 'begun'))
    expect(logins(db1) - before).to.equal(1)
    await scene.session.text('task', 'stop', id, '--timeout', '0', '--yes')
  })

  it('leaves no ssh behind when a command is killed in the middle', async () => {
    const id = await scene.session.text(...RUN_DETACHED, '--', 'sh', '-c', 'echo begun; sleep 600')
    const following = scene.session.start(['task', 'logs', id, '-f'])
    if (following.stdout) await once(following.stdout, 'data')
    expect(dialing(scene.session.folder)).not.to.deep.equal([])

    following.kill('SIGKILL')
    await following

    await waitUntil('every ssh of the command to end', () => dialing(scene.session.folder).length === 0)
    await scene.session.text('task', 'stop', id, '--timeout', '0', '--yes')
  })

  it('is refused, with both cures, when it has no docker client either', async () => {
    await scene.session.berth('connection', 'close')
    await restartSshd(db1, [HARDENED, 'SetEnv PATH=/nowhere'])

    await expectRefused(scene, ['instance', 'join', 'ssh://root@db1'], {
      code: 'StreamForwardingForbidden',
      exitCode: 6,
      said: /set AllowStreamLocalForwarding to yes in its sshd_config, or install the docker client there\.$/,
      suggests: /db1 sudo sshd -T$/m,
    })

    await restartSshd(db1, [HARDENED])
  })
})

const RUN_DETACHED = ['task', 'run', '--image', 'busybox:test', '--memory', '32', '--detach', '-q']

/** The ssh programs that commands of this shell have going to an engine. */
function dialing(folder: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(commandOf).filter((line) => line.startsWith('ssh\0') && line.includes(folder) && line.includes('dial-stdio'))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has ended since.
    return ''
  }
}
