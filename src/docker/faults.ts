// The engine's refusals and silences as our errors. The only file that reads Docker's words: statuses alone cannot tell a port
// that is taken from a program that is not there.
import {ConflictError, EngineError, KnownError, NotFoundError, UnreachableError} from '../errors.js'
import {type HostAddress, hostText} from '../model/host-address.js'
import {quoted} from '../model/names.js'
import {registryOf} from '../model/registry.js'
import {typedDocker} from '../model/typed-docker.js'
import {GarbledStream} from './garbled.js'

/** What was asked of the engine, for the words of a fault. */
export type Deed =
  | {readonly kind: 'pull'; readonly image: string}
  | {readonly kind: 'create'; readonly name: string; readonly image: string}
  | {readonly kind: 'start'; readonly container: string}
  | {readonly kind: 'load'}
  | {readonly kind: 'volume'; readonly volume: string}
  | {readonly kind: 'removeVolume'; readonly volume: string}
  /** A deed on what lies at a path inside a container. */
  | {readonly kind: 'path'; readonly container: string; readonly path: string}
  /** Another deed on one container, as a verb: `stop`. */
  | {readonly kind: 'container'; readonly verb: string; readonly container: string}
  /** A deed on the engine as a whole, as a phrase: `list containers`. */
  | {readonly kind: 'engine'; readonly what: string}

/** What the engine said no with. */
interface Refusal {
  readonly status: number
  readonly said: string
}

const PORT_TAKEN = /port is already allocated|address already in use|ports are not available/i
const PORT_IN_WORDS = /:(\d{1,5})(?:\/(?:tcp|udp))?(?: failed)?: (?:port is already|bind: )/i
const NO_SUCH_IMAGE = /no such image|image not known|not found: manifest/i
/** One that is being removed is as good as gone. */
const NO_SUCH_CONTAINER = /no such container|no container with name or id|dead or marked for removal/i
const UNAUTHORIZED = /unauthorized|authentication required|no basic auth credentials/i
const NAME_TAKEN = /name .* is already in use|already in use by/i
const NOT_RUNNING = /is not running|is paused|not running state/i

/** The error for an engine that answered no: `EngineError`, but `NotFoundError` `NoSuchContainer` and `ConflictError` `ContainerNotRunning`. */
export function refused(deed: Deed, {status, said}: Refusal, host: HostAddress): KnownError {
  const where = hostText(host)
  const words = plain(said)
  const cause = new Error(`HTTP ${status}: ${said}`)
  switch (deed.kind) {
    case 'pull':
      return cannotPull(deed.image, words, host, cause)
    case 'create':
      return cannotCreate(deed, status, words, host, cause)
    case 'start':
      if (PORT_TAKEN.test(said)) return portTaken(deed.container, words, host, cause)
      if (status === 404 && NO_SUCH_CONTAINER.test(said)) return noSuchContainer(deed.container, host, cause)
      return new EngineError('CannotStartContainerError', `Container ${quoted(deed.container)} does not start on ${where}: ${words}.`, {
        cause,
      })
    case 'load':
      return new EngineError('CannotLoadImage', `The engine of ${where} did not take in the image: ${words}.`, {cause})
    case 'volume':
      return new EngineError('CannotCreateVolumeError', `Volume ${quoted(deed.volume)} cannot be made on ${where}: ${words}.`, {cause})
    case 'removeVolume':
      return new ConflictError('VolumeInUse', `Volume ${quoted(deed.volume)} on ${where} cannot be removed: ${words}.`, {cause})
    case 'path':
      return pathRefused(deed, status, words, host, cause)
    case 'container':
      return containerRefused(deed, {status, said}, words, host, cause)
    case 'engine':
      return new EngineError('EngineRefused', `The engine of ${where} did not ${deed.what}: ${words}.`, {
        cause,
        suggestions: suggestionsFor(host),
      })
  }
}

