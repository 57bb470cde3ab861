// Ways to the hosts: one kept ssh connection a host, sockets and TCP as they are.
import type {KnownError} from '../errors.js'
import type {HostAddress, TlsFiles, TypedHost} from '../model/host-address.js'
import type {Timestamp} from '../model/time.js'

/** Where an engine's HTTP can be spoken to from this machine. */
export type Endpoint =
  | {readonly kind: 'socket'; readonly path: string}
  | {readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles}
  | {readonly kind: 'dial'; dial(use: DialUse): NodeJS.ReadWriteStream}

/**
 * What a dialed connection is for. All commands of this machine share few of them, and each takes long to make: so a process has one
 * for `brief` requests, which are answered at once, and one for each `lasting` use, whose engine may take its time or tell without end.
 * Lasting ones wait for each other; they never keep brief ones from asking.
 *
 * What is dialed comes back at once, as a `Duplex` of Node that a socket's user can use: what is written waits until it stands. It
 * ends with `UnreachableError` `HostBusy` or `HostSilent` when it never does.
 */
export type DialUse = 'brief' | 'lasting'

export interface OpenConnection {
  readonly host: string
  /** Process id of the ssh master. */
  readonly pid: number
  readonly since: Timestamp
  readonly socketPath: string
  /** Does it still answer? */
  readonly alive: boolean
}

/** A place that a host can reach: a container's address, or a port of its own. */
export interface ReachTarget {
  readonly host: string
  readonly port: number
}

export interface Reached {
  readonly stream: NodeJS.ReadWriteStream
  /** Why it ended, where that was a failure. */
  readonly failure: Promise<KnownError | undefined>
}

export interface Connections {
  /**
   * The endpoint of this host's engine; for ssh through the one master of this host, which is started when there is none.
   * However many processes ask at once, there is one login. When the signal fires because a time is up (`AbortSignal.timeout`) the login
   * goes on for the next command; fired otherwise it ends. Throws `UnreachableError`: `HostSilent`, `SshRefused`, `HostKeyRefused`...
   */
  open(address: HostAddress, options: {readonly interactive?: boolean}, signal: AbortSignal): Promise<Endpoint>
  /** A connection of its own to the target: from the host where it is reached by ssh, else from this machine. Throws `UnreachableError`s. */
  reach(address: HostAddress, target: ReachTarget, signal: AbortSignal): Promise<Reached>
  /** After it nothing of what `reach` opened on the way is left. */
  endReaching(): Promise<void>
  /** The kept connections in order of their hosts. */
  list(): Promise<readonly OpenConnection[]>
  /** Ends the connection to this host, or all; returns those that were ended. */
  close(host?: string): Promise<readonly OpenConnection[]>
}

/** Files that go with a login, as paths on this machine and on the other. */
export interface PortableFiles {
  readonly identity: {readonly local: string; readonly there: string}
  readonly knownHosts: {readonly local: string; readonly there: string}
}

export interface PortableSsh {
  readonly text: string
  /** Hosts that did not answer, as they were typed. */
  readonly silent: readonly string[]
}

/** Where a person's machine keeps hosts that Berth might join. */
export interface HostCatalog {
  /** The address that `local` means now: DOCKER_HOST, docker's current context, the default socket, in that order. */
  resolve(host: TypedHost): Promise<HostAddress>
  /** Docker contexts and hosts of the ssh configuration, as they would be typed, with a word on where each comes from. */
  known(): Promise<readonly {readonly host: string; readonly origin: string}[]>
  /**
   * The ssh configuration by which another machine reaches these hosts as this one does; each was entered by it just now, but for the `silent` ones. Throws
   * `InvalidInputError`: `HostNotPortable`, `HostKeyUnknown`, `IdentityNotUsable`, and `UnreachableError` `SshMissing`.
   */
  portable(addresses: readonly HostAddress[], files: PortableFiles, signal: AbortSignal): Promise<PortableSsh>
}
