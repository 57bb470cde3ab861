// A small balancer of HTTP, as any real one: it asks each backend for its health all the time, and sends requests in turn to those that are well. It never tries a request
// twice, so what it loses is lost.
import {type ClientRequest, createServer, get, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'

const CHECK_EVERY_MS = 150
const CHECK_TIMEOUT_MS = 2000
/** A slow answer is an answer. */
const ANSWER_TIMEOUT_MS = 20_000

export class Balancer {
  #backends = new Map<string, {isWell: boolean; isAsked: boolean}>()
  #turn = 0
  readonly #server: Server
  readonly #timer: NodeJS.Timeout

  private constructor(private readonly healthPath: string) {
    this.#server = createServer((_, response) => {
      const backend = this.#next()
      if (backend === undefined) {
        response.writeHead(503).end()
        return
      }
      ask(`http://${backend}/`).then(
        ({status, text}) => response.writeHead(status).end(text),
        (error: Error) => response.writeHead(502).end(`${backend}: ${error.message}`),
      )
    })
    this.#timer = setInterval(() => void this.#check(), CHECK_EVERY_MS)
  }

  /** One that listens on a port of its own, and asks for health at this path. */
  static async open(healthPath: string): Promise<Balancer> {
    const balancer = new Balancer(healthPath)
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve))
    return balancer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  get wellCount(): number {
    return [...this.#backends.values()].filter(({isWell}) => isWell).length
  }

  /** These are the backends from now on, as `host:port`; what is known of those that stay stays. */
  know(addresses: readonly string[]): void {
    this.#backends = new Map(addresses.map((address) => [address, this.#backends.get(address) ?? {isWell: false, isAsked: false}]))
  }

  close(): void {
    clearInterval(this.#timer)
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #next(): string | undefined {
    const well = [...this.#backends].filter(([, {isWell}]) => isWell).map(([address]) => address)
    this.#turn += 1
    return well[this.#turn % Math.max(1, well.length)]
  }

  async #check(): Promise<void> {
    await Promise.all(
      [...this.#backends].map(async ([address, backend]) => {
        // One question at a time: a late answer to an older one would call well again what has just said that it is not.
        if (backend.isAsked) return
        backend.isAsked = true
        const {status} = await ask(`http://${address}${this.healthPath}`, CHECK_TIMEOUT_MS).catch(() => ({status: 0}))
        backend.isWell = status === 200
        backend.isAsked = false
      }),
    )
  }
}

/** One request; rejects when there is no whole answer in time. */
export function ask(url: string, timeoutMs = ANSWER_TIMEOUT_MS): Promise<{readonly status: number; readonly text: string}> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = get(url, {agent: false, timeout: timeoutMs}, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text += piece))
      response.once('end', () => resolve({status: response.statusCode ?? 0, text}))
      response.once('error', reject)
    })
    request.once('timeout', () => request.destroy(new Error('no answer in time')))
    request.once('error', reject)
  })
}
