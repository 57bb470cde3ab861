// The test hosts themselves: what the other tests take on trust. They are a second run beside the standing hosts.
import {execFile} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {expect} from 'chai'
import {processesIn} from '../../support/hosts/cgroups.js'
import {answers, docker, dockerdPid, freezeEngine, isAlive, killEngine, startEngine, thawEngine} from '../../support/hosts/engine.js'
import {allowSsh, cutOff, freezeSshd, heal, mend, refuseSsh} from '../../support/hosts/faults.js'
import {BASE_IMAGE, tagImage} from '../../support/hosts/images.js'
import {overlaps} from '../../support/hosts/network.js'
import {run, waitUntil} from '../../support/hosts/programs.js'
import {acceptKey, changeHostKey, logins, refuseKey, restoreHostKey} from '../../support/hosts/sshd.js'
import {startHosts} from '../../support/hosts/start.js'
import {resetHosts, stopRun} from '../../support/hosts/stop.js'
import {allHosts, sshHost, type TestHosts} from '../../support/hosts/test-hosts.js'

/** What ssh says when it asks the host `one` for its name: the exit code, stdout and stderr. */
function askName(hosts: TestHosts): Promise<{readonly code: number; readonly said: string}> {
  return new Promise((resolve) => {
    const args = ['-F', hosts.sshConfigFile, '-o', 'ConnectTimeout=2', '-o', 'BatchMode=yes', 'one', 'hostname']
    execFile('ssh', args, (error, stdout, stderr) => resolve({code: error ? 255 : 0, said: stdout.trim() + stderr.trim()}))
  })
}

describe('the test hosts', () => {
  let hosts: TestHosts

  before(async () => {
    hosts = await startHosts({names: ['one', 'two']})
  })

  after(() => stopRun(hosts))

  it('are engines of their own with one base image', async () => {
    const ids = await Promise.all(allHosts(hosts).map((host) => docker(host, 'info', '-f', '{{.ID}}')))
    const images = await Promise.all(allHosts(hosts).map((host) => docker(host, 'image', 'ls', '-q', '--no-trunc', BASE_IMAGE)))

    expect(new Set(ids).size).to.equal(3)
    expect(new Set(images).size).to.equal(1)
  })

  it('count each login and answer by name', async () => {
    const before = logins(sshHost(hosts, 'one'))

    expect(await askName(hosts)).to.deep.equal({code: 0, said: 'one'})
    expect(logins(sshHost(hosts, 'one')) - before).to.equal(1)
  })

  it('run containers that this machine can reach', async () => {
    const one = sshHost(hosts, 'one')
    await docker(one, 'run', '-d', '-p', '8080:80', BASE_IMAGE, 'sh', '-c', 'echo here > index.html && httpd -f')
    await docker(hosts.local, 'run', '-d', '-p', '0:80', '--name', 'page', BASE_IMAGE, 'sh', '-c', 'echo home > index.html && httpd -f')
    const port = (await docker(hosts.local, 'port', 'page', '80')).trim().split(':').at(-1)

    expect(await page(`http://${one.address}:8080/`)).to.equal('here\n')
    expect(await page(`http://127.0.0.1:${port}/`)).to.equal('home\n')
  })

  it('refuse a key, a changed host key and a connection, and are mended', async () => {
    const one = sshHost(hosts, 'one')

    refuseKey(one)
    expect((await askName(hosts)).said).to.contain('Permission denied')
    acceptKey(one)
    await changeHostKey(one)
    expect((await askName(hosts)).said).to.contain('HOST IDENTIFICATION HAS CHANGED')
    await restoreHostKey(one)
    await refuseSsh(one)
    expect((await askName(hosts)).said).to.contain('Connection refused')
    await allowSsh(one)

    expect(await askName(hosts)).to.deep.equal({code: 0, said: 'one'})
  })

  it('fall silent and come back', async () => {
    const one = sshHost(hosts, 'one')

    await cutOff(one)
    expect((await askName(hosts)).code).to.equal(255)
    await heal(one)
    await waitUntil('the host to answer again', async () => (await askName(hosts)).code === 0)
    freezeSshd(one)
    expect((await askName(hosts)).said).to.contain('timed out')
    await mend(one)
    await waitUntil('the host to answer again', async () => (await askName(hosts)).code === 0)
  })

  it('lose their engine while its containers live on, and get it back', async () => {
    const two = sshHost(hosts, 'two')
    await docker(two, 'run', '-d', '--name', 'survivor', BASE_IMAGE, 'sleep', '1000')
    const container = Number(await docker(two, 'inspect', '-f', '{{.State.Pid}}', 'survivor'))

    freezeEngine(two)
    expect(await answers(two.socketPath)).to.equal(false)
    thawEngine(two)
    await killEngine(two)
    expect(dockerdPid(two)).to.equal(undefined)
    expect(await answers(two.socketPath)).to.equal(false)
    expect(isAlive(container)).to.equal(true)
    await startEngine(two)

    expect(await docker(two, 'ps', '-a', '--format', '{{.Names}}')).to.equal('survivor\n')
  })

  it('are empty after a reset', async () => {
    const one = sshHost(hosts, 'one')
    await docker(one, 'run', '-d', '-v', 'kept:/kept', BASE_IMAGE, 'sleep', '1000')
    await docker(one, 'network', 'create', 'extra')
    await tagImage(one, BASE_IMAGE, 'alpine:3')
    await killEngine(one)

    await resetHosts(hosts)

    expect(await docker(one, 'ps', '-aq')).to.equal('')
    expect(await docker(one, 'volume', 'ls', '-q')).to.equal('')
    expect(await docker(one, 'network', 'ls', '-q', '--filter', 'type=custom')).to.equal('')
    expect(await docker(one, 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}}')).to.equal(`${BASE_IMAGE}\n`)
  })
})

