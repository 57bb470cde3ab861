// A way to a member of etcd that can be cut just after something was asked, so that it is done and the answer is lost.
import {connect, createServer, type Server, type Socket} from 'node:net'

export class CuttingProxy {
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  /** Called when an answer was lost; nothing goes through before what it returns is over. */
  #onCut: (() => Promise<void>) | undefined
  #isCut: Promise<void> = Promise.resolve()
  cuts = 0

  private constructor(private readonly port: number) {
    this.#server = createServer((client) => void this.#pass(client))
  }

  /** In front of the port of a member. */
  static async start(port: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(port)
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve)
    })
    return proxy
  }

  get endpoint(): string {
    return `127.0.0.1:${(this.#server.address() as {readonly port: number}).port}`
  }

  /** The answer to what is asked next is lost, and with it every connection; then `meanwhile` runs, before anybody can connect again. */
  cutNextAnswer(meanwhile: () => Promise<void> = async () => {}): void {
    this.#onCut = meanwhile
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
    })
  }

  async #pass(client: Socket): Promise<void> {
    this.#keep(client)
    await this.#isCut
    const member = connect(this.port, '127.0.0.1')
    this.#keep(member)
    let isAsked = false
    client.on('data', (bytes) => {
      // A frame of HTTP/2 with a body of some length: a call, not a ping or an acknowledgement.
      isAsked ||= this.#onCut !== undefined && bytes.length > 100
      member.write(bytes)
    })
    member.on('data', (bytes) => {
      // The answer's head and body come together; what acknowledges the question is short.
      if (isAsked && bytes.length > 60) this.#cut()
      else client.write(bytes)
    })
    client.on('close', () => member.destroy())
    member.on('close', () => client.destroy())
  }

  #cut(): void {
    const meanwhile = this.#onCut
    this.#onCut = undefined
    if (!meanwhile) return
    this.cuts += 1
    for (const socket of this.#sockets) socket.destroy()
    this.#isCut = meanwhile()
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    // What is cut on purpose says so on both sides.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
  }
}
