// One engine's HTTP: requests with a signal and, but for streams, a limit to silence; faults come out as Berth's errors.
// Every body is read here and not by docker-modem, which waits for ever on an answer that is cut short.
import {setMaxListeners} from 'node:events'
import {IncomingMessage} from 'node:http'
import {addAbortSignal, type Duplex, Readable} from 'node:stream'
import type {HostAddress} from '../model/host-address.js'
import type {DialUse} from '../world/connections.js'
import type {Dialer} from './client.js'
import {type Deed, lost, noSuchContainer, refused, silent} from './faults.js'
import {GarbledStream, ToldInStream} from './garbled.js'
import {asObject} from './ndjson.js'

/** Milliseconds of silence after which a host counts as gone, unless a call says otherwise. */
const IDLE_MS = 30_000

/** A timer of Node set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface Call {
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'POST' | 'PUT'
  /** Names in it are escaped by `inPath`. */
  readonly path: string
  readonly query?: Readonly<Record<string, boolean | number | object | string>>
  readonly body?: object
  /** A tar to send in place of a body; read no faster than the engine takes it. */
  readonly upload?: AsyncIterable<Uint8Array>
  /** The value of `X-Registry-Auth`: a secret, which stands in a header and nowhere else. */
  readonly registryAuth?: string
  readonly deed: Deed
  /** Statuses besides 2xx that are an answer and no fault. */
  readonly accept?: readonly number[]
  /** Milliseconds, where the engine may rightly say nothing for long; `Infinity` for as long as it likes. */
  readonly idleMs?: number
  readonly signal: AbortSignal
}

/** How a request uses the connection it goes by. */
interface Connection {
  readonly hijack: boolean
  readonly use: DialUse
  readonly upload?: Readable
}

export interface Answer {
  readonly status: number
  /** The JSON of the body; `undefined` where it is empty. */
  readonly json: unknown
  readonly headers: IncomingMessage['headers']
}

export class Wire {
  constructor(
    private readonly dialer: Dialer,
    readonly host: HostAddress,
    private readonly idleMs: number = IDLE_MS,
  ) {}

  /** The whole answer. */
  async ask(call: Call): Promise<Answer> {
    const patience = new Patience(call, call.idleMs ?? this.idleMs, this.host)
    const {signal} = patience
    try {
      const response = await this.accepted(call, signal, call.idleMs === undefined ? 'brief' : 'lasting')
      return {headers: response.headers, status: response.statusCode ?? 0, json: parse(await textOf(response, () => patience.renew()))}
    } catch (error) {
      throw this.fault(error, call.deed, signal)
    } finally {
      patience.end()
    }
  }

  /** What `decode` makes of the answer, as it comes, for as long as it comes. The request is made when the first item is asked for. */
  async *stream<T>(call: Call, decode: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<T>): AsyncGenerator<T> {
    try {
      const response = await this.accepted(call, call.signal, 'lasting')
      yield* decode(response)
    } catch (error) {
      throw this.fault(error, call.deed, call.signal)
    }
  }

  /** The raw connection after the engine gave it over; the call's signal destroys it. */
  async hijack(call: Call): Promise<Duplex> {
    const patience = new Patience(call, call.idleMs ?? this.idleMs, this.host)
    const {signal} = patience
    try {
      const socket = await this.dial(call, signal, {hijack: true, use: 'lasting'})
      if (!(socket instanceof IncomingMessage)) return addAbortSignal(call.signal, socket)
      throw await refusal(call, socket, this.host)
    } catch (error) {
      throw this.fault(error, call.deed, signal)
    } finally {
      patience.end()
    }
  }

  /** `error` as Berth knows it. What aborted a call is thrown as it was given: a deadline, an interruption. */
  fault(error: unknown, deed: Deed, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason
    if (error instanceof ToldInStream) return refused(deed, {status: 200, said: error.message}, this.host)
    return lost(error, this.host)
  }