describe('stopRun', () => {
  it('leaves nothing, in whatever state the hosts are', async () => {
    const hosts = await startHosts({names: ['one']})
    const one = sshHost(hosts, 'one')
    await docker(hosts.local, 'network', 'create', 'extra')
    await docker(hosts.local, 'run', '-d', '--network', 'extra', BASE_IMAGE, 'sleep', '1000')
    await docker(one, 'run', '-d', '--name', 'paused', BASE_IMAGE, 'sleep', '1000')
    await docker(one, 'pause', 'paused')
    await killEngine(one)
    freezeSshd(one)
    freezeEngine(hosts.local)

    await stopRun(hosts)

    const routes = await run('ip', ['-4', '-j', 'route'])
    const links = await run('ip', ['-j', 'link'])
    expect(processesIn(`berth-hosts-${hosts.runId}`)).to.deep.equal([])
    expect(everyMount()).to.not.contain(hosts.folder)
    expect(existsSync(hosts.folder)).to.equal(false)
    expect(links).to.not.contain(hosts.runId)
    expect(
      JSON.parse(routes).filter((route: {dst: string}) => route.dst !== 'default' && overlaps(route.dst, hosts.addresses)),
    ).to.deep.equal([])
    expect(await run('iptables', ['-S'])).to.not.contain(hosts.runId)
    await stopRun(hosts)
  })
})

/** The mounts of every namespace on this machine. */
function everyMount(): string {
  const files = readdirSync('/proc').map((pid) => `/proc/${pid}/mountinfo`)
  return files.map(readIfThere).join('')
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // No process, or one that has just ended.
    return ''
  }
}

/** What the page says, once its server listens. */
async function page(url: string): Promise<string> {
  let said = ''
  await waitUntil(url, async () => {
    const response = await fetch(url).catch(() => undefined)
    said = response?.ok ? await response.text() : ''
    return said !== ''
  })
  return said
}
