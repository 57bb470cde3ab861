// What is wrong with hosts, on hosts with which something is wrong.
import {expect} from 'chai'
import type {Finding} from '../../../src/model/diagnosis.js'
import type {State} from '../../../src/model/state.js'
import {docker} from '../../support/hosts/engine.js'
import {cutOff, heal} from '../../support/hosts/faults.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {waitUntil} from '../../support/hosts/programs.js'
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

  it('finds a host that is cut off, and a command that died', async () => {
    const run = stage.session.start(['task', 'run', ...SMALL, '--count', '8', '--detach', '--', ...LASTING])
    await waitUntil('a beginning', () => Object.keys(stateIn(stage.session.stateFile).intents).length > 0)
    run.kill('SIGKILL')
    await run
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
