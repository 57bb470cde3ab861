// Containers for the tests of engines.
import type {TaskOwnership} from '../../src/model/ownership.js'
import type {ContainerSpec} from '../../src/world/container-spec.js'
import type {Engine, Output, OutputChunk} from '../../src/world/engine.js'
import {anId} from './build.js'
import {TEST_CLUSTER, TEST_PREFIX} from './engine.js'
import {BASE_IMAGE} from './hosts/images.js'

export function anOwner(said: Partial<TaskOwnership> = {}): TaskOwnership {
  const taskId = said.taskId ?? anId(1)
  return {
    cluster: TEST_CLUSTER,
    clusterId: anId(2),
    instanceId: anId(3),
    taskId,
    taskArn: `arn:aws:ecs:berth:000000000000:task/${TEST_CLUSTER}/${taskId}`,
    containerName: 'main',
    definitionId: 'web:7',
    definitionHash: 'ab'.repeat(32),
    group: 'family:web',
    ...said,
  }
}

/** A container of the base image, of a name that is its own. */
export function aSpec(said: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    name: `${TEST_PREFIX}${Math.random().toString(36).slice(2, 12)}`,
    image: BASE_IMAGE,
    owner: anOwner(),
    command: ['sh', '-c', 'exit 0'],
    environment: [],
    ports: [],
    binds: [],
    stopTimeoutSeconds: 2,
    ...said,
  }
}

/** All text of one stream. */
export function textOf(chunks: readonly OutputChunk[], stream: OutputChunk['stream']): string {
  return Buffer.concat(chunks.filter((chunk) => chunk.stream === stream).map((chunk) => chunk.bytes)).toString()
}

/** Everything that comes, as a list. */
export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** All that a program prints. */
export async function printed(output: Output): Promise<readonly OutputChunk[]> {
  return (await collect(output)).flat()
}

/** The error that `deed` ends with; an error of its own when it ends well. */
export async function failureOf(
  deed: Promise<unknown>,
): Promise<{readonly code?: string; readonly message?: string; readonly suggestions?: readonly string[]}> {
  try {
    await deed
  } catch (error) {
    return error as Error
  }
  throw new Error('It did not fail.')
}

/** The first item; the rest is not read. */
export async function firstOf<T>(items: AsyncIterable<T>): Promise<T> {
  for await (const item of items) return item
  throw new Error('Nothing came.')
}

/** The name of a container that was started on this engine. */
export async function aContainer(engine: Engine, said: Partial<ContainerSpec> = {}): Promise<string> {
  const spec = aSpec(said)
  await engine.create(spec, soon())
  await engine.start(spec.name, soon())
  return spec.name
}

/** The deadline of a call in a test: generous, and there. */
export function soon(): AbortSignal {
  return AbortSignal.timeout(30_000)
}
