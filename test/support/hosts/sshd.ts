// The sshd of a test host, with keys and settings of its own; what it writes down counts the logins.
import {appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs'
import {createConnection} from 'node:net'
import {join} from 'node:path'
import {isAlive} from './engine.js'
import {spawnInside} from './holder.js'
import {run, waitUntil} from './programs.js'
import type {SshTestHost, TestHost} from './test-hosts.js'

/** Makes an ed25519 key without a passphrase at this path, and `<path>.pub` beside it. */
export async function makeKey(path: string, comment: string): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path])
}

/** Gives the host its host key and lets the holder of this public key in. */
export async function furnishSshd(folder: string, name: string, publicKey: string): Promise<void> {
  await makeKey(join(folder, 'first_host_key'), name)
  copyFileSync(join(folder, 'first_host_key'), join(folder, 'host_key'))
  copyFileSync(publicKey, join(folder, 'accepted_keys'))
  copyFileSync(publicKey, join(folder, 'authorized_keys'))
}

/**
 * Starts the host's sshd; comes back when it greets. `settings` are further lines of its configuration, which come first and so
 * decide (`AllowStreamLocalForwarding no`).
 */
export async function startSshd(host: SshTestHost, settings: readonly string[] = []): Promise<void> {
  writeFileSync(join(host.folder, 'sshd_config'), [...settings, ...configuration(host.folder), ''].join('\n'))
  spawnInside(host, 'sshd-start', ['/usr/sbin/sshd', '-D', '-E', logFile(host), '-f', join(host.folder, 'sshd_config')])
  await waitUntil(`sshd of ${host.name}`, async () => sshdPid(host) !== undefined && (await greets(host.address)))
}

/** Ends the listening sshd and starts it again with these further settings. Connections that stand stay. */
export async function restartSshd(host: SshTestHost, settings: readonly string[] = []): Promise<void> {
  await stopSshd(host)
  await startSshd(host, settings)
}

/** Nobody listens on the host's port 22 any more; connections that stand stay. */
export async function stopSshd(host: SshTestHost): Promise<void> {
  const pid = sshdPid(host)
  if (pid === undefined) return
  process.kill(pid, 'SIGTERM')
  await waitUntil(`sshd of ${host.name} to end`, () => !isAlive(pid))
}

/** The process id of the listening sshd, `undefined` when it does not run. */
export function sshdPid(host: TestHost): number | undefined {
  const pidFile = join(host.folder, 'run', 'sshd.pid')
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0
  return pid > 0 && isAlive(pid) ? pid : undefined
}

/** How many logins the host has accepted since it was started, by a key. */
export function logins(host: SshTestHost): number {
  return readFileSync(logFile(host), 'utf8').split('Accepted publickey for ').length - 1
}

/** The host answers with another host key than the known one, until `restoreHostKey`. */
export async function changeHostKey(host: SshTestHost): Promise<void> {
  const other = join(host.folder, 'other_host_key')
  if (!existsSync(other)) await makeKey(other, host.name)
  await swapHostKey(host, other)
}

/** The host answers with its first host key again. */
export async function restoreHostKey(host: SshTestHost): Promise<void> {
  await swapHostKey(host, join(host.folder, 'first_host_key'))
}

/** Does the host answer with its first host key? */
export function hasFirstHostKey(host: SshTestHost): boolean {
  return readFileSync(join(host.folder, 'host_key'), 'utf8') === readFileSync(join(host.folder, 'first_host_key'), 'utf8')
}

/** The host refuses every key, until `acceptKey`. */
export function refuseKey(host: SshTestHost): void {
  writeFileSync(join(host.folder, 'authorized_keys'), '')
}

/** The host accepts the tests' key again. */
export function acceptKey(host: SshTestHost): void {
  copyFileSync(join(host.folder, 'accepted_keys'), join(host.folder, 'authorized_keys'))
}

/** The lines that make a client know this host by its name and its address. */
export function knownHostLines(folder: string, name: string, address: string): string {
  const [type, key] = readFileSync(join(folder, 'first_host_key.pub'), 'utf8').split(' ')
  return `${name},${address} ${type} ${key}\n`
}

async function swapHostKey(host: SshTestHost, key: string): Promise<void> {
  copyFileSync(key, join(host.folder, 'host_key'))
  await restartSshd(host)
}

function configuration(folder: string): readonly string[] {
  return [
    `HostKey ${join(folder, 'host_key')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'PidFile /run/sshd.pid',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'LogLevel VERBOSE',
  ]
}

function logFile(host: SshTestHost): string {
  const file = join(host.folder, 'sshd.log')
  appendFileSync(file, '')
  return file
}

function greets(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({host: address, port: 22, timeout: 2000})
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}
