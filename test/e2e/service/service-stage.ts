// A cluster on real hosts with services, and what tests ask of them all the time.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {DescribeServicesResponse, ListTasksResponse, Service, Task} from '@aws-sdk/client-ecs'
import {idOf, LASTING, Stage} from '../session/stage.js'

/** One container that lasts until it is stopped. */
export const WEB = {name: 'web', image: 'busybox:test', memory: 16, command: LASTING, stopTimeout: 2}

/** Every task counts as healthy at once. */
export const AT_ONCE: readonly string[] = ['--healthy-after', '0']

export class ServiceStage {
  private constructor(readonly stage: Stage) {}

  static async open(instances: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ServiceStage> {
    return new ServiceStage(await Stage.open(instances, env))
  }

  /** Registers a revision of the family with this container, or these. */
  async register(family: string, ...containers: readonly object[]): Promise<void> {
    const file = join(this.stage.session.folder, `${family}.json`)
    await writeFile(file, JSON.stringify({family, containerDefinitions: containers}))
    await this.stage.session.text('task-definition', 'register', file)
  }

  /** Runs a service command that must succeed; what it printed on stdout. */
  service(...words: readonly string[]): Promise<string> {
    return this.stage.session.text('service', ...words)
  }

  async described(name: string): Promise<Service> {
    const {services: [service] = []} = await this.stage.session.json<DescribeServicesResponse>('service', 'describe', name)
    if (!service) throw new Error(`There is no service ${name}.`)
    return service
  }

  /** What happened to it, the newest first. */
  async events(name: string): Promise<readonly string[]> {
    return ((await this.described(name)).events ?? []).map(({message = ''}) => message)
  }

  /** Unstopped tasks. */
  async tasks(): Promise<readonly Task[]> {
    const {tasks = []} = await this.stage.session.json<ListTasksResponse & {readonly tasks?: readonly Task[]}>('task', 'list')
    return tasks
  }

  /** Their ids, in order. */
  async taskIds(): Promise<readonly string[]> {
    return (await this.tasks()).map(idOf).sort()
  }

  /** How many running containers of ours each of these hosts has, by Docker's own word. */
  async running(...hosts: readonly string[]): Promise<readonly number[]> {
    return Promise.all(hosts.map(async (host) => (await this.runningIds(host)).length))
  }

  async runningIds(host: string): Promise<readonly string[]> {
    const ids = await this.stage.containers(host)
    const facts = await Promise.all(ids.map((id) => this.stage.inspect(host, id)))
    return facts.flatMap(({Id, State}) => (State.Status === 'running' ? Id : []))
  }

  close(): Promise<void> {
    return this.stage.close()
  }
}
