// How the state would have a task's containers, by the function that they are made by, and the state that would have them as they are.
import {cpuWeight} from '../model/container-limits.js'
import {type ContainerWish, unmetLimits} from '../model/inspection.js'
import type {ContainerLimits, ContainerSeen} from '../model/observation.js'
import type {ContainerOverride, TaskOverride} from '../model/task-definition.js'
import type {ContainerSpec} from '../world/container-spec.js'
import {containerSpec} from './container-spec.js'
import {documentOf, type TaskInContext} from './task-in-context.js'

const BYTES_PER_MIB = 1024 * 1024
const CPU_UNITS_PER_CORE = 1024

/** Of the container of this name in the definition; `undefined` where the definition has none. */
export function containerWish(context: TaskInContext, containerName: string): ContainerWish | undefined {
  const container = documentOf(context).containerDefinitions.find(({name}) => name === containerName)
  if (!container) return undefined
  const spec = containerSpec(context, container)
  return {limits: limitsWished(spec), owner: spec.owner}
}

/**
 * The run's override under which its containers would be wanted as they are, `containers` by their names in the definition; `undefined` where none says
 * so: a limit that is off, one that no definition can say, two containers that share a cap and have different ones.
 */
export function overrideAsFound(context: TaskInContext, containers: Readonly<Record<string, ContainerSeen>>): TaskOverride | undefined {
  const {override = {}} = context.task
  const found = Object.entries(containers).map(([name, {limits}]) => ({name, limits, unmet: unmet(context, name, limits)}))
  const cap = found.find(({unmet: names}) => names.includes('cpuCores'))?.limits.cpuCores
  const wanted: TaskOverride = {
    ...override,
    ...(cap === undefined ? {} : {cpu: String(Math.round(cap * CPU_UNITS_PER_CORE))}),
    containerOverrides: found.reduce(
      (all, one) => withOverride(all, one.name, fieldsOf(one.limits, one.unmet)),
      override.containerOverrides ?? [],
    ),
  }
  const after: TaskInContext = {...context, task: {...context.task, override: wanted}}
  return found.every(({limits, name}) => unmet(after, name, limits).length === 0) ? wanted : undefined
}

function unmet(context: TaskInContext, name: string, limits: ContainerLimits): readonly (keyof ContainerLimits)[] {
  const wish = containerWish(context, name)
  return wish ? unmetLimits(wish, limits) : []
}

function fieldsOf(limits: ContainerLimits, names: readonly (keyof ContainerLimits)[]): Omit<ContainerOverride, 'name'> {
  return {
    ...(names.includes('cpuShares') ? {cpu: limits.cpuShares} : {}),
    ...(names.includes('memoryBytes') ? {memory: limits.memoryBytes / BYTES_PER_MIB} : {}),
    ...(names.includes('memoryReservationBytes') ? {memoryReservation: limits.memoryReservationBytes / BYTES_PER_MIB} : {}),
  }
}

function withOverride(
  overrides: readonly ContainerOverride[],
  name: string,
  fields: Omit<ContainerOverride, 'name'>,
): readonly ContainerOverride[] {
  const whole = Object.values(fields).every((value) => Number.isSafeInteger(value) && Number(value) > 0)
  if (!whole || Object.keys(fields).length === 0) return overrides
  const before = overrides.find((one) => one.name === name)
  return [...overrides.filter((one) => one.name !== name), {...before, name, ...fields}]
}

function limitsWished({
  cpuCores = 0,
  cpuShares,
  memoryAndSwapMiB,
  memoryMiB = 0,
  memoryReservationMiB = 0,
}: ContainerSpec): ContainerWish['limits'] {
  return {
    cpuShares: cpuShares === undefined ? 0 : cpuWeight(cpuShares),
    cpuCores,
    memoryBytes: memoryMiB * BYTES_PER_MIB,
    memoryReservationBytes: memoryReservationMiB * BYTES_PER_MIB,
    ...(memoryAndSwapMiB === undefined ? {} : {memoryAndSwapBytes: memoryAndSwapMiB * BYTES_PER_MIB}),
  }
}
