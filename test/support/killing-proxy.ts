// A socket between a client and its engine that kills the client, by SIGKILL, before or after the n-th thing that it asks.
import {randomBytes} from 'node:crypto'
import {createServer, type IncomingMessage, request, type ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** One client's life behind the proxy. */
export interface Watched {
  /** `before POST /containers/create`, in order. */
  readonly moments: readonly string[]
}

/** Counts what a client asks of all its engines, and kills it at one of these moments. */
export class Countdown {
  #moments: string[] = []
  #killAt = Number.POSITIVE_INFINITY
  #kill = (): void => undefined

  /** From now on moments are counted anew, from 1; `kill` is called at that one. */
  arm(killAt: number, kill: () => void): Watched {
    this.#moments = []
    this.#killAt = killAt
    this.#kill = kill
    return {moments: this.#moments}
  }

  isLast(moment: string): boolean {
    this.#moments.push(moment)
    if (this.#moments.length !== this.#killAt) return false
    this.#kill()
    return true
  }
}

export class KillingProxy {
  readonly socketPath = join(tmpdir(), `berth-killing-${randomBytes(6).toString('hex')}.sock`)
  private readonly sockets = new Set<Socket>()
  private readonly server = createServer((asked, answer) => this.pass(asked, answer))

  private constructor(
    private readonly enginePath: string,
    private readonly countdown: Countdown,
  ) {}

  /** In front of the engine on that socket. */
  static async start(enginePath: string, countdown: Countdown): Promise<KillingProxy> {
    const proxy = new KillingProxy(enginePath, countdown)
    proxy.server.on('connection', (socket) => proxy.sockets.add(socket))
    await new Promise<void>((resolve) => {
      proxy.server.listen(proxy.socketPath, resolve)
    })
    return proxy
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    return new Promise((resolve) => {
      this.server.close(() => resolve())
    })
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    const {headers, method = '', url = ''} = asked
    const what = `${method} ${url
      .replace(/^\/v[\d.]+/, '')
      .replace(/\?.*$/, '')
      .replace(/[0-9a-f]{12,}/g, 'ID')}`
    if (this.countdown.isLast(`before ${what}`)) return
    const forwarded = request({socketPath: this.enginePath, method, path: url, headers}, (response) => {
      if (this.countdown.isLast(`after ${what}`)) return void response.destroy()
      answer.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(answer)
    })
    forwarded.on('error', () => answer.destroy())
    // A client that is gone asks for nothing more.
    answer.on('close', () => forwarded.destroy())
    asked.pipe(forwarded)
  }
}
