// Tasks of several containers, run from a definition to their end, and what Docker says of each container.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Container, RunTaskResponse, Task} from '@aws-sdk/client-ecs'
import type {ContainerDefinition} from '../../../src/model/container-definition.js'
import type {TaskDefinitionDocument} from '../../../src/model/task-definition.js'
import {BASE_IMAGE} from '../../support/hosts/images.js'
import {type ContainerFacts, idOf, Stage} from '../session/stage.js'

/** A container of the base image that runs this script, with little memory. */
export function aScript(name: string, script: string, said: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return {name, image: BASE_IMAGE, memory: 32, entryPoint: ['sh', '-c'], command: [script], ...said}
}

/** Runs until it is told to stop, and then ends with this code. */
export function lasting(code = 0): string {
  return `trap "exit ${code}" TERM; sleep 600 & wait`
}

export interface Life {
  readonly exitCode: number | undefined
  readonly task: Task
  readonly stderr: string
}

export type Seen = ContainerFacts & {
  readonly State: {readonly StartedAt: string; readonly FinishedAt: string; readonly Health?: {readonly Status: string}}
}

export class Lives {
  private constructor(readonly stage: Stage) {}

  static async open(host = 'local'): Promise<Lives> {
    return new Lives(await Stage.open([host]))
  }

  /** Registers the document; returns `family:revision`. */
  async register(document: TaskDefinitionDocument): Promise<string> {
    const file = join(this.stage.session.folder, `${document.family}.json`)
    await writeFile(file, JSON.stringify(document))
    const id = await this.stage.session.text('task-definition', 'register', file)
    return id.trim().split('\n').at(-1) ?? ''
  }

  /** Runs a task of these containers to its end, watched as a person would with `--json`. */
  async live(
    family: string,
    containers: readonly ContainerDefinition[],
    said: Partial<TaskDefinitionDocument> = {},
    flags: readonly string[] = [],
  ): Promise<Life> {
    const id = await this.register({family, containerDefinitions: containers, ...said})
    const {exitCode, stderr, stdout} = await this.stage.session.berth('task', 'run', id, '--json', ...flags)
    const {tasks: [task] = []} = JSON.parse(stdout) as RunTaskResponse
    if (!task) throw new Error(`No task ran: ${stdout}`)
    return {exitCode, task, stderr}
  }

  /** Starts a task of these containers and returns as soon as it runs. */
  async launch(family: string, containers: readonly ContainerDefinition[], said: Partial<TaskDefinitionDocument> = {}): Promise<Task> {
    const id = await this.register({family, containerDefinitions: containers, ...said})
    const {tasks: [task] = []} = await this.stage.session.json<RunTaskResponse>('task', 'run', id, '--detach')
    if (!task) throw new Error(`No task of ${id} was started.`)
    return task
  }

  /** What Docker says of each container of the task, by its name in the definition. */
  async seen(task: Task, host = 'local'): Promise<Readonly<Record<string, Seen>>> {
    const found = (await this.stage.found(host, idOf(task))) as readonly Seen[]
    return Object.fromEntries(found.map((one) => [one.Config.Labels['berth.container'] ?? '', one]))
  }

  close(): Promise<void> {
    return this.stage.close()
  }
}

/** The container of this name as the task tells it. */
export function containerOf(task: Task, name: string): Container {
  const container = task.containers?.find((one) => one.name === name)
  if (!container) throw new Error(`The task has no container ${name}.`)
  return container
}
