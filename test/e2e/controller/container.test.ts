// The controller as a container on an instance: made of this machine's programs, it reaches the hosts by the key that it was given, and heals.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import {EtcdCluster} from '../../support/etcd/cluster.js'
import {loadHosts} from '../../support/hosts/descriptor.js'
import {docker} from '../../support/hosts/engine.js'
import {run, waitUntil} from '../../support/hosts/programs.js'
import {Stage} from '../session/stage.js'
import {AT_ONCE} from '../service/service-stage.js'
import {containersUp, register, untilRunning} from './controller-stage.js'

const HOSTS = ['web1', 'web2', 'db1'] as const

interface Status {
  readonly controller: {readonly leader: {readonly by: string; readonly since: string} | null}
}

describe('a controller in a container', function () {
  this.timeout(180_000)
  let etcd: EtcdCluster
  let stage: Stage
  let name: string
  let files: readonly string[]

  before(async () => {
    const {addresses, folder, knownHostsFile} = loadHosts()
    // On the hosts' bridge this machine is the first of their addresses.
    etcd = await EtcdCluster.start(1, undefined, addresses.replace(/0\/\d+$/, '1'))
    stage = await Stage.open(HOSTS, {BERTH_STATE: etcd.address('container')})
    files = ['--identity', join(folder, 'id_ed25519'), '--known-hosts', knownHostsFile]
    await register(stage.session, 'one')
  })

  after(async () => {
    await stage.session.berth('controller', 'uninstall', '--on', 'web1', '--yes')
    await stage.close()
    await etcd.stop()
  })

  const leader = async () => (await stage.session.json<Status>('controller', 'status')).controller.leader

  it('is told of in a dry run, asks before it hands over a key, and then leads', async () => {
    const install = ['controller', 'install', '--on', 'web1', ...files]
    expect(await stage.session.text(...install, '--dry-run')).to.contain('Would run the controller')
    const unasked = await stage.session.berth(...install)
    expect(unasked.exitCode).to.equal(10)
    expect(unasked.stderr).to.contain(`put key ${files[1]}, known hosts ${files[3]} into its volume there`)
    expect(await leader()).to.equal(null)

    const begunAt = Date.now()
    const {controllerContainer} = await stage.session.json<{controllerContainer: {name: string}}>(...install, '--yes')
    process.stderr.write(`      installed in ${Date.now() - begunAt} ms\n`)
    name = controllerContainer.name

    expect(await leader()).to.include({by: 'root@controller-on-web1'})
    const again = await stage.session.json<{deed: string}>(...install, '--yes')
    expect(again.deed).to.equal('unchanged')
  })

  it('gives its key to root alone, in a volume and nowhere else, and has no right that it does not need', async () => {
    const [seen] = JSON.parse(await docker(stage.host('web1'), 'inspect', name))
    expect(JSON.stringify(seen)).to.not.contain('PRIVATE KEY')
    expect(seen.HostConfig).to.deep.include({CapDrop: ['ALL'], ReadonlyRootfs: true, NetworkMode: 'host'})
    const listed = await docker(stage.host('web1'), 'run', '--rm', '-v', `${name}:/given:ro`, 'busybox:test', 'ls', '-ln', '/given')
    for (const file of ['identity', 'known_hosts', 'ssh_config'])
      expect(listed).to.match(new RegExp(`^-rw------- +1 0 +0 .* ${file}$`, 'm'))
  })

  it('starts what a service wants and replaces what dies, and its first process leaves no zombies', async () => {
    await stage.session.text('service', 'create', 'web', '--task-definition', 'web', '--desired-count', '3', ...AT_ONCE, '--detach')
    await untilRunning(stage.session, 3)
    const [container = ''] = await containersUp(stage, ['web2'])

    const killedAt = Date.now()
    await docker(stage.host('web2'), 'kill', container)
    await waitUntil('another container', async () => {
      const up = await containersUp(stage, HOSTS)
      return up.length === 3 && !up.includes(container)
    })
    process.stderr.write(`      replaced ${Date.now() - killedAt} ms after the kill\n`)

    const states = await docker(stage.host('web1'), 'top', name, '-o', 'pid,stat,args')
    expect(states.split('\n').filter((line) => / Z/.test(line))).to.deep.equal([])
  })

  it('keeps its instance and its cluster from going before it', async () => {
    const left = await stage.session.berth('instance', 'leave', 'web1', '--force', '--yes')
    expect(left.exitCode).to.equal(4)
    expect(left.stderr).to.contain('berth controller uninstall --on web1')
    const deleted = await stage.session.berth('cluster', 'delete', 'prod', '--force', '--yes')
    expect(deleted.exitCode).to.equal(4)
    expect(deleted.stderr).to.contain('berth controller uninstall --on web1')
  })

  it('is told to be installed again when a host joins that it does not know', async () => {
    const joined = await stage.session.berth('instance', 'join', 'local', '--name', 'late')
    expect(joined.stderr).to.contain('the controller in a container on web1 does not know the new host')
    const refused = await stage.session.berth('controller', 'install', '--on', 'web1', ...files, '--yes')
    expect(refused.exitCode).to.equal(2)
    expect(refused.stderr).to.contain('cannot reach instance "late"')
    await stage.session.text('instance', 'leave', 'late', '--force', '--yes')
  })

  it('is brought back by the engine, and is gone with all that it was given when it is uninstalled', async () => {
    const before = await leader()
    const outside = JSON.parse(await docker(stage.host('web1'), 'inspect', name))[0].State.Pid as number
    process.kill(outside, 'SIGKILL')
    // The lease of the dead one stands for seconds more.
    await waitUntil('another process to lead', async () => {
      const now = await leader()
      return now !== null && now.since !== before?.since
    })

    // One that does not run has its key there all the same.
    await docker(stage.host('web1'), 'stop', name)
    expect((await stage.session.berth('instance', 'leave', 'web1', '--force', '--yes')).exitCode).to.equal(4)
    await stage.session.text('controller', 'uninstall', '--on', 'web1')

    expect(await leader()).to.equal(null)
    expect(await docker(stage.host('web1'), 'ps', '-aq', '--filter', `name=${name}`)).to.equal('')
    expect(await docker(stage.host('web1'), 'volume', 'ls', '-q', '--filter', `name=${name}`)).to.equal('')
    expect(await docker(stage.host('web1'), 'images', '-q', 'berth-controller')).to.equal('')
    expect(await stage.session.text('controller', 'uninstall', '--on', 'web1')).to.contain('There is no')
  })

  it('is refused a key that no host takes and a host that it does not know, before anything is done', async () => {
    const empty = join(stage.session.folder, 'empty')
    await writeFile(empty, '')
    const unknown = await stage.session.berth('controller', 'install', '--on', 'web1', ...files.slice(0, 3), empty, '--yes')
    expect(unknown.exitCode).to.equal(2)
    expect(unknown.stderr).to.contain('has no key of host')
    const key = join(stage.session.folder, 'stranger')
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const stranger = await stage.session.berth('controller', 'install', '--on', 'web1', '--identity', key, ...files.slice(2), '--yes')
    expect(stranger.exitCode).to.equal(2)
    expect(stranger.stderr).to.contain('could not log in with the key')
    expect(await docker(stage.host('web1'), 'volume', 'ls', '-q', '--filter', `name=${name}`)).to.equal('')
    const alone = await stage.session.berth(
      'controller',
      'install',
      '--on',
      'web1',
      '--yes',
      '--state',
      join(stage.session.folder, 's.json'),
    )
    expect(alone.exitCode).to.equal(2)
    expect(alone.stderr).to.contain('--identity is missing')
  })
})
