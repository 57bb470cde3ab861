// What another machine needs to log in as this one does: an ssh configuration of a few lines, made of what ssh itself says that the person's own means (ssh -G of
// OpenSSH 9.2, read 2026-11-27), with one key and one list of known hosts and nothing else.
import {InvalidInputError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {PortableFiles} from '../world/connections.js'
import {bareHost, type SshAddress} from './ssh-arguments.js'
import {sshMissing} from './ssh-faults.js'

/** Words that mean nothing more than themselves in a configuration. */
const PLAIN = /^[\w.@:%[\]-]+$/

interface Meant {
  readonly hostname: string
  readonly user: string
  readonly port: number
  readonly alias?: string
  /** The names of the hosts that lead there, the first first. */
  readonly jumps: readonly string[]
}

/**
 * The text of the configuration. Throws `InvalidInputError`: `HostNotPortable` for a host that is reached by a program of this machine, `HostKeyUnknown` for one
 * that the list does not know, `IdentityNotUsable` for a key that is none or wants a passphrase.
 */
export async function portableSsh(
  addresses: readonly SshAddress[],
  files: PortableFiles,
  config: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  await checkIdentity(files.identity.local, signal)
  const meant = new Map<string, Meant>()
  const ports = new Map(addresses.map((address) => [bareHost(address), address.port]))
  const names = [...ports.keys()]
  for (const name of names) {
    const means = await meaningOf(name, config, signal)
    meant.set(name, means)
    for (const jump of means.jumps) if (!names.includes(jump)) names.push(jump)
  }
  for (const [name, one] of meant) await checkKnown(name, {...one, port: ports.get(name) ?? one.port}, files.knownHosts.local, signal)
  return [
    ...[...meant].flatMap(([name, one]) => section(name, one)),
    'Host *',
    `  IdentityFile ${files.identity.there}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${files.knownHosts.there}`,
    '  GlobalKnownHostsFile none',
    '  StrictHostKeyChecking yes',
    '',
  ].join('\n')
}

function section(name: string, {alias, hostname, jumps, port, user}: Meant): readonly string[] {
  return [
    `Host ${name}`,
    `  HostName ${hostname}`,
    `  User ${user}`,
    `  Port ${port}`,
    ...(alias === undefined ? [] : [`  HostKeyAlias ${alias}`]),
    ...(jumps.length === 0 ? [] : [`  ProxyJump ${jumps.join(',')}`]),
  ]
}

/** What ssh makes of the name. */
async function meaningOf(name: string, config: string | undefined, signal: AbortSignal): Promise<Meant> {
  const {exitCode, stderr, stdout} = await output('ssh', [...(config === undefined ? [] : ['-F', config]), '-G', '--', name], signal)
  if (exitCode !== 0) throw notPortable(name, stderr.trim())
  const said = new Map(
    stdout.split('\n').map((line): [string, string] => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
  const command = said.get('proxycommand')
  if (command !== undefined && command !== 'none')
    throw notPortable(name, `it is reached by a program of this machine (ProxyCommand ${command})`)
  const {
    alias,
    hostname = name,
    jumps,
    port = '22',
    user = '',
  } = {
    alias: said.get('hostkeyalias'),
    hostname: said.get('hostname'),
    jumps: said.get('proxyjump'),
    port: said.get('port'),
    user: said.get('user'),
  }
  const chain = jumps === undefined || jumps === 'none' ? [] : jumps.split(',')
  for (const word of [name, hostname, user, port, alias ?? '-', ...chain])
    if (!PLAIN.test(word)) throw notPortable(name, `its configuration says ${quoted(word)}`)
  return {hostname, user, port: Number(port), jumps: chain, ...(alias === undefined ? {} : {alias})}
}

/** A key of its own that nobody has to open. */
async function checkIdentity(path: string, signal: AbortSignal): Promise<void> {
  const {exitCode, stderr} = await output('ssh-keygen', ['-y', '-P', '', '-f', path], signal)
  if (exitCode === 0) return
  throw new InvalidInputError('IdentityNotUsable', `The key ${quoted(path)} cannot be used where nobody is at hand: ${stderr.trim()}`, {
    suggestions: ['ssh-keygen -t ed25519 -N "" -f controller-key', 'ssh-copy-id -i controller-key.pub HOST'],
  })
}

/** By the name under which ssh would look. */
async function checkKnown(name: string, {alias, hostname, port}: Meant, file: string, signal: AbortSignal): Promise<void> {
  const looked = alias ?? (port === 22 ? hostname : `[${hostname}]:${port}`)
  const {exitCode} = await output('ssh-keygen', ['-F', looked, '-f', file], signal)
  if (exitCode === 0) return
  throw new InvalidInputError(
    'HostKeyUnknown',
    `${quoted(file)} has no key of host ${quoted(name)} (${looked}): the controller would not trust it.`,
    {
      suggestions: [`ssh -o UserKnownHostsFile=${shellWord(file)} -o HashKnownHosts=no ${shellWord(name)} true`],
    },
  )
}

function notPortable(name: string, why: string): InvalidInputError {
  return new InvalidInputError(
    'HostNotPortable',
    `A controller in a container cannot reach host ${quoted(name)} as this machine does: ${why}.`,
    {
      suggestions: ['berth controller install --systemd', `ssh -G ${shellWord(name)}`],
    },
  )
}

async function output(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<{readonly exitCode: number | undefined; readonly stdout: string; readonly stderr: string}> {
  const {execa} = await import('execa')
  const run = await execa(program, words, {cancelSignal: signal, reject: false, stdin: 'ignore'})
  signal.throwIfAborted()
  if (run.code === 'ENOENT') throw sshMissing(run.cause)
  return {exitCode: run.exitCode, stdout: run.stdout, stderr: run.stderr}
}
