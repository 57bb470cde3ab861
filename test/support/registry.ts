// A real registry of a test's own on a loopback address, where engines speak plain HTTP; it wants to know who asks.
import {type ChildProcess, spawn} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {type AddressInfo, createServer} from 'node:net'
import {join} from 'node:path'
import {ensurePackages} from './hosts/packages.js'
import {run, waitUntil} from './hosts/programs.js'

/** The one who may use it. */
export const REGISTRY_USER = {username: 'ann', password: 'sesame-7531'}

/** The line of `htpasswd -nbB` for that user. */
const HTPASSWD = 'ann:$2y$05$.Wo1wL.K973ChXqZUT5X/.xj7yjHZhqtaaeohMTqgl1/ZmMMBVmpy'

export class TestRegistry {
  private constructor(
    /** `127.0.0.1:PORT`. */
    readonly address: string,
    private readonly folder: string,
    private readonly program: ChildProcess,
  ) {}

  static async start(): Promise<TestRegistry> {
    await ensurePackages(['docker-registry'])
    const folder = mkdtempSync('/tmp/bregistry-')
    const address = `127.0.0.1:${await freePort()}`
    writeFileSync(join(folder, 'htpasswd'), `${HTPASSWD}\n`)
    writeFileSync(join(folder, 'config.yml'), configuration(folder, address))
    const program = spawn('/usr/bin/docker-registry', ['serve', join(folder, 'config.yml')], {stdio: 'ignore'})
    const registry = new TestRegistry(address, folder, program)
    await waitUntil('the registry to listen', () => registry.answers())
    registry.login()
    return registry
  }

  /** A docker configuration that knows the user. */
  get dockerConfig(): string {
    return join(this.folder, 'docker')
  }

  /** Puts an image of the engine into the registry; returns its name there. */
  async push(socketPath: string, image: string): Promise<string> {
    const name = `${this.address}/team/${image}`
    const docker = (...words: readonly string[]) => run('docker', ['--config', this.dockerConfig, '-H', `unix://${socketPath}`, ...words])
    await docker('tag', image, name)
    await docker('push', '-q', name)
    await docker('rmi', name)
    return name
  }

  stop(): void {
    this.program.kill('SIGKILL')
    rmSync(this.folder, {force: true, recursive: true})
  }

  private login(): void {
    const auth = Buffer.from(`${REGISTRY_USER.username}:${REGISTRY_USER.password}`).toString('base64')
    mkdirSync(this.dockerConfig)
    writeFileSync(join(this.dockerConfig, 'config.json'), JSON.stringify({auths: {[this.address]: {auth}}}))
  }

  private async answers(): Promise<boolean> {
    if (this.program.exitCode !== null) throw new Error(`docker-registry ended with ${this.program.exitCode}.`)
    return fetch(`http://${this.address}/v2/`).then(
      ({status}) => status === 401,
      () => false,
    )
  }
}

/** In JSON, which is YAML too. */
function configuration(folder: string, address: string): string {
  return JSON.stringify({
    version: '0.1',
    log: {level: 'error'},
    storage: {filesystem: {rootdirectory: join(folder, 'images')}},
    http: {addr: address},
    auth: {htpasswd: {realm: 'berth tests', path: join(folder, 'htpasswd')}},
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
