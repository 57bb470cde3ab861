// What is wrong with hosts, on hosts with which something is wrong.
import {join} from 'node:path'
import {expect} from 'chai'
import type {Finding} from '../../../src/model/diagnosis.js'
import type {State} from '../../../src/model/state.js'
import {docker} from '../../support/hosts/engine.js'
import {runInside} from '../../support/hosts/holder.js'
import {cutOff, heal} from '../../support/hosts/faults.js'
import {restartSshd} from '../../support/hosts/sshd.js'
import {sshHost, type TestHost} from '../../support/hosts/test-hosts.js'
import {run, waitUntil} from '../../support/hosts/programs.js'
import {stateIn} from '../../support/state-folder.js'
import {LASTING, SMALL, Stage} from './stage.js'

describe('doctor', function () {
  this.timeout(60_000)
  let stage: Stage

  beforeEach(async () => {
    stage = await Stage.open(['web1', 'web2'])
  })

  afterEach(() => stage.close())

  const problems = async () => {
    const {exitCode, stdout} = await stage.session.berth('doctor', '--json')
    const {findings} = JSON.parse(stdout) as {readonly findings: readonly Finding[]}
    return {exitCode, found: findings.filter(({severity}) => severity === 'problem')}
  }

  it('finds nothing wrong where nothing is', async () => {
    await stage.launch([])
    const text = await stage.session.text('doctor')

    expect(text)
      .to.match(/^web1 +connection +ok +answers; four questions took \d+ ms$/m)
      .and.match(/^web2 +engine +ok +Docker \d+.*, API [\d.]+ to [\d.]+, /m)
      .and.match(/^web2 +disk +ok +[\d.]+ GiB \(\d+ %\) and \d+ % of the inodes free at \/.*\/web2\/data$/m)
      .and.match(/^web2 +ssh +ok +forwards sockets/m)
      .and.match(/^web2 +mark +ok /m)
      .and.match(/\nNothing is wrong\.$/)
  })

  it('finds a mark that was removed, a container that was started by hand, and one that nobody knows', async () => {
    const id = await stage.launch([])
    await stage.session.text('task', 'stop', '--timeout', '1', id)
    const [host = ''] = (
      await Promise.all(['web1', 'web2'].map(async (name) => ((await stage.found(name, id)).length > 0 ? [name] : [])))
    ).flat()
    const [container] = await stage.containers(host, id)
    const other = host === 'web1' ? 'web2' : 'web1'
    const {revision} = await stage.session.json<State>('state', 'show')
    await stage.launchAll(['--placement-constraint', `memberOf:ec2InstanceId == ${other}`])
    await stage.session.text('state', 'restore', String(revision), '--yes')
    const [volume = ''] = (await docker(stage.host(other), 'volume', 'ls', '-q', '--filter', 'name=berth-instance')).split('\n')
    await docker(stage.host(other), 'volume', 'rm', volume)

    await docker(stage.host(host), 'start', container ?? '')

    const {exitCode, found} = await problems()

    expect(exitCode).to.equal(11)
    expect(found.map(({instance, said, what}) => `${instance} ${what}: ${said.replace(/berth-\S+/, 'NAME')}`).sort()).to.deep.equal(
      [
        `${host} containers: running, of tasks that have stopped: NAME`,
        `${other} containers: of tasks that the state does not know: NAME`,
        `${other} mark: it bears no mark of being in a cluster: another state could join it`,
      ].sort(),
    )
    for (const {mend} of found) expect(mend).to.match(/^(ssh .* docker rm -f |berth cluster refresh prod$)/)
  })

  it('finds disks without room and without inodes, over ssh and on this machine', async () => {
    await stage.session.json('instance', 'join', 'local', '--name', 'local')
    const covered = [
      await coverData(stage.host('web1'), 'size=1g'),
      await coverData(stage.host('web2'), 'size=8g,nr_inodes=1'),
      await coverHere(stage.host('local'), 'size=1g'),
    ]
    try {
      const {exitCode, found} = await problems()

      expect(exitCode).to.equal(11)
      expect(found.map(({instance, said, what}) => `${instance} ${what}: ${said.replace(/ at .*/, '')}`)).to.deep.equal([
        'local disk: 1.0 GiB (100 %) and 99 % of the inodes free',
        'web1 disk: 1.0 GiB (100 %) and 99 % of the inodes free',
        'web2 disk: 8.0 GiB (100 %) and 0 % of the inodes free',
      ])
      for (const {mend} of found) expect(mend).to.match(/docker .*system prune$/)
    } finally {
      for (const uncover of covered) await uncover()
    }
  })

  it('tells what an sshd that forbids to forward sockets opens at once', async () => {
    const web1 = sshHost(stage.hosts, 'web1')
    await restartSshd(web1, ['AllowStreamLocalForwarding no', 'MaxSessions 5'])
    try {
      await stage.session.text('connection', 'close')

      const text = await stage.session.text('doctor')

      // The engine itself is asked through one or two of them.
      expect(text)
        .to.match(/^web1 +ssh +note +forbids to forward sockets .*; it opens [345] more sessions at once$/m)
        .and.match(/^web1 +disk +ok /m)
        .and.match(/\nNothing is wrong\.$/)
    } finally {
      await restartSshd(web1)
      await stage.session.text('connection', 'close')
    }
  })

  it('finds a host that is cut off, and a command that died', async () => {
    const dying = stage.session.start(['task', 'run', ...SMALL, '--count', '8', '--detach', '--', ...LASTING])
    await waitUntil('a beginning', () => Object.keys(stateIn(stage.session.stateFile).intents).length > 0)
    dying.kill('SIGKILL')
    await dying
    await cutOff(sshHost(stage.hosts, 'web2'))
    try {
      const {exitCode, found} = await problems()

      expect(exitCode).to.equal(11)
      expect(found.map(({instance, what}) => `${instance} ${what}`)).to.include.members(['undefined intents', 'web2 connection'])
      expect(found.find(({what}) => what === 'intents')).to.include({mend: 'berth state resume'})
    } finally {
      await heal(sshHost(stage.hosts, 'web2'))
    }
  })
})

