// A real sshd of a test's own: keys, port, known hosts and log in one scratch folder, and a small HTTP server at a socket where
// a host has its engine. Nothing of the person's ssh is read.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import {type AddressInfo, createServer as createTcpServer} from 'node:net'
import {join} from 'node:path'

export class TestSshd {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly daemon: ChildProcess,
    private readonly engine: Server,
  ) {}

  /** The name by which the ssh configuration knows this host. */
  readonly host = 'box'

  /** One that takes logins, with more lines of sshd_config. */
  static async start(lines: readonly string[] = []): Promise<TestSshd> {
    const folder = mkdtempSync('/tmp/bsshd-')
    for (const name of ['host', 'user', 'stranger'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, name)])
    writeFileSync(join(folder, 'authorized_keys'), readFileSync(join(folder, 'user.pub')))
    const port = await freePort()
    writeFileSync(join(folder, 'sshd_config'), sshdConfig(folder, port, lines))
    const engine = createServer((_request, response) => response.end('OK'))
    await new Promise<void>((resolve) => engine.listen(join(folder, 'engine.sock'), resolve))
    mkdirSync('/run/sshd', {recursive: true})
    const daemon = spawn('/usr/sbin/sshd', ['-D', '-f', join(folder, 'sshd_config'), '-E', join(folder, 'log')], {stdio: 'ignore'})
    const sshd = new TestSshd(folder, port, daemon, engine)
    sshd.knowHost('host')
    sshd.useKey('user')
    await until(() => existsSync(join(folder, 'log')) && sshd.log().includes('Server listening'), 'sshd to listen')
    return sshd
  }

  get config(): string {
    return join(this.folder, 'ssh_config')
  }

  get engineSocket(): string {
    return join(this.folder, 'engine.sock')
  }

  get pid(): number {
    return this.daemon.pid ?? 0
  }

  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8')
  }

  /** How many logins it has let in. */
  logins(): number {
    return this.log().split('Accepted publickey').length - 1
  }

  /** How often somebody has come to its door. */
  visits(): number {
    return this.log().split('Connection from').length - 1
  }

  /** From now on the client offers this key: `user` is let in, `stranger` is not. */
  useKey(name: 'user' | 'stranger', lines: readonly string[] = []): void {
    const common = [
      'User root',
      'IdentitiesOnly yes',
      'GlobalKnownHostsFile /dev/null',
      `UserKnownHostsFile ${this.folder}/known_hosts`,
      `IdentityFile ${this.folder}/${name}`,
    ]
    // ssh takes the first value it meets, so what a test adds about a host comes after what holds for all.
    writeFileSync(
      this.config,
      `${['Host *', `Port ${this.port}`, ...common, ...lines, '', `Host ${this.host}`, '  HostName 127.0.0.1'].join('\n  ')}\n`,
    )
  }

  /** From now on the client knows this host by that key, or not at all. */
  knowHost(key: 'host' | 'stranger' | undefined): void {
    const line = key === undefined ? '' : `[127.0.0.1]:${this.port} ${readFileSync(join(this.folder, `${key}.pub`), 'utf8')}`
    writeFileSync(join(this.folder, 'known_hosts'), line)
  }

  /** It takes connections and says nothing, until `resume`. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP')
  }

  resume(): void {
    process.kill(this.pid, 'SIGCONT')
  }

  /** Ends it with its engine and removes its folder. Its sessions are the masters' to end. */
  async stop(): Promise<void> {
    this.engine.closeAllConnections()
    await new Promise((resolve) => this.engine.close(resolve))
    const ended = new Promise((resolve) => this.daemon.once('exit', resolve))
    this.daemon.kill('SIGKILL')
    await ended
    rmSync(this.folder, {force: true, recursive: true})
  }
}

/** Looks until it holds, every 20 ms for at most 10 s, or as long as is said. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs / 1000} s in vain for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function sshdConfig(folder: string, port: number, lines: readonly string[]): string {
  const own = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${folder}/host`, `AuthorizedKeysFile ${folder}/authorized_keys`]
  return `${[...own, 'StrictModes no', 'UsePAM no', 'PidFile none', 'LogLevel VERBOSE', 'PermitRootLogin yes', ...lines].join('\n')}\n`
}

async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
