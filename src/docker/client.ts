// The one factory of dockerode clients. What the environment says (DOCKER_HOST, DOCKER_CERT_PATH, DOCKER_CLIENT_TIMEOUT,
// SSH_AUTH_SOCK) never reaches a client: an endpoint is the whole truth about where it speaks to.
import {readFile} from 'node:fs/promises'
import {type AgentOptions, Agent as HttpAgent, type IncomingMessage} from 'node:http'
import {Agent as HttpsAgent} from 'node:https'
import {Duplex} from 'node:stream'
import {inspect} from 'node:util'
import Docker from 'dockerode'
import {UnreachableError} from '../errors.js'
import type {TlsFiles} from '../model/host-address.js'
import {quoted} from '../model/names.js'
import type {DialUse, Endpoint} from '../world/connections.js'

/** One request, in docker-modem's words. Parameters go in `_query` and `_body` only: anything else would end up in the URL. */
interface DialOptions {
  readonly path: string
  readonly method: string
  readonly isStream: true
  readonly hijack: boolean
  readonly statusCodes: Readonly<Record<number, true>>
  readonly options: {readonly _query?: object; readonly _body: object}
  readonly abortSignal: AbortSignal
  /** Sent as it is, with the type of a tar. */
  readonly file?: NodeJS.ReadableStream
  /** Goes into the header `X-Registry-Auth`. */
  readonly authconfig?: {readonly base64: string}
  /** Where connections are few: is this one wanted for long? */
  readonly use: DialUse
}

/** What speaks HTTP to one engine: the response, or the raw socket when the engine let it be hijacked. */
export interface Dialer {
  dial(options: DialOptions, callback: (error: Error | null, result: IncomingMessage | Duplex | null) => void): void
}

/** The way to an engine: what `ClientOptions` hold of it. */
interface ClientWay {
  readonly agent: HttpAgent
  readonly host?: string
  readonly pems?: Pems | undefined
  readonly port?: number
  readonly socketPath?: string
}

/** Every field that the environment could fill; dockerode's types lack two of them. */
type ClientOptions = Docker.DockerOptions & {readonly agent: HttpAgent; readonly connectionTimeout: undefined}

interface Pems {
  readonly ca: Buffer
  readonly cert: Buffer
  readonly key: Buffer
}

/** A dialer of this endpoint over kept connections; nothing is opened yet. Throws `UnreachableError` `TlsFileUnreadable`. */
export async function createDialer(endpoint: Endpoint): Promise<Dialer> {
  if (endpoint.kind === 'dial') return dialedDialer(endpoint)
  const pems = endpoint.kind === 'tcp' && endpoint.tls ? await readPems(endpoint.tls) : undefined
  const agent = pems ? new KeptHttpsAgent({keepAlive: true}) : new KeptHttpAgent({keepAlive: true})
  if (endpoint.kind === 'socket') return clientOf({agent, socketPath: endpoint.path})
  return clientOf({agent, host: endpoint.host, pems, port: endpoint.port})
}

/** Brief requests share one connection, in turn; each lasting one has its own, so that none waits for another to be over. */
function dialedDialer({dial}: Extract<Endpoint, {readonly kind: 'dial'}>): Dialer {
  // The host is only a word in the header: the agent decides where a connection leads.
  const over = (agent: HttpAgent) => clientOf({agent, host: 'docker', port: 80})
  const dialers: Readonly<Record<DialUse, Dialer>> = {
    brief: over(new DialedHttpAgent(() => dial('brief'), {keepAlive: true, maxSockets: 1})),
    lasting: over(new DialedHttpAgent(() => dial('lasting'), {})),
  }
  return {dial: (options, callback) => dialers[options.use].dial(options, callback)}
}

/** Every field that the environment could fill is given. */
function clientOf({agent, host, pems, port, socketPath}: ClientWay): Dialer {
  const options: ClientOptions = {
    agent,
    ca: pems?.ca,
    cert: pems?.cert,
    connectionTimeout: undefined,
    host,
    key: pems?.key,
    port,
    protocol: pems ? 'https' : 'http',
    socketPath,
    sshOptions: undefined,
    timeout: undefined,
    username: undefined,
    version: undefined,
  }
  const client = withoutDockerHost(() => new Docker(options))
  return client.modem as Dialer
}

/**
 * docker-modem reads DOCKER_HOST, and through it all its other variables, before it looks at its options:
 * a malformed host or a certificate folder that is gone would throw for an engine that has nothing to do with either.
 */
function withoutDockerHost<T>(build: () => T): T {
  const {DOCKER_HOST: kept} = process.env
  delete process.env['DOCKER_HOST']
  try {
    return build()
  } finally {
    if (kept !== undefined) process.env['DOCKER_HOST'] = kept
  }
}

/** docker-modem inspects its options, agent included, on every request: without a short answer it walks every open socket. */
class KeptHttpAgent extends HttpAgent {
  [inspect.custom](): string {
    return 'Agent'
  }
}

class DialedHttpAgent extends KeptHttpAgent {
  constructor(
    private readonly dial: () => NodeJS.ReadWriteStream,
    options: AgentOptions,
  ) {
    super(options)
  }

  override createConnection(): Duplex {
    // Returned at once: Node counts no connection that is still to come, and would make too many.
    return Duplex.from(this.dial())
  }
}

class KeptHttpsAgent extends HttpsAgent {
  [inspect.custom](): string {
    return 'Agent'
  }
}

async function readPems(files: TlsFiles): Promise<Pems> {
  const [ca, cert, key] = await Promise.all([readPem(files.caFile), readPem(files.certFile), readPem(files.keyFile)])
  return {ca, cert, key}
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new UnreachableError('TlsFileUnreadable', `The TLS file ${quoted(path)} could not be read.`, {
      cause,
      suggestions: [`ls -l ${path}`],
    })
  }
}
