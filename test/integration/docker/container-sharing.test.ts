// What containers on Docker share with each other and with their host: namespaces, links, volumes. Told by what each sees of the other.
import {expect} from 'chai'
import {PAUSE_IMAGE} from '../../../src/model/run-document.js'
import type {ContainerSpec} from '../../../src/world/container-spec.js'
import {startTestEngine, TEST_PREFIX, type TestEngine} from '../../support/engine.js'
import {run, waitUntil} from '../../support/hosts/programs.js'
import {aContainer, aSpec, failureOf, printed, soon, textOf} from '../../support/specs.js'

/** The command until it succeeds: what it waits for is another container's doing. */
function eventually(command: string): string {
  return `for i in $(seq 100); do ${command} && break; sleep 0.1; done`
}

/** Prints the page that is served there; busybox's own `wget` is linked so that it cannot look up names. */
function pageAt(address: string): string {
  return eventually(`printf 'GET /index.html HTTP/1.0\\r\\n\\r\\n' | nc ${address} 8080 2>/dev/null | tail -n 1 | grep .`)
}

describe('Containers on Docker', function () {
  this.timeout(60_000)
  let real: TestEngine
  const docker = (...words: readonly string[]) => run('docker', ['-H', `unix://${real.socketPath}`, ...words])
  const lasting = (script: string, said: Partial<ContainerSpec> = {}) =>
    aContainer(real.engine, {...said, command: ['sh', '-c', `${script}; sleep 60`]})

  before(async () => {
    real = await startTestEngine()
  })
  afterEach(() => clear())
  after(() => real.stop())

  async function clear(): Promise<void> {
    for (const {name} of await real.engine.list(soon())) if (name.startsWith(TEST_PREFIX)) await real.engine.remove(name, soon())
  }

  /** What a container so made prints until its end. */
  async function printedBy(script: string, said: Partial<ContainerSpec>): Promise<string> {
    const name = await aContainer(real.engine, {...said, command: ['sh', '-c', script]})
    await real.engine.wait(name, soon())
    const chunks = await printed(real.engine.logs(name, {}, soon()))
    return `${textOf(chunks, 'stdout')}${textOf(chunks, 'stderr')}`.trim()
  }

  it('reach each other on localhost in one network namespace', async () => {
    const first = await lasting('echo from the first >/tmp/index.html; httpd -p 127.0.0.1:8080 -h /tmp')

    const printed = await printedBy(pageAt('127.0.0.1'), {network: {container: first}})

    expect(printed).to.equal('from the first')
  })

  it('see each other in one process namespace', async () => {
    const first = await lasting('true')

    expect(await printedBy('ps', {pid: {container: first}})).to.contain('sleep 60')
    expect(await printedBy('ps', {})).not.to.contain('sleep 60')
  })

  it('share memory where one lets the others in, and only there', async () => {
    const open = await lasting('echo shared >/dev/shm/word', {ipc: 'shareable'})
    const closed = await lasting('true', {ipc: 'none'})

    expect(await printedBy(eventually('cat /dev/shm/word 2>/dev/null'), {ipc: {container: open}})).to.equal('shared')
    const spec = aSpec({ipc: {container: closed}})
    expect(await failureOf(real.engine.create(spec, soon()).then(() => real.engine.start(spec.name, soon()))))
      .to.have.property('code')
      .that.matches(/^Cannot(Create|Start)ContainerError$/)
  })

  it('have the network, the processes and the IPC of the host where that is asked for', async () => {
    const {HostConfig} = JSON.parse(await docker('inspect', await lasting('true', {network: 'host', pid: 'host', ipc: 'host'})))[0]
    const own = await run('readlink', ['/proc/self/ns/ipc', '/proc/self/ns/pid'])

    expect(HostConfig).to.include({NetworkMode: 'host', PidMode: 'host', IpcMode: 'host'})
    expect(await printedBy('readlink /proc/self/ns/ipc; readlink /proc/self/ns/pid', {ipc: 'host', pid: 'host'})).to.equal(own.trim())
  })

  it('find linked ones by their alias', async () => {
    const first = await lasting('echo from the store >/tmp/index.html; httpd -p 8080 -h /tmp')

    const printed = await printedBy(pageAt("$(awk '/store/ {print $1; exit}' /etc/hosts)"), {links: [`${first}:store`]})

    expect(printed).to.equal('from the store')
  })

  it('have the volumes of another, to read only where so asked', async () => {
    const volume = 'berth-docker-test-sharing'
    await real.engine.createVolume({name: volume, driver: 'local', driverOptions: {}, labels: {}}, soon())
    const first = await lasting('echo kept >/data/word', {binds: [`${volume}:/data`]})
    await waitUntil('the word', async () => (await real.engine.pathSeen(first, '/data/word', soon())) !== undefined)

    expect(await printedBy('cat /data/word; echo more >/data/more && echo written', {volumesFrom: [first]})).to.equal('kept\nwritten')
    expect(await printedBy('touch /data/other 2>/dev/null || echo refused', {volumesFrom: [`${first}:ro`]})).to.equal('refused')
    expect(await failureOf(real.engine.removeVolume(volume, soon()))).to.have.property('code', 'VolumeInUse')
    await clear()
    await real.engine.removeVolume(volume, soon())
  })

  describe('the pause container', () => {
    it('holds a network and a process namespace that others join, and ends by SIGKILL alone', async () => {
      await real.engine.loadPauseImage(soon())
      const spec: ContainerSpec = {...aSpec({image: PAUSE_IMAGE, ipc: 'shareable'}), command: []}
      await real.engine.create(spec, soon())
      await real.engine.start(spec.name, soon())
      const joined = {network: {container: spec.name}, pid: {container: spec.name}, ipc: {container: spec.name}}

      const server = await lasting('echo beside the pause >/tmp/index.html; httpd -p 127.0.0.1:8080 -h /tmp', joined)
      expect(await printedBy(pageAt('127.0.0.1'), joined)).to.equal('beside the pause')
      expect(await printedBy('cat /proc/1/comm', joined)).to.equal('pause')

      await real.engine.signal(spec.name, 'SIGTERM', soon())
      await real.engine.remove(server, soon())
      expect(await real.engine.inspect(spec.name, soon())).to.include({status: 'running'})
      await real.engine.stop(spec.name, 0, soon())
      expect(await real.engine.inspect(spec.name, soon())).to.include({status: 'exited', exitCode: 137})
    })

    it('is made of one image, however often it is loaded', async () => {
      await real.engine.loadPauseImage(soon())
      const first = await real.engine.image(PAUSE_IMAGE, soon())
      for (const {image, runtimeId} of await real.engine.list(soon()))
        if (image === PAUSE_IMAGE) await real.engine.remove(runtimeId, soon())
      await docker('rmi', PAUSE_IMAGE)
      await real.engine.loadPauseImage(soon())

      expect(await real.engine.image(PAUSE_IMAGE, soon())).to.deep.equal(first)
      expect(first?.sizeBytes).to.be.lessThan(200)
    })
  })
})