  private async accepted(call: Call, signal: AbortSignal, use: DialUse): Promise<IncomingMessage> {
    const upload = call.upload && Readable.from(call.upload, {objectMode: false})
    try {
      return await this.answered(call, signal, {hijack: false, use, ...(upload ? {upload} : {})})
    } catch (error) {
      // Whoever gives it has files open, and learns in no other way that no more of it is wanted.
      upload?.destroy()
      throw error
    }
  }

  private async answered(call: Call, signal: AbortSignal, connection: Connection): Promise<IncomingMessage> {
    const response = await this.dial(call, signal, connection)
    if (!(response instanceof IncomingMessage)) throw new GarbledStream('the engine gave its connection over unasked')
    addAbortSignal(signal, response)
    const status = response.statusCode ?? 0
    if ((status >= 200 && status < 300) || call.accept?.includes(status)) return response
    throw await refusal(call, response, this.host)
  }

  private dial(call: Call, signal: AbortSignal, {hijack, upload, use}: Connection): Promise<IncomingMessage | Duplex> {
    signal.throwIfAborted()
    const options = {
      path: call.query ? `${call.path}?` : call.path,
      method: call.method,
      isStream: true,
      hijack,
      ...(upload ? {file: upload} : {}),
      ...(call.registryAuth === undefined ? {} : {authconfig: {base64: call.registryAuth}}),
      statusCodes: EVERY_STATUS,
      options: {_body: call.body ?? {}, ...(call.query ? {_query: call.query} : {})},
      abortSignal: signal,
      use,
    } as const
    return new Promise((resolve, reject) => {
      this.dialer.dial(options, (error, result) => (result ? resolve(result) : reject(error)))
    })
  }
}

/** docker-modem turns any status it was not told of into an error whose words must be taken apart again; so it is told of all. */
const EVERY_STATUS: Readonly<Record<number, true>> = Object.fromEntries(
  Array.from({length: 500}, (_, index) => [100 + index, true as const]),
)

const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/

/**
 * The path of a container's call. A name that no container can have is `NoSuchContainer` here already:
 * an empty one or `..` would make the path mean another call.
 */
export function containerPath(container: string, rest: string, host: HostAddress): string {
  if (!CONTAINER_NAME.test(container)) throw noSuchContainer(container, host)
  return `/containers/${container}${rest}`
}

async function refusal(call: Call, response: IncomingMessage, host: HostAddress): Promise<Error> {
  const text = await textOf(response, () => {})
  return refused(call.deed, {status: response.statusCode ?? 0, said: messageIn(text)}, host)
}

function messageIn(text: string): string {
  try {
    return String(asObject(JSON.parse(text))['message'] ?? text)
  } catch {
    // A proxy or an old engine answers in plain text: those are its words.
    return text
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    // Docker answers a ping with a bare OK.
    if (text === 'OK') return text
    throw new GarbledStream('the answer is not JSON', {cause})
  }
}

async function textOf(response: IncomingMessage, onPiece: () => void): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of response) {
    onPiece()
    pieces.push(piece as Uint8Array)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/**
 * A limit to silence: its signal fires with `HostSilent` when nothing renewed it for so long, and with the call's. That one lives as long as the process, and would
 * remember each `AbortSignal.any` of it for as long (120 bytes a call on Node 20.20): here it forgets at the end.
 */
class Patience {
  private readonly controller = new AbortController()
  private readonly timer: NodeJS.Timeout | undefined
  private readonly onAbort = () => this.controller.abort(this.call.signal.reason)

  constructor(
    private readonly call: Pick<Call, 'deed' | 'signal'>,
    idleMs: number,
    host: HostAddress,
  ) {
    const {deed, signal} = call
    // Any number of calls at once listen to it: that is no leak.
    setMaxListeners(0, signal)
    if (signal.aborted) this.onAbort()
    else signal.addEventListener('abort', this.onAbort)
    if (!Number.isFinite(idleMs)) return
    this.timer = setTimeout(() => this.controller.abort(silent(deed, idleMs, host)), Math.min(idleMs, LONGEST_TIMER_MS))
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  renew(): void {
    this.timer?.refresh()
  }

  end(): void {
    clearTimeout(this.timer)
    this.call.signal.removeEventListener('abort', this.onAbort)
  }
}