/** A file system of the test's own over the engine's data, as the host sees it; comes back with what takes it away. What the engine holds open stays. */
async function coverData(host: TestHost, options: string): Promise<() => Promise<unknown>> {
  const folder = join(host.folder, 'data')
  await runInside(host, ['mount', '-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  return () => runInside(host, ['umount', folder])
}

/** The same as this machine sees it. */
async function coverHere(host: TestHost, options: string): Promise<() => Promise<unknown>> {
  const folder = join(host.folder, 'data')
  await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  return () => run('umount', [folder])
}

describe('cluster refresh', function () {
  this.timeout(60_000)

  it('records what became of tasks whose containers were removed by hand, and who is silent', async () => {
    const stage = await Stage.open(['web1', 'web2'])
    try {
      const id = await stage.launch(['--placement-constraint', 'memberOf:ec2InstanceId == web1'])
      const [container = ''] = await stage.containers('web1', id)
      expect(await stage.session.text('cluster', 'refresh')).to.equal('Nothing changed.')
      await docker(stage.host('web1'), 'rm', '-f', container)
      await cutOff(sshHost(stage.hosts, 'web2'))

      const text = await stage.session.text('cluster', 'refresh')

      expect(text)
        .to.match(new RegExp(`^~ tasks/${id}$`, 'm'))
        .and.match(/^ {4}lastStatus: "RUNNING" -> "STOPPED"$/m)
        .and.match(/^web2 did not answer: /m)
      expect(await stage.session.text('task', 'list', '--cached', '-q')).to.equal('')
    } finally {
      await heal(sshHost(stage.hosts, 'web2'))
      await stage.close()
    }
  })
})
