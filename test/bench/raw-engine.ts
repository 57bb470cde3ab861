// Containers by nothing but Docker's own HTTP API: what no tool can be faster than. The hosts' sockets are used as they lie on this
// machine, without ssh.
import {Agent, request} from 'node:http'
import pLimit from 'p-limit'
import {createBody} from '../../src/docker/create-body.js'
import {BASE_IMAGE} from '../support/hosts/images.js'
import type {TestHost} from '../support/hosts/test-hosts.js'
import {anId} from '../support/build.js'

const MIB_A_CONTAINER = 8
const API = '/v1.41'

/** The limits, labels and command of the containers, as words of `berth task run`. */
export const SAME_CONTAINER: readonly string[] = ['--image', BASE_IMAGE, '--memory', String(MIB_A_CONTAINER), '--', 'sleep', '3600']

/** What the containers run where nothing else is said. */
const SLEEP: readonly string[] = ['sleep', '3600']

/** Creates and starts `count` containers, dealt out over the hosts in turn, at most `limit` at once on each; returns when all run. */
export async function launchRaw(hosts: readonly TestHost[], count: number, limit: number, command = SLEEP): Promise<void> {
  await onEach(hosts, async (engine, index) => {
    const numbers = Array.from({length: count}, (_, number) => number).filter((number) => number % hosts.length === index)
    const limited = pLimit(limit)
    await Promise.all(numbers.map((number) => limited(() => launchOne(engine, number, command))))
  })
}

/** Removes every container of the hosts. */
export async function removeAll(hosts: readonly TestHost[]): Promise<void> {
  await onEach(hosts, async (engine) => {
    const listed = (await engine.ask('GET', '/containers/json?all=true')) as readonly {readonly Id: string}[]
    const limited = pLimit(8)
    await Promise.all(listed.map(({Id}) => limited(() => engine.ask('DELETE', `/containers/${Id}?force=true&v=true`))))
  })
}

async function onEach(hosts: readonly TestHost[], deed: (engine: RawEngine, index: number) => Promise<void>): Promise<void> {
  await Promise.all(
    hosts.map(async (host, index) => {
      const engine = new RawEngine(host.socketPath)
      await deed(engine, index).finally(() => engine.close())
    }),
  )
}

async function launchOne(engine: RawEngine, number: number, command: readonly string[]): Promise<void> {
  const name = `raw-busybox-1-${number}`
  const owner = {
    cluster: 'bench',
    clusterId: anId(1, 'c'),
    instanceId: anId(1, 'a'),
    taskId: anId(number, 'b'),
    taskArn: `arn:aws:ecs:berth:000000000000:task/bench/${anId(number, 'b')}`,
    containerName: 'busybox',
    definitionId: 'busybox:1',
    definitionHash: 'f'.repeat(64),
    group: 'family:busybox',
  }
  const body = createBody({
    name,
    image: BASE_IMAGE,
    owner,
    command,
    environment: [],
    memoryMiB: MIB_A_CONTAINER,
    ports: [],
    binds: [],
    stopTimeoutSeconds: 30,
  })
  await engine.ask('POST', `/containers/create?name=${name}`, body)
  await engine.ask('POST', `/containers/${name}/start`)
}

class RawEngine {
  readonly #agent = new Agent({keepAlive: true})

  constructor(private readonly socketPath: string) {}

  /** The JSON of the answer; throws where the engine refuses. */
  ask(method: string, path: string, body?: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const headers = {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text)}
      const options = {agent: this.#agent, headers, method, path: `${API}${path}`, socketPath: this.socketPath}
      const asked = request(options, async (answer) => {
        let told = ''
        for await (const chunk of answer) told += String(chunk)
        if ((answer.statusCode ?? 500) < 300) resolve(told === '' ? undefined : JSON.parse(told))
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${told}`))
      })
      asked.once('error', reject)
      asked.end(text)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}
