// The words that the ssh program is run with (OpenSSH's ssh(1) and ssh_config(5), 9.2). Pure: arrays of words, never a shell's line.
// A host's name always stands behind `--`, and a user behind `-l`, so that neither can become an option.
import {InvalidInputError} from '../errors.js'
import type {HostAddress} from '../model/host-address.js'

export type SshAddress = Extract<HostAddress, {readonly kind: 'ssh'}>

/** Seconds to reach a host and hear its first words. */
export const CONNECT_SECONDS = 5

/** A host that says nothing to this many questions, so many seconds apart, is gone: the master ends, and all that hangs on it. */
const ALIVE_SECONDS = 5
const ALIVE_COUNT = 3

/**
 * Logs in and leaves a master in the background, which answers at the control socket and ends when nothing has gone through it
 * for `persistSeconds`. Returns (as a program) once logged in. The person's own forwardings are left out: they belong to
 * the person's own sessions, and a port that is taken would end ours.
 */
export function masterArguments(
  address: SshAddress,
  options: {readonly control: string; readonly persistSeconds: number; readonly interactive: boolean; readonly config?: string},
): string[] {
  const settings = [
    `ControlPersist=${options.persistSeconds}`,
    'ClearAllForwardings=yes',
    'StreamLocalBindUnlink=yes',
    'StreamLocalBindMask=0177',
    `ConnectTimeout=${CONNECT_SECONDS}`,
    'ConnectionAttempts=1',
    `ServerAliveInterval=${ALIVE_SECONDS}`,
    `ServerAliveCountMax=${ALIVE_COUNT}`,
    ...(options.interactive ? [] : ['BatchMode=yes']),
  ]
  return [
    '-f',
    '-N',
    '-T',
    '-a',
    '-x',
    '-M',
    '-S',
    plain(options.control),
    ...settings.flatMap((setting) => ['-o', setting]),
    ...whereTo(address, options.config),
  ]
}

/** Asks the master to forward a socket of ours to a socket of the host. */
export function forwardArguments(control: string, local: string, remote: string): string[] {
  return [...throughMaster(control), '-O', 'forward', '-L', `${socketWord(local)}:${socketWord(remote)}`, '--', 'berth']
}

/** `check` prints the master's process id on stderr; `exit` ends it. */
export function controlArguments(control: string, deed: 'check' | 'exit'): string[] {
  return [...throughMaster(control), '-O', deed, '--', 'berth']
}

/** Runs a line of the far shell through the master. */
export function remoteArguments(control: string, line: string): string[] {
  return [...throughMaster(control), '-T', '--', 'berth', line]
}

/** Asks the master to lead a socket of ours to a target that its host can reach, or to take that back. */
export function reachArguments(
  control: string,
  deed: 'cancel' | 'forward',
  local: string,
  {host, port}: {readonly host: string; readonly port: number},
): string[] {
  const word = host.includes(':') ? `[${host}]` : host
  return [...throughMaster(control), '-O', deed, '-L', `${socketWord(local)}:${word}:${port}`, '--', 'berth']
}

/** The ssh command that a person would type to see for themselves: shown, never run. */
export function typedSsh(address: SshAddress, config?: string): string {
  const target = `${address.user === undefined ? '' : `${address.user}@`}${bareHost(address)}`
  return [
    'ssh',
    ...(config === undefined ? [] : ['-F', config]),
    ...(address.port === undefined ? [] : ['-p', String(address.port)]),
    target,
  ].join(' ')
}

/** An IPv6 address without its brackets, which ssh does not take. */
export function bareHost(address: SshAddress): string {
  return address.host.replace(/^\[(.*)\]$/, '$1')
}

/** No configuration, and nowhere to go but the master: when it is gone, ssh ends instead of logging in by itself. */
function throughMaster(control: string): string[] {
  return ['-F', 'none', '-S', plain(control), '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false', '-o', 'BatchMode=yes']
}

function whereTo(address: SshAddress, config: string | undefined): string[] {
  return [
    ...(config === undefined ? [] : ['-F', config]),
    ...(address.port === undefined ? [] : ['-p', String(address.port)]),
    ...(address.user === undefined ? [] : ['-l', address.user]),
    '--',
    bareHost(address),
  ]
}

/** ssh replaces `%x` in paths. */
function plain(path: string): string {
  return path.replaceAll('%', '%%')
}

/** A path inside `-L`, where ssh splits at colons, undoes backslashes and replaces `%x` and `${NAME}`; the last cannot be escaped. */
function socketWord(path: string): string {
  if (path.includes('${')) throw new InvalidInputError('InvalidHost', `The socket path "${path}" holds "\${", which ssh would replace.`)
  return plain(path.replaceAll(/[\\:[\]]/g, String.raw`\$&`))
}