/** The error for a container that nothing on the host bears the name of. */
export function noSuchContainer(container: string, host: HostAddress, cause?: unknown): NotFoundError {
  const suggestions = [typedDocker(host, 'ps -a')]
  return new NotFoundError('NoSuchContainer', `There is no container ${quoted(container)} on ${hostText(host)}.`, {cause, suggestions})
}

function containerRefused(
  deed: Extract<Deed, {kind: 'container'}>,
  {said}: Refusal,
  words: string,
  host: HostAddress,
  cause: Error,
): KnownError {
  const {container, verb} = deed
  const where = hostText(host)
  if (NO_SUCH_CONTAINER.test(said)) return noSuchContainer(container, host, cause)
  if (NOT_RUNNING.test(said))
    return new ConflictError('ContainerNotRunning', `Container ${quoted(container)} on ${where} does not run: ${words}.`, {cause})
  return new EngineError('EngineRefused', `The engine of ${where} did not ${verb} container ${quoted(container)}: ${words}.`, {
    cause,
    suggestions: suggestionsFor(host),
  })
}

function pathRefused(deed: Extract<Deed, {kind: 'path'}>, status: number, words: string, host: HostAddress, cause: Error): KnownError {
  if (NO_SUCH_CONTAINER.test(words)) return noSuchContainer(deed.container, host, cause)
  const at = `at ${quoted(deed.path)} of container ${quoted(deed.container)} on ${hostText(host)}`
  if (status === 404) return new NotFoundError('NoSuchPath', `Nothing lies ${at}.`, {cause})
  return new EngineError('EngineRefused', `Nothing was copied ${at}: ${words}.`, {cause})
}

function cannotPull(image: string, words: string, host: HostAddress, cause: Error): EngineError {
  const suggestions = [typedDocker(host, `pull ${image}`)]
  if (UNAUTHORIZED.test(words))
    return new EngineError(
      'CannotPullContainerAuthError',
      `Image ${quoted(image)} cannot be pulled on ${hostText(host)}: its registry does not know you: ${words}.`,
      {cause, suggestions: [`docker login ${registryOf(image)}`]},
    )
  return new EngineError('CannotPullContainerError', `Image ${quoted(image)} cannot be pulled on ${hostText(host)}: ${words}.`, {
    cause,
    suggestions,
  })
}

function cannotCreate(
  deed: {readonly name: string; readonly image: string},
  status: number,
  words: string,
  host: HostAddress,
  cause: Error,
): EngineError {
  if (status === 404 && NO_SUCH_IMAGE.test(words)) return cannotPull(deed.image, words, host, cause)
  const where = hostText(host)
  if (status === 409 && NAME_TAKEN.test(words)) {
    const suggestions = [typedDocker(host, `inspect ${deed.name}`)]
    return new EngineError('NameTaken', `A container named ${quoted(deed.name)} is already on ${where}.`, {cause, suggestions})
  }
  return new EngineError('CannotCreateContainerError', `Container ${quoted(deed.name)} cannot be made on ${where}: ${words}.`, {cause})
}

function portTaken(container: string, words: string, host: HostAddress, cause: Error): EngineError {
  const port = PORT_IN_WORDS.exec(words)?.[1]
  const what = port === undefined ? 'A host port' : `Port ${port}`
  return new EngineError(
    'PortTaken',
    `${what} of ${hostText(host)} is taken, so container ${quoted(container)} does not start: ${words}.`,
    {
      cause,
      suggestions: [typedDocker(host, 'ps')],
    },
  )
}

const NO_ONE_LISTENS = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'])
const FORBIDDEN = new Set(['EACCES', 'EPERM'])
const NO_ANSWER = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
])
const CUT_SHORT = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ETIMEDOUT'])
const NOT_TRUSTED = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$)/

/**
 * The error for a connection that failed or broke: `EngineNotRunning`, `EngineForbidden`, `HostSilent`, `TlsRefused` or `NotAnEngine`,
 * all `UnreachableError`. Whatever is none of these comes back as it is: it is a fault of our own.
 */
