// Containers looked at one by one, as a record is made of them again.
import type {FoundContainer} from '../model/observation.js'
import {namesEnvironment} from '../tasks/task-record.js'
import type {ContainerListed, Engine} from '../world/engine.js'
import {inspectAll} from './observe.js'

/** What is there still of those listed; the environment only of those whose task's record names variables of it. */
export async function foundContainers(
  engine: Engine,
  listed: readonly ContainerListed[],
  signal: AbortSignal,
): Promise<readonly FoundContainer[]> {
  const seen = await inspectAll(engine, listed, signal)
  return Promise.all(
    seen.map(async (one) =>
      one.owner && namesEnvironment(one.owner.record, one.owner.containerName)
        ? {...one, environment: await engine.environment(one.runtimeId, signal)}
        : one,
    ),
  )
}
