// What ssh's words on stderr mean. The texts are OpenSSH's own (9.2; unchanged for years); only this file knows them.
import {UnreachableError} from '../errors.js'
import {hostText} from '../model/host-address.js'
import {bareHost, type SshAddress, typedSsh} from './ssh-arguments.js'

/** Why a login came to nothing. */
export interface LoginFault {
  readonly error: UnreachableError
  /** Only a connection that was never made may be tried again: a refusal stays one, and sshd counts it. */
  readonly passing: boolean
}

interface Rule {
  readonly pattern: RegExp
  readonly code: string
  /** Continues `The host "ssh://..." `. */
  readonly said: string
  readonly suggestions: (address: SshAddress, config: string | undefined, stderr: string) => readonly string[]
  readonly passing?: true
}

const tryByHand: Rule['suggestions'] = (address, config) => [`${typedSsh(address, config)} docker version`]

/** In order: a changed key is told by a refusal to verify it, which alone means an unknown key. */
const RULES: readonly Rule[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    code: 'HostKeyChanged',
    said: 'shows another host key than the one it is known by; somebody may stand in between. If the key was changed on purpose, forget the old one.',
    suggestions: (address, _config, stderr) => [
      /^\s*(ssh-keygen -f .+ -R .+?)\s*$/m.exec(stderr)?.[1] ?? `ssh-keygen -R ${keyName(address)}`,
    ],
  },
  {
    pattern: /REVOKED HOST KEY/,
    code: 'HostKeyRevoked',
    said: 'shows a host key that is marked as revoked.',
    suggestions: tryByHand,
  },
  {
    pattern: /Host key verification failed|host key is known for/,
    code: 'HostKeyUnknown',
    said: 'is not among the known hosts, so nobody can tell whether it is the right one. Log in once by hand and compare its key.',
    suggestions: (address, config) => [
      typedSsh(address, config),
      `ssh-keyscan ${address.port === undefined ? '' : `-p ${address.port} `}${bareHost(address)}`,
    ],
  },
  {
    pattern: /Permission denied|Too many authentication failures|No supported authentication methods/,
    code: 'SshRefused',
    said: 'refused the login: it knows none of the keys that were offered.',
    suggestions: tryByHand,
  },
  {
    pattern: /Could not resolve hostname/,
    code: 'HostUnknown',
    said: 'has a name that leads to no address.',
    suggestions: (address) => [`getent hosts ${bareHost(address)}`],
  },
  {
    pattern: /timed out|No route to host|Network is unreachable|Host is down|not responding/,
    code: 'HostSilent',
    said: 'does not answer.',
    suggestions: tryByHand,
  },
  {
    pattern: /Connection refused/,
    code: 'HostRefused',
    said: 'refused the connection: no ssh service listens there.',
    suggestions: tryByHand,
    passing: true,
  },
  {
    pattern: /Connection closed by UNKNOWN/,
    code: 'HostRefused',
    said: 'was not reached: the jump host or proxy command on the way to it gave no connection.',
    suggestions: (address, config) => [`${typedSsh(address, config).replace(/^ssh /, 'ssh -v ')} docker version`],
    passing: true,
  },
  {
    pattern: /kex_exchange_identification|Connection closed by|Connection reset by|Broken pipe/,
    code: 'HostRefused',
    said: 'closed the connection before the login: it may have too many at once, or block this machine.',
    suggestions: tryByHand,
    passing: true,
  },
  {
    pattern: /Bad configuration option|configuration options|user config file|Bad owner or permissions|no argument after keyword/i,
    code: 'SshConfigInvalid',
    said: 'was not tried: ssh does not take its own configuration.',
    suggestions: (address, config) => [typedSsh(address, config).replace(/^ssh /, 'ssh -G ')],
  },
]

/** What a failed login means, from all that ssh wrote to stderr. */
export function loginFault(stderr: string, address: SshAddress, config?: string): LoginFault {
  const rule = RULES.find(({pattern}) => pattern.test(stderr))
  const host = `The host "${hostText(address)}"`
  const details = {cause: new Error(printable(stderr))}
  if (rule === undefined) {
    const error = new UnreachableError('SshFailed', `${host} was not reached; ssh said: ${lastLine(stderr)}`, {
      ...details,
      suggestions: tryByHand(address, config, stderr),
    })
    return {error, passing: false}
  }
  const error = new UnreachableError(rule.code, `${host} ${rule.said}`, {
    ...details,
    suggestions: rule.suggestions(address, config, stderr),
  })
  return {error, passing: rule.passing ?? false}
}

/** A login that took longer than any answering host takes. */
export function silentHost(address: SshAddress, seconds: number, config?: string): UnreachableError {
  const suggestions = tryByHand(address, config, '')
  return new UnreachableError('HostSilent', `The host "${hostText(address)}" did not finish the login within ${seconds} s.`, {suggestions})
}

/** No ssh program on this machine. */
export function sshMissing(cause: unknown): UnreachableError {
  return new UnreachableError('SshMissing', 'There is no program "ssh" on this machine; hosts are reached through OpenSSH.', {
    cause,
    suggestions: ['sudo apt-get install openssh-client'],
  })
}

/** Did the host say no to one more session on a connection that stands (MaxSessions), from what ssh wrote to stderr? */
export function sessionRefused(stderr: string): boolean {
  return /session request failed|Session open refused by peer/.test(stderr)
}

/** Process id of the master, from what ssh answers to `-O check`; `undefined` when no master answered. */
export function masterPidOf(stderr: string): number | undefined {
  const pid = /^Master running \(pid=(\d+)\)/m.exec(stderr)?.[1]
  return pid === undefined ? undefined : Number(pid)
}

/** The name that known_hosts has for this host. */
function keyName(address: SshAddress): string {
  return address.port === undefined || address.port === 22 ? bareHost(address) : `"[${bareHost(address)}]:${address.port}"`
}

function lastLine(stderr: string): string {
  const line = printable(stderr).trim().split('\n').at(-1)?.trim()
  return line ? `"${line}".` : 'nothing.'
}

/** A host's own words may hold anything; on a terminal they must not. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, '')
}
