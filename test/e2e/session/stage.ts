// A cluster on real hosts, what tests of tasks say all the time, and what Docker itself says of the outcome.
import type {DescribeTasksResponse, RunTaskResponse, Task} from '@aws-sdk/client-ecs'
import {docker} from '../../support/hosts/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {allHosts, type TestHost, type TestHosts} from '../../support/hosts/test-hosts.js'
import type {Ran, Session, Started} from '../../support/session.js'
import {Scene} from '../bad-input/scene.js'

/** A small task of the image that every host has. */
export const SMALL: readonly string[] = ['--image', 'busybox:test', '--memory', '16']

/** Runs until it is stopped, and then ends at once, as a program that listens to its stop signal. */
export const LASTING: readonly string[] = ['sh', '-c', 'trap "exit 143" TERM; sleep 600 & wait']

/** What `docker inspect` says, as far as the tests ask. */
export interface ContainerFacts {
  readonly Id: string
  readonly Name: string
  readonly Image: string
  readonly State: {readonly Status: string; readonly ExitCode: number; readonly OOMKilled: boolean}
  readonly Config: {readonly Labels: Readonly<Record<string, string>>; readonly Env: readonly string[]; readonly Cmd: readonly string[]}
  readonly HostConfig: {readonly Memory: number; readonly CpuShares: number; readonly Binds: readonly string[] | null}
  readonly NetworkSettings: {readonly Ports: Readonly<Record<string, readonly {readonly HostPort: string}[] | null>>}
}

export class Stage {
  private constructor(readonly scene: Scene) {}

  /** Empty hosts, and cluster `prod` with these of them: `local`, or the name of an SSH host. */
  static async open(instances: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Stage> {
    const scene = await Scene.open([], env)
    await resetHosts(scene.hosts)
    for (const name of instances) await scene.session.json('instance', 'join', name === 'local' ? name : `ssh://${name}`, '--name', name)
    return new Stage(scene)
  }

  get session(): Session {
    return this.scene.session
  }

  get hosts(): TestHosts {
    return this.scene.hosts
  }

  /** The host of this name. */
  host(name: string): TestHost {
    const found = allHosts(this.hosts).find((host) => host.name === name)
    if (!found) throw new Error(`There is no test host "${name}".`)
    return found
  }

  /** Runs a small task attached, to its end. */
  run(flags: readonly string[], ...command: readonly string[]): Promise<Ran> {
    return this.session.berth('task', 'run', ...SMALL, ...flags, '--', ...command)
  }

  /** The id of a small task that runs; without a command it lasts until it is stopped. */
  async launch(flags: readonly string[] = [], ...command: readonly string[]): Promise<string> {
    const [id] = await this.launchAll(flags, ...command)
    if (id === undefined) throw new Error('No task was started.')
    return id
  }

  /** As `launch`, the ids of all of them. */
  async launchAll(flags: readonly string[], ...command: readonly string[]): Promise<readonly string[]> {
    const said = command.length === 0 ? LASTING : command
    const {tasks = []} = await this.session.json<RunTaskResponse>('task', 'run', ...SMALL, ...flags, '--detach', '--', ...said)
    return tasks.map(idOf)
  }

  /** The task as `task describe` tells it. */
  async task(id: string): Promise<Task> {
    const {tasks: [task] = []} = await this.session.json<DescribeTasksResponse>('task', 'describe', id)
    if (!task) throw new Error(`There is no task ${id}.`)
    return task
  }

  /** The only container of the task on this host, by its label; fails where there is none. */
  async container(host: string, taskId: string): Promise<ContainerFacts> {
    const [facts] = await this.found(host, taskId)
    if (!facts) throw new Error(`Host ${host} has no container of task ${taskId}.`)
    return facts
  }

  /** What Docker says of the task's containers on this host; empty where it has none. */
  async found(host: string, taskId: string): Promise<readonly ContainerFacts[]> {
    return Promise.all((await this.containers(host, taskId)).map((id) => this.inspect(host, id)))
  }

  /** The ids of the task's containers on this host, stopped ones too; of all tasks without an id. */
  async containers(host: string, taskId?: string): Promise<readonly string[]> {
    const label = taskId === undefined ? 'label=berth.task' : `label=berth.task=${taskId}`
    const ids = await docker(this.host(host), 'ps', '-aq', '--no-trunc', '--filter', label)
    return ids.split('\n').filter((id) => id !== '')
  }

  /** What Docker says of a container of this host. */
  async inspect(host: string, container: string): Promise<ContainerFacts> {
    const [facts] = JSON.parse(await docker(this.host(host), 'inspect', container)) as ContainerFacts[]
    if (!facts) throw new Error(`Host ${host} has no container ${container}.`)
    return facts
  }

  close(): Promise<void> {
    return this.session.close()
  }
}

/** The id in the task's ARN. */
export function idOf({taskArn = ''}: Task): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1)
}

/** The name of the instance that the task is on. */
export async function instanceOf(session: Session, task: Task): Promise<string> {
  const {containerInstanceArn = ''} = task
  return session.text('instance', 'describe', containerInstanceArn, '--query', 'containerInstances[0].ec2InstanceId').then(JSON.parse)
}

/** A berth that still runs, and all it has printed so far. */
export interface Running {
  readonly said: () => string
  /** Comes back when it has printed this. */
  readonly says: (text: string) => Promise<void>
  readonly signal: (name: NodeJS.Signals) => void
  readonly type: (text: string) => void
  readonly ended: Promise<Ran>
}

/** Starts berth and listens to it. */
export function listenTo(started: Started): Running {
  let heard = ''
  for (const stream of [started.stdout, started.stderr]) stream?.on('data', (bytes: Buffer) => (heard += bytes.toString()))
  return {
    said: () => heard,
    says: (text) =>
      waitUntil(
        `"${text}"`,
        () => heard.includes(text),
        20_000,
        () => heard,
      ),
    signal: (name) => void started.kill(name),
    type: (text) => void started.stdin?.write(text),
    ended: started.then(({exitCode, stderr, stdout}) => ({exitCode, stderr: String(stderr), stdout: String(stdout)})),
  }
}
