import {createServer} from 'node:net'
import {expect} from 'chai'
import {localEngines, startTestEngine, type TestEngine} from '../../support/engine.js'
import {run} from '../../support/hosts/programs.js'
import {aContainer, aSpec, failureOf, printed, soon, textOf} from '../../support/specs.js'

describe('DockerEngine, beside what docker itself says', function () {
  this.timeout(60_000)
  let real: TestEngine
  const docker = (...words: readonly string[]) => run('docker', ['-H', `unix://${real.socketPath}`, ...words])
  const inspected = async (name: string) => JSON.parse(await docker('inspect', name))[0]
  const started = (script: string, said = {}) => aContainer(real.engine, {command: ['sh', '-c', script], ...said})

  before(async () => {
    real = await startTestEngine()
  })
  after(() => real.stop())

  it('tells the facts of the host', async () => {
    const facts = await real.engine.facts(soon())
    const info = JSON.parse(await docker('info', '--format', '{{json .}}'))
    const version = JSON.parse(await docker('version', '--format', '{{json .Server}}'))

    expect(facts).to.include({
      hostName: info.Name,
      cpuCount: info.NCPU,
      memoryMiB: Math.floor(info.MemTotal / 1024 / 1024),
      architecture: info.Architecture,
      storageDriver: info.Driver,
      engineVersion: version.Version,
      apiVersion: version.ApiVersion,
    })
  })

  it('makes containers with the limits, environment and mounts that were asked for', async () => {
    const name = await started('exit 0', {
      cpuShares: 512,
      memoryMiB: 64,
      memoryReservationMiB: 32,
      environment: [{name: 'GREETING', value: 'hello=you'}],
      binds: ['/tmp:/data:ro'],
    })

    const {Config, HostConfig} = await inspected(name)

    expect(HostConfig).to.include({CpuShares: 512, Memory: 64 * 1024 * 1024, MemoryReservation: 32 * 1024 * 1024})
    expect(HostConfig.Binds).to.deep.equal(['/tmp:/data:ro'])
    expect(Config.Env).to.include('GREETING=hello=you')
    expect(Config.StopTimeout).to.equal(2)
    expect(Config.Labels['com.amazonaws.ecs.container-name']).to.equal('main')
  })

  it('sees a container that ran out of memory', async () => {
    const name = await started('tail /dev/zero', {memoryMiB: 16})

    expect(await real.engine.wait(name, soon())).to.equal(137)
    expect(await real.engine.inspect(name, soon())).to.include({outOfMemory: true, exitCode: 137})
  })

  it('lists foreign containers as foreign', async () => {
    const spec = aSpec()
    await docker('create', '--name', spec.name, '--label', 'berth.cluster=prod', spec.image, 'sh')

    const listed = (await real.engine.list(soon())).find((one) => one.name === spec.name)

    expect(listed).to.include({status: 'created'}).and.not.have.property('owner')
  })

  it('says which port a program of the host holds', async () => {
    const holder = createServer().listen(0, '0.0.0.0')
    await new Promise((resolve) => holder.once('listening', resolve))
    const {port} = holder.address() as {readonly port: number}
    const spec = aSpec({ports: [{containerPort: 80, hostPort: port, protocol: 'tcp'}]})
    await real.engine.create(spec, soon())

    try {
      const failure = await failureOf(real.engine.start(spec.name, soon()))

      expect(failure).to.include({code: 'PortTaken'})
      expect(failure.message).to.contain(`Port ${port} of `)
    } finally {
      holder.close()
    }
  })

  it('gives output with nothing lost or mixed, however much there is', async () => {
    const lines = 20_000
    const name = await started(`i=0; while [ $i -lt ${lines} ]; do echo "out $i"; echo "err $i" >&2; i=$((i+1)); done`)

    const chunks = await printed(real.engine.logs(name, {follow: true}, soon()))

    const numbered = (word: string) => Array.from({length: lines}, (_, index) => `${word} ${index}\n`).join('')
    expect(textOf(chunks, 'stdout') === numbered('out'), 'stdout').to.equal(true)
    expect(textOf(chunks, 'stderr') === numbered('err'), 'stderr').to.equal(true)
  })

  it('gives the output of a terminal, of which docker makes no frames', async () => {
    const spec = aSpec()
    await docker('run', '-d', '-t', '--name', spec.name, spec.image, 'sh', '-c', 'echo on a terminal')
    await real.engine.wait(spec.name, soon())

    expect(textOf(await printed(real.engine.logs(spec.name, {}, soon())), 'stdout')).to.equal('on a terminal\r\n')
  })

  it('gives output since a moment', async () => {
    const name = await started('echo one; sleep 1; echo two')
    await real.engine.wait(name, soon())
    const [{at: first = ''} = {}] = await printed(real.engine.logs(name, {}, soon()))
    const since = new Date(Date.parse(first) + 500).toISOString()

    expect(textOf(await printed(real.engine.logs(name, {since}, soon())), 'stdout')).to.equal('two\n')
  })

  it('runs a program on a terminal of the size that it is given', async () => {
    const name = await started('sleep 60')
    const command = ['sh', '-c', 'read x; stty size; exit 6']

    const session = await real.engine.exec(name, {command, stdin: true, tty: true, environment: [{name: 'TERM', value: 'xterm'}]}, soon())
    await session.resize(101, 33)
    await session.write(Buffer.from('go\n'))
    const chunks = await printed(session.output)

    expect(textOf(chunks, 'stdout')).to.contain('33 101')
    expect(textOf(chunks, 'stderr')).to.equal('')
    expect(await session.exitCode()).to.equal(6)
    await session.resize(80, 24)
    await real.engine.remove(name, soon())
  })

  it('tells 126 or 127 of a program that is not in the container', async () => {
    const name = await started('sleep 60')

    const session = await real.engine.exec(name, {command: ['berth-no-such-program']}, soon())
    await printed(session.output)

    expect(await session.exitCode()).to.be.oneOf([126, 127])
    await real.engine.remove(name, soon())
  })

  it('removes a running container with its anonymous volumes', async () => {
    const spec = aSpec()
    await docker('run', '-d', '-v', '/data', '--name', spec.name, spec.image, 'sleep', '60')
    const volume = (await inspected(spec.name)).Mounts[0].Name

    await real.engine.remove(spec.name, soon())

    expect((await docker('volume', 'ls', '-q')).split('\n')).not.to.include(volume)
  })

  it('says why an image cannot be pulled, and where', async () => {
    const failure = await failureOf(real.engine.pull('127.0.0.1:1/nobody/nothing:1', {onProgress: () => {}}, soon()))

    expect(failure).to.include({code: 'CannotPullContainerError'})
    expect(failure.message).to.match(/^Image "127\.0\.0\.1:1\/nobody\/nothing:1" cannot be pulled on unix:.*connection refused/)
  })

  it('answers fifty requests at once over kept connections', async () => {
    const all = await Promise.all(Array.from({length: 50}, () => real.engine.list(soon())))

    expect(new Set(all.map((list) => list.length))).to.have.property('size', 1)
  })

  it('speaks to its own endpoint whatever the environment says', async () => {
    const hostile = {DOCKER_CERT_PATH: '/nowhere', DOCKER_CLIENT_TIMEOUT: '1', DOCKER_TLS_VERIFY: '1', SSH_AUTH_SOCK: '/nowhere'}
    const hosts = ['tcp://127.0.0.1:1', 'tcp://127.0.0.1:2376', 'unix:///nowhere.sock', 'ssh://nobody@127.0.0.1', 'http://[', '']
    const kept = {...process.env}

    try {
      for (const DOCKER_HOST of hosts) {
        Object.assign(process.env, hostile, {DOCKER_HOST})
        await (await localEngines().open(real.address, {}, soon())).ping(soon())
        expect(process.env['DOCKER_HOST']).to.equal(DOCKER_HOST)
      }
    } finally {
      for (const name of ['DOCKER_HOST', ...Object.keys(hostile)]) delete process.env[name]
      Object.assign(process.env, kept)
    }
  })
})
