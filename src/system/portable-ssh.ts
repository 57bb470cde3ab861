// What another machine needs to log in as this one does: an ssh configuration of a few lines, made of what ssh itself says that the person's own means (ssh -G of
// OpenSSH 9.2, read 2026-11-27), with one key and one list of known hosts and nothing else. It is tried before it is handed out.
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {InvalidInputError, type KnownError} from '../errors.js'
import {hostText} from '../model/host-address.js'
import {quoted, shellWord} from '../model/names.js'
import type {PortableFiles, PortableSsh} from '../world/connections.js'
import {bareHost, CONNECT_SECONDS, type SshAddress} from './ssh-arguments.js'
import {loginFault, sshMissing} from './ssh-faults.js'

/** Words that mean nothing more than themselves in a configuration. */
const PLAIN = /^[\w.@:%[\]-]+$/

/** Faults of a host that may well let us in when it is back. */
const ABSENT: ReadonlySet<string> = new Set(['HostRefused', 'HostSilent'])

interface Meant {
  readonly hostname: string
  readonly user: string
  readonly port: number
  readonly alias?: string
  /** As ssh says it, the first host first; a host with its user and its port where it has any. */
  readonly jumps: readonly string[]
}

/** A host, and how it is to be entered where that is not left to the configuration. */
type Entered = Pick<SshAddress, 'host' | 'port'>

/**
 * The text of the configuration, by which each of the hosts was entered just now, but for those that did not answer: `silent` tells of them. Throws
 * `InvalidInputError`: `HostNotPortable` for a host that is reached by a program of this machine, `HostKeyUnknown` for one that the list does not know,
 * `IdentityNotUsable` for a key that is none, that wants a passphrase, or that a host does not take.
 */
export async function portableSsh(
  addresses: readonly SshAddress[],
  files: PortableFiles,
  config: string | undefined,
  signal: AbortSignal,
): Promise<PortableSsh> {
  await checkIdentity(files.identity.local, signal)
  const meant = new Map<string, Meant>()
  const entered: Entered[] = addresses.map((address) => ({...address, host: bareHost(address)}))
  for (const {host, port} of entered) {
    const means = meant.get(host) ?? (await meaningOf(host, config, signal))
    if (!meant.has(host)) entered.push(...means.jumps.map(jumpHost))
    meant.set(host, means)
    await checkKnown(host, {...means, port: port ?? means.port}, files.knownHosts.local, signal)
  }
  const textFor = (at: 'local' | 'there') => configuration(meant, files.identity[at], files.knownHosts[at])
  const silent = await silentAmong(addresses, textFor('local'), files, signal)
  return {text: textFor('there'), silent}
}

function configuration(meant: ReadonlyMap<string, Meant>, identity: string, knownHosts: string): string {
  return [
    ...[...meant].flatMap(([name, one]) => section(name, one)),
    'Host *',
    `  IdentityFile ${quotedPath(identity)}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${quotedPath(knownHosts)}`,
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

/** A path in a configuration: ssh splits at blanks and replaces `%x`. */
function quotedPath(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`
}

/** What ssh makes of the name. */
async function meaningOf(name: string, config: string | undefined, signal: AbortSignal): Promise<Meant> {
  const {exitCode, stderr, stdout} = await output('ssh', [...(config === undefined ? [] : ['-F', config]), '-G', '--', name], signal)
  if (exitCode !== 0) throw notPortable(name, stderr.trim())
  const said = new Map(stdout.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const))
  const told = (word: string) => (said.get(word) === 'none' ? undefined : said.get(word))
  const [alias, command, jumps] = ['hostkeyalias', 'proxycommand', 'proxyjump'].map(told)
  if (command !== undefined) throw notPortable(name, `it is reached by a program of this machine (ProxyCommand ${command})`)
  const means = {
    hostname: said.get('hostname') ?? name,
    user: said.get('user') ?? '',
    port: Number(said.get('port') ?? 22),
    jumps: jumps?.split(',') ?? [],
  }
  for (const word of [name, means.hostname, means.user, alias ?? '-', ...means.jumps])
    if (!PLAIN.test(word)) throw notPortable(name, `its configuration says ${quoted(word)}`)
  return {...means, ...(alias === undefined ? {} : {alias})}
}

/** As ssh splits a jump: `user@host:port`, brackets around an address. */
function jumpHost(jump: string): Entered {
  const place = jump.slice(jump.lastIndexOf('@') + 1)
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(place) ?? []
  const host = bracketed ?? plain ?? place
  return port === undefined ? {host} : {host, port: Number(port)}
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
      suggestions: [`ssh -o UserKnownHostsFile=${shellWord(file)} -o HashKnownHosts=no -p ${port} ${shellWord(name)} true`],
    },
  )
}

/** The hosts that do not answer now. Throws `IdentityNotUsable` for one that does, and does not let us in. */
async function silentAmong(
  addresses: readonly SshAddress[],
  text: string,
  files: PortableFiles,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-ssh-'))
  const config = join(folder, 'config')
  try {
    await writeFile(config, text, {mode: 0o600})
    const faults = await Promise.all(addresses.map((address) => loginWith(address, config, signal)))
    return faults.flatMap((fault, index) => {
      const address = addresses[index]
      if (fault === undefined || address === undefined) return []
      if (ABSENT.has(fault.code)) return [hostText(address)]
      const key = files.identity.local
      throw new InvalidInputError('IdentityNotUsable', `The controller could not log in with the key ${quoted(key)}. ${fault.message}`, {
        cause: fault,
        suggestions: [`ssh-copy-id -i ${shellWord(`${key}.pub`)} ${shellWord(bareHost(address))}`],
      })
    })
  } finally {
    await rm(folder, {force: true, recursive: true})
  }
}

/** Why it was not let in; `undefined` when it was. */
async function loginWith(address: SshAddress, config: string, signal: AbortSignal): Promise<KnownError | undefined> {
  const {host, port, user} = {...address, host: bareHost(address)}
  const settings = ['BatchMode=yes', 'ControlPath=none', `ConnectTimeout=${CONNECT_SECONDS}`, 'ClearAllForwardings=yes']
  const words = [
    ...['-F', config, '-T', '-a', '-x'],
    ...settings.flatMap((setting) => ['-o', setting]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    ...['--', host, 'true'],
  ]
  const {exitCode, stderr} = await output('ssh', words, signal)
  // Any other code is that of the far shell: we were in.
  return exitCode === 255 ? loginFault(stderr, address).error : undefined
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
