// The values that an earlier task of the same definition was given on a host, read back from its containers: never shown, never recorded.
import type {NameValue} from '../model/container-definition.js'
import {recordAt, type State} from '../model/state.js'
import type {Task} from '../model/task.js'
import type {TaskDefinition} from '../model/task-definition.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'
import {onHost} from './housekeeping.js'

/** Those of the first task of which every container is there; `undefined` where there is none. What the definition itself says is no part of them. */
export async function materialsOnHost(
  world: World,
  state: State,
  {document}: TaskDefinition,
  task: Task,
  predecessors: readonly Task[],
): Promise<RunMaterials | undefined> {
  for (const one of predecessors.filter(({id}) => id !== task.id)) {
    const read: {[container: string]: readonly NameValue[]} = {}
    if (recordAt(state.instances, one.instanceId))
      await onHost(world, state, one, async (engine) => {
        for (const {environment = [], name} of document.containerDefinitions) {
          const containerName = one.containers.find((container) => container.name === name)?.containerName ?? ''
          const said = new Set(environment.map((variable) => variable.name))
          const values = await engine.environment(containerName, world.signal)
          if (values.length > 0) read[name] = values.filter((variable) => !said.has(variable.name))
        }
      })
    if (document.containerDefinitions.every(({name}) => read[name] !== undefined))
      return {fileEnvironment: {}, secretEnvironment: read, logOptions: {}, fileSystems: {}}
  }
  return undefined
}
