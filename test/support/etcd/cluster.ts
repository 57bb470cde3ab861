// A real etcd cluster on loopback, from Debian's package: three members, each a process that a test can kill, freeze and start again. It is stopped by its process ids.
import {type ChildProcess, execFile, spawn} from 'node:child_process'
import {mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {RandomIds} from '../../../src/system/ids.js'
import {SystemProcesses} from '../../../src/system/process-identity.js'
import type {EtcdAccess} from '../../../src/store/etcd/access.js'
import {parseEtcdAddress} from '../../../src/store/etcd/address.js'
import {type EtcdOptions, EtcdStore} from '../../../src/store/etcd/etcd-store.js'
import {SystemClock} from '../../../src/system/clock.js'
import {ensurePackages} from '../hosts/packages.js'

const run = promisify(execFile)
const processes = new SystemProcesses()
const STARTED_WITHIN_MS = 30_000

/** The files of a cluster that speaks TLS and asks for client certificates. */
export interface EtcdTls {
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

interface Member {
  readonly name: string
  readonly clientPort: number
  readonly peerPort: number
  process: ChildProcess | undefined
}

export class EtcdCluster {
  readonly #folder = mkdtempSync(join(tmpdir(), 'berth-etcd-'))
  readonly #opened: EtcdStore[] = []

  private constructor(
    private readonly members: readonly Member[],
    private readonly tls: EtcdTls | undefined,
    private readonly host: string | undefined,
  ) {}

  /** Comes back when it takes commits; etcd is installed where it is missing. With `host`, an address of this machine, others reach it there; else nobody does. */
  static async start(size = 3, tls?: EtcdTls, host?: string): Promise<EtcdCluster> {
    await ensurePackages(['etcd-server', 'etcd-client'])
    const ports = await freePorts(size * 2)
    const members = Array.from({length: size}, (_, index): Member => {
      return {name: `m${index}`, clientPort: ports[index] ?? 0, peerPort: ports[size + index] ?? 0, process: undefined}
    })
    const cluster = new EtcdCluster(members, tls, host)
    for (const member of members) cluster.#run(member)
    await cluster.healthy()
    return cluster
  }

  /** `etcd://host:port,...`; each prefix is a state of its own. */
  address(prefix: string): string {
    return `${this.tls ? 'etcds' : 'etcd'}://${this.endpoints.join(',')}/${prefix}`
  }

  /** `localhost:PORT` of each member, or the host's. */
  get endpoints(): readonly string[] {
    return this.members.map(({clientPort}) => `${this.host ?? 'localhost'}:${clientPort}`)
  }

  /** After it etcd knows nothing of what was before now. */
  async compact(): Promise<void> {
    const [status] = JSON.parse(await this.etcdctl('endpoint', 'status', '-w', 'json')) as {
      readonly Status: {readonly header: {readonly revision: number}}
    }[]
    await this.etcdctl('compaction', String(status?.Status.header.revision))
  }

  /** A handle on the state under the prefix, as another process would have; it is closed with the cluster. */
  open(prefix: string, options: EtcdOptions = {}, access: EtcdAccess = {}): EtcdStore {
    const world = {clock: new SystemClock(), ids: new RandomIds(), clients: () => processes}
    const store = new EtcdStore(world, parseEtcdAddress(this.address(prefix)), () => access, options)
    this.#opened.push(store)
    return store
  }

  /** What etcdctl says. */
  async etcdctl(...words: readonly string[]): Promise<string> {
    const scheme = this.tls ? 'https' : 'http'
    const endpoints = this.members.filter((one) => one.process).map(({clientPort}) => `${scheme}://localhost:${clientPort}`)
    const tls = this.tls ? [`--cacert=${this.tls.ca}`, `--cert=${this.tls.certificate}`, `--key=${this.tls.key}`] : []
    const env = {...process.env, ETCDCTL_API: '3'}
    const {stdout} = await run('etcdctl', [`--endpoints=${endpoints.join(',')}`, ...tls, ...words], {env, maxBuffer: 64 * 1024 * 1024})
    return stdout.trimEnd()
  }

  /** The keys under the prefix. */
  async keys(prefix: string): Promise<readonly string[]> {
    return (await this.etcdctl('get', '--prefix', `${prefix}/`, '--keys-only')).split('\n').filter((line) => line !== '')
  }

  /** A frozen member accepts connections and says nothing, to clients and to the others. */
  signal(index: number, signal: 'SIGCONT' | 'SIGKILL' | 'SIGSTOP'): void {
    const member = this.#member(index)
    member.process?.kill(signal)
    if (signal === 'SIGKILL') member.process = undefined
  }

  /** Starts a killed member again, on its own data. */
  restart(index: number): void {
    this.#run(this.#member(index))
  }

  /** Comes back when every member that runs answers. */
  async healthy(): Promise<void> {
    const deadline = Date.now() + STARTED_WITHIN_MS
    for (;;) {
      try {
        await this.etcdctl('endpoint', 'health', '--command-timeout=2s')
        return
      } catch (error) {
        if (Date.now() > deadline) throw new Error(`etcd is not healthy: ${this.#logs()}`, {cause: error})
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  /** Closes what was opened, ends the members and removes their data. */
  async stop(): Promise<void> {
    for (const {process: member} of this.members) member?.kill('SIGCONT')
    await Promise.allSettled(this.#opened.map((store) => store.close()))
    await Promise.all(
      this.members.map(async ({process: member}) => {
        if (!member || member.exitCode !== null || member.signalCode !== null) return
        const ended = new Promise((resolve) => member.once('exit', resolve))
        member.kill('SIGKILL')
        await ended
      }),
    )
    rmSync(this.#folder, {force: true, recursive: true})
  }

  #member(index: number): Member {
    const member = this.members[index]
    if (!member) throw new Error(`There is no member ${index}.`)
    return member
  }

  #run(member: Member): void {
    const scheme = this.tls ? 'https' : 'http'
    const url = (port: number) => `${scheme}://localhost:${port}`
    const listening = (port: number) => `${scheme}://${this.host === undefined ? '127.0.0.1' : '0.0.0.0'}:${port}`
    const {tls} = this
    const log = openSync(join(this.#folder, `${member.name}.log`), 'a')
    member.process = spawn(
      'etcd',
      [
        ...['--name', member.name, '--data-dir', join(this.#folder, member.name), '--logger', 'zap', '--log-level', 'warn'],
        ...[
          '--listen-client-urls',
          listening(member.clientPort),
          '--advertise-client-urls',
          `${scheme}://${this.host ?? 'localhost'}:${member.clientPort}`,
        ],
        ...['--listen-peer-urls', listening(member.peerPort), '--initial-advertise-peer-urls', url(member.peerPort)],
        ...['--initial-cluster', this.members.map(({name, peerPort}) => `${name}=${url(peerPort)}`).join(',')],
        ...(tls ? ['--cert-file', tls.certificate, '--key-file', tls.key, '--trusted-ca-file', tls.ca, '--client-cert-auth'] : []),
        ...(tls ? ['--peer-cert-file', tls.certificate, '--peer-key-file', tls.key, '--peer-trusted-ca-file', tls.ca] : []),
      ],
      // On some architectures etcd starts only when told that it may.
      {env: {...process.env, ETCD_UNSUPPORTED_ARCH: process.arch}, stdio: ['ignore', log, log]},
    )
  }

  #logs(): string {
    return this.members.map(({name}) => readFileSync(join(this.#folder, `${name}.log`), 'utf8').slice(-1000)).join('\n')
  }
}

/** Ports that nobody listened on a moment ago. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({length: count}, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const ports = servers.map((server) => (server.address() as {readonly port: number}).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
