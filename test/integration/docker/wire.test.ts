import {chmodSync} from 'node:fs'
import type {RequestListener} from 'node:http'
import {expect} from 'chai'
import {InterruptedError} from '../../../src/errors.js'
import type {Engine} from '../../../src/world/engine.js'
import {localEngines} from '../../support/engine.js'
import {aSpec, collect, failureOf} from '../../support/specs.js'
import {engineOf, startWireServer, type WireServer} from '../../support/wire-servers.js'

const IDLE_MS = 300

describe('DockerEngine, on a wire that fails', () => {
  const servers: WireServer[] = []
  const soon = () => AbortSignal.timeout(10_000)
  const open = (socketPath: string) => localEngines(IDLE_MS).open({kind: 'unix', path: socketPath}, {}, soon())
  const serve = async (answer: RequestListener) => {
    const server = await startWireServer(answer)
    servers.push(server)
    return server
  }
  const engineThat = async (rest: RequestListener): Promise<Engine> => open((await serve(engineOf('1.41', rest))).socketPath)

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop()
  })

  it('says EngineNotRunning where no socket is, and how to look', async () => {
    const failure = await failureOf(open('/tmp/berth-no-such.sock'))

    expect(failure).to.include({code: 'EngineNotRunning', message: 'No engine listens at unix:///tmp/berth-no-such.sock.'})
    expect(failure.suggestions).to.deep.equal(['docker -H unix:///tmp/berth-no-such.sock version'])
  })

  it('says EngineTooOld of API 1.40 and asks nothing more', async () => {
    const server = await serve(engineOf('1.40', (_, response) => response.end()))

    expect(await failureOf(open(server.socketPath))).to.include({code: 'EngineTooOld'})
    expect(server.requests).to.deep.equal(['GET /version'])
  })

  it('says NotAnEngine of any other server', async () => {
    const answers: readonly RequestListener[] = [
      (_, response) => response.end('<html>hello</html>'),
      (_, response) => response.end('{}'),
      (_, response) => response.writeHead(404).end('not found'),
    ]
    for (const answer of answers) expect(await failureOf(open((await serve(answer)).socketPath))).to.include({code: 'NotAnEngine'})
  })

  it('says HostSilent when no answer comes in time, and when it stops in the middle', async () => {
    const mute = await engineThat(() => {})
    const stuck = await engineThat((_, response) => response.writeHead(200, {'Content-Length': 100}).write('[{'))

    expect(await failureOf(mute.list(soon()))).to.include({code: 'HostSilent'})
    expect(await failureOf(stuck.list(soon()))).to.include({code: 'HostSilent'})
  })

  it('waits on an engine that is slow but not silent', async () => {
    const engine = await engineThat((_, response) => {
      let sent = 0
      const timer = setInterval(() => {
        sent += 1
        response.write(sent === 1 ? '[' : ' ')
        if (sent < 6) return
        clearInterval(timer)
        response.end(']')
      }, IDLE_MS / 3)
    })

    expect(await engine.list(soon())).to.deep.equal([])
  })

  it('says HostSilent when the connection breaks before, in or after the head of an answer', async () => {
    const before = await engineThat((request) => request.socket.destroy())
    const after = await engineThat((request, response) => {
      response.writeHead(200, {'Content-Length': 100})
      response.write('[{', () => request.socket.destroy())
    })

    expect(await failureOf(before.list(soon()))).to.include({code: 'HostSilent'})
    expect(await failureOf(after.list(soon()))).to.include({code: 'HostSilent'})
    expect(await failureOf(collect(after.events({}, soon())))).to.include({code: 'HostSilent'})
  })

  it('puts no time limit on events, logs and waits', async () => {
    const engine = await engineThat((_, response) => {
      setTimeout(() => response.end('{"StatusCode":4}'), IDLE_MS * 2)
    })

    expect(await engine.wait('web-1', soon())).to.equal(4)
  })

  it('throws the reason of its signal as it is', async () => {
    const engine = await engineThat(() => {})
    const interrupted = new InterruptedError('Interrupted', 'Interrupted.')
    const ends = new AbortController()
    const listed = failureOf(engine.list(ends.signal))
    const waited = failureOf(engine.wait('web-1', ends.signal))

    ends.abort(interrupted)

    expect(await listed).to.equal(interrupted)
    expect(await waited).to.equal(interrupted)
  })

  it('puts nothing but the name of a container into a URL', async () => {
    const server = await serve(engineOf('1.41', (_, response) => response.writeHead(201).end('{"Id":"abc"}')))
    const spec = aSpec({name: 'web-1', environment: [{name: 'PASSWORD', value: 's3cret'}]})

    await (await open(server.socketPath)).create(spec, soon())

    expect(server.requests.at(-1)).to.equal('POST /containers/create?name=web-1')
  })

  it('never lets the name of a container mean another call', async () => {
    const server = await serve(engineOf('1.41', (_, response) => response.end('{}')))
    const engine = await open(server.socketPath)

    for (const name of ['', '.', '..', '../images/x', 'a/b', 'a?force=1', 'a b', '%2e%2e'])
      expect(await failureOf(engine.remove(name, soon()))).to.include({code: 'NoSuchContainer'})
    expect(server.requests).to.deep.equal(['GET /version'])
  })

  it('fails a pull whose answer tells the failure inside a success', async () => {
    const engine = await engineThat((_, response) => response.end('{"status":"Pulling from library/x"}\n{"error":"unexpected EOF"}\n'))
    const told: string[] = []

    const failure = await failureOf(engine.pull('x', {onProgress: ({status}) => told.push(status)}, soon()))

    expect(failure).to.include({code: 'CannotPullContainerError'})
    expect(failure.message).to.contain('unexpected EOF')
    expect(told).to.deep.equal(['Pulling from library/x'])
  })

  it('waits for a stop that may take longer than a timer can count', async () => {
    const engine = await engineThat((_, response) => void setTimeout(() => response.writeHead(204).end(), 50))

    await engine.stop('x', 30 * 86_400, soon())
  })

  it('pulls one tag, never all', async () => {
    const server = await serve(engineOf('1.41', (_, response) => response.end('{}')))

    await (await open(server.socketPath)).pull('alpine', {onProgress: () => {}}, soon())

    expect(server.requests.at(-1)).to.equal('POST /images/create?fromImage=docker.io%2Flibrary%2Falpine&tag=latest')
  })

  it('opens an engine anew after a failure', async () => {
    const engines = localEngines(IDLE_MS)
    let isUp = false
    const answer = engineOf('1.41', (_, response) => response.end('OK'))
    const server = await serve((request, response) => (isUp ? answer(request, response) : request.socket.destroy()))
    const address = {kind: 'unix', path: server.socketPath} as const

    expect(await failureOf(engines.open(address, {}, soon()))).to.include({code: 'HostSilent'})
    isUp = true

    await (await engines.open(address, {}, soon())).ping(soon())
  })

  it('gives the same engine however often it is asked for', async () => {
    const engines = localEngines(IDLE_MS)
    const server = await serve(engineOf('1.41', (_, response) => response.end('OK')))
    const address = {kind: 'unix', path: server.socketPath} as const

    const [one, two] = await Promise.all([engines.open(address, {}, soon()), engines.open(address, {}, soon())])

    expect(one).to.equal(two)
    const asked = server.requests.length
    expect(await engines.open(address, {}, soon())).to.equal(one)
    expect(server.requests).to.have.length(asked)
  })

  it('says EngineForbidden where the socket is closed to the person', async () => {
    const server = await serve(engineOf('1.41', (_, response) => response.end('OK')))
    chmodSync(server.socketPath, 0o600)
    const {seteuid} = process
    if (!seteuid || process.getuid?.() !== 0) return void expect.fail('This test needs root, as the test hosts do.')

    seteuid.call(process, 65_534)
    try {
      expect(await failureOf(open(server.socketPath))).to.include({code: 'EngineForbidden'})
    } finally {
      seteuid.call(process, 0)
    }
  })
})
