// Where an engine is: how a person writes it, and what that means.
import {InvalidInputError} from '../errors.js'
import {quoted, shellWord} from './names.js'

/** Paths of PEM files on the client. */
export interface TlsFiles {
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
}

export type HostAddress =
  | {readonly kind: 'unix'; readonly path: string}
  | {readonly kind: 'ssh'; readonly host: string; readonly user?: string; readonly port?: number; readonly socketPath?: string}
  | {readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles}

/** A host as typed: an address, or `local`, which the caller resolves by DOCKER_HOST, docker's current context, or the default socket. */
export type TypedHost = {readonly kind: 'local'} | HostAddress

const USER = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/
const HOST = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?$|^\[[0-9A-Fa-f:.]+\]$/
const PATH = /^\/[^\p{C}:]{0,250}$/u

/**
 * Reads `local`, `unix:///path`, `ssh://[user@]host[:port][/path/to/docker.sock]` or `tcp://host:port`.
 * User and host never begin with a hyphen, so neither can be taken for an option by ssh. Throws `InvalidHost`.
 */
export function parseHost(text: string, tls?: TlsFiles): TypedHost {
  if (text === 'local') return {kind: 'local'}
  const match = /^(unix|ssh|tcp):\/\/(.*)$/s.exec(text)
  const rest = match?.[2] ?? ''
  const address =
    match?.[1] === 'unix' ? parseUnix(rest) : match?.[1] === 'ssh' ? parseSsh(rest) : match?.[1] === 'tcp' ? parseTcp(rest, tls) : undefined
  if (address === undefined) throw invalidHost(text)
  if (tls && address.kind !== 'tcp')
    throw new InvalidInputError(
      'InvalidHost',
      `${quoted(text)} takes no TLS files: --tlscacert, --tlscert and --tlskey go with tcp:// only.`,
      {suggestions: [`berth instance join ${shellWord(text)}`]},
    )
  return address
}

/** The address as a person would type it: the inverse of `parseHost` but for the TLS files. */
export function hostText(address: HostAddress): string {
  switch (address.kind) {
    case 'unix':
      return `unix://${address.path}`
    case 'ssh':
      return `ssh://${address.user === undefined ? '' : `${address.user}@`}${address.host}${address.port === undefined ? '' : `:${address.port}`}${address.socketPath ?? ''}`
    case 'tcp':
      return `tcp://${address.host}:${address.port}`
  }
}

function parseUnix(rest: string): HostAddress | undefined {
  return PATH.test(rest) ? {kind: 'unix', path: rest} : undefined
}

function parseSsh(rest: string): HostAddress | undefined {
  const match = /^(?:([^@/]*(?:@[^@/]*)*)@)?(\[[^\]/]*\]|[^:/@]*)(?::(\d{1,5}))?(\/.*)?$/s.exec(rest)
  const [, user, host = '', portText, socketPath] = match ?? []
  const port = parsePort(portText)
  if (!HOST.test(host) || port === null) return undefined
  if (user !== undefined && !USER.test(user)) return undefined
  if (socketPath !== undefined && socketPath !== '/' && !PATH.test(socketPath)) return undefined
  return {
    kind: 'ssh',
    host,
    ...(user === undefined ? {} : {user}),
    ...(port === undefined ? {} : {port}),
    ...(socketPath === undefined || socketPath === '/' ? {} : {socketPath}),
  }
}

function parseTcp(rest: string, tls: TlsFiles | undefined): HostAddress | undefined {
  const match = /^(\[[^\]/]*\]|[^:/@]*)(?::(\d{1,5}))?\/?$/s.exec(rest)
  const port = parsePort(match?.[2] ?? (tls ? '2376' : '2375'))
  if (!match?.[1] || !HOST.test(match[1]) || typeof port !== 'number') return undefined
  return {kind: 'tcp', host: match[1], port, ...(tls ? {tls} : {})}
}

/** A port from 1 to 65535; `undefined` when none was given, `null` when it is none. */
function parsePort(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  return port >= 1 && port <= 65_535 ? port : null
}

function invalidHost(text: string): InvalidInputError {
  return new InvalidInputError(
    'InvalidHost',
    `${quoted(text)} is not a host: give local, unix:///path, ssh://[user@]host[:port][/path/to/docker.sock] or tcp://host:port.`,
    {
      suggestions: ['berth instance join local', 'berth instance join ssh://user@host.example'],
    },
  )
}

/** Does the name mean whatever machine it is said on? */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}
