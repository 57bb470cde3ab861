// What one run changes in its definition: ECS's overrides whole, or the few flags that aim at one container.
import {InvalidInputError} from '../errors.js'
import {checkCpu, checkMemory} from '../model/container-limits.js'
import {quoted} from '../model/names.js'
import type {NameValue} from '../model/container-definition.js'
import {type ContainerOverride, mainContainer, type TaskDefinitionDocument, type TaskOverride} from '../model/task-definition.js'

export interface OverrideWanted {
  /** ECS's own; none of the following goes with it. */
  readonly overrides: TaskOverride | undefined
  /** The container that the following aim at, by name; absent: the main one. */
  readonly container: string | undefined
  /** Empty: the definition's. */
  readonly command: readonly string[]
  readonly environment: readonly NameValue[]
  readonly cpuUnits: number | undefined
  readonly memoryMiB: number | undefined
  /** With an image CPU and memory stand in the definition that it makes, and override nothing. */
  readonly image: string | undefined
}

/**
 * The override, where anything is changed. Throws `InvalidUsage` where both ways are taken, `InvalidParameterException` as ECS for a container that the
 * definition does not have, `InvalidCpu` and `InvalidSize`.
 */
export function overrideOf(document: TaskDefinitionDocument, wanted: OverrideWanted): TaskOverride | undefined {
  const {container, overrides} = wanted
  const changes = changesOf(wanted)
  const isAimed = container !== undefined || Object.keys(changes).length > 0
  if (overrides && isAimed)
    throw new InvalidInputError(
      'InvalidUsage',
      '--overrides says all that changes; a command, --container, --env, --cpu and --memory do not go with it.',
      {
        suggestions: ['berth task run FAMILY --overrides file://overrides.json'],
      },
    )
  for (const {name} of overrides?.containerOverrides ?? []) checkContainer(document, name)
  if (overrides) return overrides
  if (container !== undefined) checkContainer(document, container)
  return Object.keys(changes).length === 0
    ? undefined
    : {containerOverrides: [{name: container ?? mainContainer(document).name, ...changes}]}
}

function changesOf({command, cpuUnits, environment, image, memoryMiB}: OverrideWanted): Omit<ContainerOverride, 'name'> {
  return {
    ...(command.length === 0 ? {} : {command}),
    ...(environment.length === 0 ? {} : {environment}),
    ...(image !== undefined || cpuUnits === undefined ? {} : {cpu: checkCpu(cpuUnits)}),
    ...(image !== undefined || memoryMiB === undefined ? {} : {memory: checkMemory(memoryMiB)}),
  }
}

function checkContainer({containerDefinitions, family}: TaskDefinitionDocument, name: string): void {
  if (containerDefinitions.some((container) => container.name === name)) return
  throw new InvalidInputError(
    'InvalidParameterException',
    `Task definition "${family}" has no container ${quoted(name)}; it has ${containerDefinitions.map((one) => one.name).join(', ')}.`,
    {suggestions: containerDefinitions.slice(0, 2).map((one) => `berth task run ${family} --container ${one.name}`)},
  )
}
