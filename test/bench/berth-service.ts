// A service of Berth on the ssh hosts, by the built command; their connections are open.
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {BASE_IMAGE} from '../support/hosts/images.js'
import type {SshTestHost} from '../support/hosts/test-hosts.js'
import type {BenchHome} from './bench-home.js'
import {COMMAND, type Keeper, MIB_A_TASK, type Orchestrator} from './orchestrator.js'
import {removeAll} from './raw-engine.js'

const NAME = 'web'

/** Everything is its default, but that a task's health counts at once, or after so long as ECS has it. */
export class BerthService implements Orchestrator {
  readonly name = 'Berth'
  readonly what: string
  #revision = 0

  private constructor(
    private readonly home: BenchHome,
    private readonly hosts: readonly SshTestHost[],
    private readonly flags: readonly string[],
  ) {
    this.what = `${['berth service create', ...flags].join(' ')}, by ssh`
  }

  /** The hosts have joined, and there is a definition. */
  static async open(home: BenchHome, hosts: readonly SshTestHost[]): Promise<BerthService> {
    await home.berth('cluster', 'create', 'bench')
    for (const host of hosts) await home.berth('instance', 'join', host.url, '--name', host.name)
    const service = new BerthService(home, hosts, ['--healthy-after', '0'])
    await service.revise()
    return service
  }

  /** The same cluster, where a task counts as healthy when it has run for 40 s. */
  asEcs(): BerthService {
    return new BerthService(this.home, this.hosts, [])
  }

  create(count: number): Promise<unknown> {
    return this.home.berth('service', 'create', NAME, '--task-definition', NAME, '--desired-count', String(count), ...this.flags)
  }

  async revise(): Promise<void> {
    this.#revision += 1
    const environment = [{name: 'REVISION', value: String(this.#revision)}]
    const container = {name: NAME, image: BASE_IMAGE, memory: MIB_A_TASK, command: COMMAND, environment}
    const file = join(this.home.folder, 'web.json')
    writeFileSync(file, JSON.stringify({family: NAME, containerDefinitions: [container]}))
    await this.home.berth('task-definition', 'register', file)
  }

  roll(): Promise<unknown> {
    return this.home.berth('service', 'update', NAME, '--task-definition', NAME)
  }

  scale(count: number): Promise<unknown> {
    return this.home.berth('service', 'update', NAME, '--desired-count', String(count))
  }

  repeat(count: number): Promise<unknown> {
    return this.create(count)
  }

  remove(): Promise<unknown> {
    return this.home.berth('service', 'delete', NAME, '--force', '--yes')
  }

  /** As with ECS, the containers of a task would stay for three hours after it stopped. */
  sweep(): Promise<void> {
    return removeAll(this.hosts)
  }

  async kept<T>(deed: (keeper: Keeper) => Promise<T>): Promise<T> {
    const controller = await this.home.lasting(/leads: /, 'controller', 'run')
    try {
      return await deed({pid: controller.pid, connections: join(this.home.folder, 'run')})
    } finally {
      await controller.end()
    }
  }
}
