// A task of a few containers on an engine, and what driving it needs: kept small, and as the manager gives it.
import type {ContainerDefinition} from '../../../src/model/container-definition.js'
import {runDocument} from '../../../src/model/run-document.js'
import type {Task} from '../../../src/model/task.js'
import type {TaskDefinitionDocument} from '../../../src/model/task-definition.js'
import {SystemClock} from '../../../src/system/clock.js'
import {type DriveOptions, driveTask} from '../../../src/tasks/drive.js'
import type {TaskInContext} from '../../../src/tasks/task-in-context.js'
import {EngineWatch} from '../../../src/tasks/watch.js'
import type {Engine} from '../../../src/world/engine.js'
import {aCluster, aDefinition, anId, aTask} from '../../support/build.js'
import {BASE_IMAGE} from '../../support/hosts/images.js'

const CLOCK = new SystemClock()

/** A script of the base image. */
export function runs(name: string, script: string, said: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return {name, image: BASE_IMAGE, memory: 16, command: ['sh', '-c', script], ...said}
}

/** A new task of these containers, whose names on the host end in `mark`. */
export function aTaskOf(
  containers: readonly ContainerDefinition[],
  mark: string,
  said: Partial<TaskDefinitionDocument> = {},
): TaskInContext {
  const document: TaskDefinitionDocument = {family: 'driven', containerDefinitions: containers, ...said}
  const run = runDocument(document)
  const task = aTask({
    id: anId(Number.parseInt(mark, 36) % 0xffffffff),
    lastStatus: 'PENDING',
    containers: run.containerDefinitions.map(({image, name}) => ({
      name,
      image,
      containerName: `berth-driven-${name}-${mark}`,
      lastStatus: 'PENDING' as const,
      ...(name.includes('.') ? {internal: true as const} : {}),
    })),
  })
  return {task, cluster: aCluster(), definition: {...aDefinition({family: 'driven'}), document}}
}

/** Drives the task; what is told says more. */
export async function driven(engine: Engine, context: TaskInContext, told: Partial<DriveOptions> = {}): Promise<Task> {
  const ending = new AbortController()
  const options: DriveOptions = {
    clock: CLOCK,
    credentials: {of: async () => undefined},
    goal: 'stopped',
    note: () => {},
    onPull: () => {},
    signal: AbortSignal.timeout(60_000),
    sync: async (task) => task,
    watch: new EngineWatch(engine, CLOCK, ending.signal),
    ...told,
  }
  try {
    return await driveTask(engine, context, options)
  } finally {
    ending.abort()
  }
}
