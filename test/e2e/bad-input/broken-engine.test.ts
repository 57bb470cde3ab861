// An engine that breaks in the middle of a deed: no task is told to run that does not, and no container is made twice or left behind.
import {createServer, request, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {join} from 'node:path'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {expectRefusal, Scene} from './scene.js'

/** What befalls a request: the engine's own answer, or what the function does instead of it or after it. */
type Mishap = (asked: IncomingMessage, response: ServerResponse, engine: () => Promise<void>) => Promise<void> | void

/** A way to the engine on which requests meet with mishaps. */
class FrailWay {
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  /** Which requests, by `POST /containers/create`; the first that matches befalls. */
  mishap: {readonly when: RegExp; readonly befalls: Mishap} | undefined

  constructor(
    readonly socketPath: string,
    private readonly engineSocket: string,
  ) {
    this.#server = createServer((asked, response) => void this.#pass(asked, response))
    this.#server.on('connection', (socket) => this.#sockets.add(socket))
    // A hijacked connection is no matter of these tests.
    this.#server.on('upgrade', (_asked, socket) => socket.destroy())
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.socketPath, resolve))
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  async #pass(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const engine = () => this.#forward(asked, response)
    const {mishap} = this
    if (mishap?.when.test(`${asked.method} ${asked.url}`)) await mishap.befalls(asked, response, engine)
    else await engine()
  }

  #forward(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const {headers, method = 'GET', url = '/'} = asked
      const passed = request({agent: false, headers, method, path: url, socketPath: this.engineSocket}, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
        answer.on('end', resolve)
      })
      // The engine closes a connection that its client has left.
      passed.on('error', () => response.destroy())
      response.on('close', () => passed.destroy())
      asked.pipe(passed)
    })
  }
}

const RUN = ['task', 'run', '--image', 'busybox:test', '--memory', '32', '--', 'true']

describe('an engine that breaks in the middle', function () {
  this.timeout(60_000)
  let scene: Scene
  let proxy: FrailWay

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
    proxy = new FrailWay(join(scene.session.folder, 'engine.sock'), scene.hosts.local.socketPath)
    await proxy.listen()
    await scene.session.json('instance', 'join', `unix://${proxy.socketPath}`, '--name', 'frail')
  })

  afterEach(() => {
    proxy.mishap = undefined
  })

  after(async () => {
    await proxy.stop()
    await resetHosts(scene.hosts)
    await scene.close()
  })

  for (const [what, when, code] of [
    ['make a container', /^POST \/containers\/create/, 'CannotCreateContainerError'],
    ['start a container', /^POST \/containers\/[^/]+\/start/, 'CannotStartContainerError'],
    ['pull an image', /^POST \/images\/create/, 'CannotPullContainerError'],
  ] as const)
    it(`and does not ${what} leaves no container and holds no resources`, async () => {
      proxy.mishap = {
        when,
        befalls: (_asked, response) => void response.writeHead(500).end('{"message": "\\u001b[31mno space left on device"}'),
      }
      const image = code === 'CannotPullContainerError' ? 'nowhere:1' : 'busybox:test'

      const words = ['task', 'run', '--image', image, '--memory', '32', '--', 'true']
      await expectRefusal(scene, words, {
        code,
        exitCode: 7,
        said: /^Task [0-9a-f]{32} did not start: .*no space left on device\.$/,
        suggests: /^berth task describe [0-9a-f]{32} -c \S+$/m,
      })

      await expectNothingLeft()
    })

  it('and loses the answer of a create finds the container by its name, and makes no second one', async () => {
    proxy.mishap = {when: /^POST \/containers\/create/, befalls: answerLost}

    const ran = await scene.session.berth(...RUN)

    expect(ran.exitCode, ran.stderr).to.equal(0)
    expect(await containers()).to.have.length(1)
    proxy.mishap = undefined
    const {tasks} = await scene.session.json<{tasks: readonly {containers: readonly {exitCode: number}[]}[]}>(
      'task',
      'list',
      '--desired-status',
      'STOPPED',
    )
    expect(tasks.flatMap((task) => task.containers.flatMap(({exitCode}) => exitCode ?? []))).to.deep.equal([0])
  })

  it('and answers a list with half of it is told as no engine, and the rest is still listed', async () => {
    proxy.mishap = {when: /^GET \/containers\/json/, befalls: (_asked, response) => void response.end('[{"Id": ')}

    const {containerInstances} = await scene.session.json<{containerInstances: readonly {status: string; agentConnected: boolean}[]}>(
      'instance',
      'list',
    )

    expect(containerInstances).to.have.length(1)
    expect(containerInstances[0]).to.have.property('agentConnected', false)
  })

  it('and refuses to list is told as no engine, and breaks no command of the cluster', async () => {
    proxy.mishap = {when: /^GET \/containers\/json/, befalls: (_asked, response) => void response.writeHead(500).end('{"message": "no"}')}

    for (const words of [
      ['instance', 'list'],
      ['task', 'list'],
      ['cluster', 'describe'],
    ]) {
      const ran = await scene.session.berth(...words)
      expect(ran.exitCode, `${words.join(' ')}: ${ran.stderr}`).to.equal(0)
    }
    await expectRefusal(scene, RUN, {code: 'NoInstanceFits', exitCode: 5, said: /frail: silent since/})
  })

  it('and answers with what is no list is told as no engine', async () => {
    for (const body of ['{"a": 1}', '<html>', 'null', '[1]', '[{}]']) {
      proxy.mishap = {when: /^GET \/containers\/json/, befalls: (_asked, response) => void response.end(body)}

      const ran = await scene.session.berth('task', 'list', '--json')

      expect(`${ran.stdout}${ran.stderr}`, body).not.to.include('InternalError')
    }
  })

  it('and is silent is marked as silent within the deadline', async () => {
    proxy.mishap = {when: /./, befalls: () => {}}
    const begun = Date.now()

    const told = await scene.session.berth('instance', 'list')

    expect(told.stdout).to.match(/^frail +unknown since /m)
    expect(Date.now() - begun, 'milliseconds').to.be.lessThan(4000)
  })

  /** What the host has of ours, by name. */
  async function containers(): Promise<readonly string[]> {
    const names = await docker(scene.hosts.local, 'ps', '-a', '--format', '{{.Names}}')
    return names.split('\n').filter((name) => name !== '')
  }

  async function expectNothingLeft(): Promise<void> {
    proxy.mishap = undefined
    expect(await containers()).to.deep.equal([])
    const {tasks} = await scene.session.json<{tasks: readonly object[]}>('task', 'list')
    expect(tasks, 'tasks that hold resources').to.deep.equal([])
  }
})

/** The engine does what it is asked, and nobody hears of it. */
const answerLost: Mishap = async (asked, response, engine) => {
  response.write = () => true
  response.end = () => response
  response.writeHead = () => response
  await engine()
  asked.socket.destroy()
}
