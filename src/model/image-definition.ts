// The task definition that `task run --image` stands for: one essential container, named as its family.
import {InvalidInputError} from '../errors.js'
import {familyOfImage} from './image-family.js'
import {quoted} from './names.js'
import {
  type ContainerDefinition,
  mergeEnvironment,
  type NameValue,
  type PortMapping,
  type TaskDefinitionDocument,
} from './task-definition.js'
import type {Volumes} from './volume.js'

export interface ImageRun {
  readonly image: string
  /** Hard limit; without it the container has none and takes nothing of the instance's memory. */
  readonly memoryMiB?: number
  readonly cpuUnits?: number
  /** The image's own when absent or empty. */
  readonly command?: readonly string[]
  /** Of a name that comes twice the last value holds. */
  readonly environment?: readonly NameValue[]
  readonly ports?: readonly PortMapping[]
  readonly volumes?: Volumes
}

/** Docker runs nothing in less memory (from 20.10 on). */
const MIN_MEMORY_MIB = 6
const IMAGE = /^[A-Za-z0-9][A-Za-z0-9_./:@-]{0,254}$/

/** The document; only what was asked for stands in it, so that equal runs have equal documents. Throws `InvalidImage`, `InvalidSize`, `InvalidCpu`. */
export function definitionOfImage(run: ImageRun): TaskDefinitionDocument {
  const {cpuUnits, image, memoryMiB, volumes} = run
  if (!IMAGE.test(image)) throw invalid('InvalidImage', `${quoted(image)} is not an image: give its name as docker takes it.`, '')
  if (memoryMiB !== undefined && !(Number.isSafeInteger(memoryMiB) && memoryMiB >= MIN_MEMORY_MIB))
    throw invalid(
      'InvalidSize',
      `A container needs whole MiB of memory, at least ${MIN_MEMORY_MIB}; ${memoryMiB} was given.`,
      ' --memory 64',
    )
  if (cpuUnits !== undefined && !(Number.isSafeInteger(cpuUnits) && cpuUnits >= 0))
    throw invalid('InvalidCpu', `A container takes a whole number of CPU units; ${cpuUnits} was given. 1024 are one core.`, ' --cpu 256')
  const family = familyOfImage(image)
  return {family, containerDefinitions: [containerOf(run, family)], ...(volumes?.volumes.length ? {volumes: volumes.volumes} : {})}
}

function containerOf({command, cpuUnits, environment, image, memoryMiB, ports, volumes}: ImageRun, name: string): ContainerDefinition {
  return {
    name,
    image,
    essential: true,
    ...(cpuUnits === undefined ? {} : {cpu: cpuUnits}),
    ...(memoryMiB === undefined ? {} : {memory: memoryMiB}),
    ...(command?.length ? {command} : {}),
    ...(environment?.length ? {environment: mergeEnvironment([], environment)} : {}),
    ...(ports?.length ? {portMappings: ports} : {}),
    ...(volumes?.mountPoints.length ? {mountPoints: volumes.mountPoints} : {}),
  }
}

function invalid(code: string, message: string, flags: string): InvalidInputError {
  return new InvalidInputError(code, message, {suggestions: [`berth task run --image nginx:1${flags}`]})
}
