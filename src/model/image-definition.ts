// The task definition that `task run --image` stands for: one essential container, named as its family.
import {InvalidInputError} from '../errors.js'
import {checkCpu, checkMemory} from './container-limits.js'
import {familyOfImage} from './image-family.js'
import {quoted} from './names.js'
import type {ContainerDefinition, NameValue, PortMapping} from './container-definition.js'
import {mergeEnvironment, type TaskDefinitionDocument} from './task-definition.js'
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

/** How long a reference may be: as long as ECS lets it. */
const MAX_IMAGE_LENGTH = 255

// The grammar of distribution/reference (its regexp.go, read 2026-11-23): what stands before the first slash may be a registry, in any case.
const HOST_LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
const REGISTRY = `(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]+)?`
const PART = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*'
const DIGEST = '(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})'
const IMAGE = new RegExp(`^(?:${REGISTRY}/)?${PART}(?:/${PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@${DIGEST})?$`)

/** May it name an image: `[registry/]name[:tag][@digest]`, the name in lower case? Whether there is such an image is for the engine to see. */
export function isImage(text: string): boolean {
  return text.length <= MAX_IMAGE_LENGTH && IMAGE.test(text)
}

/** The document; only what was asked for stands in it, so that equal runs have equal documents. Throws `InvalidImage`, `InvalidSize`, `InvalidCpu`. */
export function definitionOfImage(run: ImageRun): TaskDefinitionDocument {
  const {image, volumes} = run
  if (!isImage(image))
    throw new InvalidInputError(
      'InvalidImage',
      `${quoted(image)} is not an image: give [registry/]name[:tag] or [registry/]name@sha256:digest, the name in lower case.`,
      {suggestions: ['berth task run --image nginx:1 --memory 64']},
    )
  const family = familyOfImage(image)
  return {family, containerDefinitions: [containerOf(run, family)], ...(volumes?.volumes.length ? {volumes: volumes.volumes} : {})}
}

function containerOf({command, cpuUnits, environment, image, memoryMiB, ports, volumes}: ImageRun, name: string): ContainerDefinition {
  return {
    name,
    image,
    essential: true,
    ...(cpuUnits === undefined ? {} : {cpu: checkCpu(cpuUnits)}),
    ...(memoryMiB === undefined ? {} : {memory: checkMemory(memoryMiB)}),
    ...(command?.length ? {command} : {}),
    ...(environment?.length ? {environment: mergeEnvironment([], environment)} : {}),
    ...(ports?.length ? {portMappings: ports} : {}),
    ...(volumes?.mountPoints.length ? {mountPoints: volumes.mountPoints} : {}),
  }
}
