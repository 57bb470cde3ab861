// Docker Swarm on the test hosts' own engines, without an overlay network and without published ports.
import {docker} from '../support/hosts/engine.js'
import {BASE_IMAGE} from '../support/hosts/images.js'
import {waitUntil} from '../support/hosts/programs.js'
import type {SshTestHost} from '../support/hosts/test-hosts.js'
import {COMMAND, type Keeper, MIB_A_TASK, type Orchestrator, type Runner} from './orchestrator.js'

const NAME = 'web'

/** The engines form one swarm, the first of them its manager; comes back when all of them are ready. */
export async function formSwarm(hosts: readonly SshTestHost[]): Promise<void> {
  const [manager, ...workers] = hosts
  if (!manager) throw new Error('A swarm needs a host.')
  await docker(manager, 'swarm', 'init', '--advertise-addr', manager.address)
  const token = (await docker(manager, 'swarm', 'join-token', '-q', 'worker')).trim()
  for (const worker of workers)
    await docker(worker, 'swarm', 'join', '--token', token, '--advertise-addr', worker.address, `${manager.address}:2377`)
  await waitUntil('every node of the swarm to be ready', async () => {
    const statuses = await docker(manager, 'node', 'ls', '--format', '{{.Status}}')
    return (
      statuses
        .trim()
        .split('\n')
        .filter((status) => status === 'Ready').length === hosts.length
    )
  })
}

/** The workers leave, then the manager. */
export async function leaveSwarm(hosts: readonly SshTestHost[]): Promise<void> {
  for (const host of [...hosts].reverse()) await docker(host, 'swarm', 'leave', '--force')
}

/** A service of the swarm, by the docker command on the manager's own socket. */
export class SwarmService implements Orchestrator {
  #revision = 1
  #image: Promise<string> | undefined

  readonly what: string

  /** `flags`: of `docker service create` and `update`, over Swarm's defaults. */
  constructor(
    readonly name: string,
    private readonly flags: readonly string[],
    private readonly manager: SshTestHost,
    private readonly run: Runner,
  ) {
    this.what = `${['docker service create', ...flags].join(' ')}, without ssh`
  }

  async create(count: number): Promise<void> {
    // By its id: for a name each worker would first ask a registry that cannot be reached.
    this.#image ??= docker(this.manager, 'image', 'inspect', '-f', '{{.Id}}', BASE_IMAGE)
    const image = (await this.#image).trim()
    const limits = ['--limit-memory', `${MIB_A_TASK}M`, '--reserve-memory', `${MIB_A_TASK}M`, '--no-resolve-image']
    await this.#docker('service', 'create', '-q', '--name', NAME, '--replicas', String(count), ...limits, ...this.flags, image, ...COMMAND)
  }

  async revise(): Promise<void> {
    this.#revision += 1
  }

  roll(): Promise<unknown> {
    return this.#docker('service', 'update', '-q', '--no-resolve-image', '--env-add', `REVISION=${this.#revision}`, NAME)
  }

  scale(count: number): Promise<unknown> {
    return this.#docker('service', 'update', '-q', '--no-resolve-image', '--replicas', String(count), NAME)
  }

  repeat(count: number): Promise<unknown> {
    return this.scale(count)
  }

  remove(): Promise<unknown> {
    return this.#docker('service', 'rm', NAME)
  }

  kept<T>(deed: (keeper: Keeper) => Promise<T>): Promise<T> {
    return deed({})
  }

  #docker(...words: readonly string[]): Promise<unknown> {
    return this.run('docker', ['-H', `unix://${this.manager.socketPath}`, ...words])
  }
}