export function lost(error: unknown, host: HostAddress): unknown {
  if (error instanceof KnownError) return error
  const code = codeOf(error)
  const fault = (name: string, message: string) => new UnreachableError(name, message, {cause: error, suggestions: suggestionsFor(host)})
  const where = hostText(host)
  // The socket of an ssh host is our own end of the connection: when nobody listens there it is the way that is gone, not the engine.
  if (NO_ONE_LISTENS.has(code) && host.kind === 'ssh') return fault('HostSilent', `The connection to ${where} is gone.`)
  if (NO_ONE_LISTENS.has(code)) return fault('EngineNotRunning', `No engine listens at ${where}.`)
  if (FORBIDDEN.has(code)) return fault('EngineForbidden', `You may not use the engine at ${where}: permission denied.`)
  if (NO_ANSWER.has(code) || CUT_SHORT.has(code)) return fault('HostSilent', `The connection to the engine of ${where} broke (${code}).`)
  if (NOT_TRUSTED.test(code)) return fault('TlsRefused', `TLS with ${where} was refused (${code}).`)
  if (error instanceof GarbledStream || code.startsWith('HPE_')) return notAnEngine(host, error)
  return error
}

/**
 * As `lost`, for the first request to a host. Over ssh the forwarded channel opens before the far socket is tried, so an engine that
 * is off, or forbidden to the person, looks like a connection that breaks before the first answer.
 */
export function lostAtOnce(error: unknown, host: HostAddress): unknown {
  if (host.kind !== 'ssh' || !(error instanceof UnreachableError) || codeOf(error.cause) !== 'ECONNRESET') return error
  const message = `${hostText(host)} takes the connection, but its engine does not answer: it is off, or its socket is not open to you.`
  return new UnreachableError('EngineNotRunning', message, {cause: error.cause, suggestions: suggestionsFor(host)})
}

/** The error for something else that listens where an engine should. */
export function notAnEngine(host: HostAddress, cause: unknown): UnreachableError {
  const message = `What answers at ${hostText(host)} does not speak as an engine does.`
  return new UnreachableError('NotAnEngine', message, {cause, suggestions: suggestionsFor(host)})
}

/** The error for an engine that let the time pass. */
export function silent(deed: Deed, idleMs: number, host: HostAddress): UnreachableError {
  const message = `The engine of ${hostText(host)} was silent for ${Math.round(idleMs / 1000)} s when asked to ${phrase(deed)}.`
  return new UnreachableError('HostSilent', message, {suggestions: suggestionsFor(host)})
}

/** The error for an engine that does not speak `minimum` yet. */
export function tooOld(apiVersion: string, minimum: string, host: HostAddress): UnreachableError {
  const message = `The engine of ${hostText(host)} is too old: it speaks API ${quoted(apiVersion)}, Berth needs ${minimum} (Docker 20.10) or later.`
  return new UnreachableError('EngineTooOld', message, {suggestions: suggestionsFor(host)})
}

function suggestionsFor(host: HostAddress): readonly string[] {
  return [typedDocker(host, 'version')]
}

function phrase(deed: Deed): string {
  switch (deed.kind) {
    case 'pull':
      return `pull ${quoted(deed.image)}`
    case 'create':
      return `create container ${quoted(deed.name)}`
    case 'start':
      return `start container ${quoted(deed.container)}`
    case 'container':
      return `${deed.verb} container ${quoted(deed.container)}`
    case 'load':
      return 'take in an image'
    case 'volume':
      return `make volume ${quoted(deed.volume)}`
    case 'removeVolume':
      return `remove volume ${quoted(deed.volume)}`
    case 'path':
      return `copy at ${quoted(deed.path)} of container ${quoted(deed.container)}`
    case 'engine':
      return deed.what
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The engine's words within a sentence of ours: one line, no control characters, no full stop at the end, at most 600 characters. */
function plain(said: string): string {
  const line = said
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .replace(/\.$/, '')
  return line.length > 600 ? `${line.slice(0, 597)}...` : line || 'it gave no reason'
}
