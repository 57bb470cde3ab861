// A dialed connection in the place of a socket: Node's HTTP client speaks through it as through any other.
//
// - What is written before it stands waits; destroying it ends the opening too.
// - It keeps the process from its end unless it is idle, as sockets do. Idle it hangs up soon: somebody else may want its place.
import {Duplex, finished} from 'node:stream'
import type {Channel} from './channel.js'

/** Between two requests of one command there are milliseconds. */
const IDLE_MS = 1000

export class DialedStream extends Duplex {
  #channel: Channel | undefined
  #idle: NodeJS.Timeout | undefined
  readonly #ending = new AbortController()

  /** `open` is called once, at once; what it throws is what the stream ends with. */
  constructor(private readonly open: (signal: AbortSignal) => Promise<Channel>) {
    super({allowHalfOpen: false})
  }

  override _construct(callback: (error?: Error | null) => void): void {
    this.open(this.#ending.signal).then(
      (channel) => {
        this.#channel = channel
        this.#listen(channel)
        callback()
      },
      // Who ended the opening knows why; nobody else is told.
      (error: Error) => callback(this.#ending.signal.aborted ? null : error),
    )
  }

  override destroy(error?: Error): this {
    this.#ending.abort()
    return super.destroy(error)
  }

  override _read(): void {
    this.#channel?.stdout.resume()
  }

  override _write(bytes: Uint8Array, _encoding: BufferEncoding, callback: () => void): void {
    this.#channel?.stdin.write(bytes, () => callback())
  }

  override _final(callback: () => void): void {
    const stdin = this.#channel?.stdin
    if (stdin === undefined) callback()
    else {
      // Not the callback of end(): that is never called where the program has ended first.
      finished(stdin, () => callback())
      stdin.end()
    }
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    clearTimeout(this.#idle)
    this.#channel?.end()
    callback(error)
  }

  /** As a socket's. */
  ref(): this {
    clearTimeout(this.#idle)
    this.#channel?.hold(true)
    return this
  }

  /** As a socket's: the HTTP client says so of a connection that it keeps for later. */
  unref(): this {
    this.#channel?.hold(false)
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.destroy(), IDLE_MS).unref()
    return this
  }

  /** ssh keeps the connection alive for all who go through it. */
  setKeepAlive(): this {
    return this
  }

  /** Pipes delay nothing. */
  setNoDelay(): this {
    return this
  }

  /** The calls that go through it have limits of their own. */
  setTimeout(): this {
    return this
  }

  #listen({ended, stdout}: Channel): void {
    stdout.on('data', (bytes: Uint8Array) => {
      if (!this.push(bytes)) stdout.pause()
    })
    // A program that fails at once may be over by now. Only when ssh has ended are the last words in, and the exit code known.
    finished(stdout, () => void ended.then(() => this.push(null)))
  }
}
