// Task definitions: a family's numbered, unchangeable descriptions of a task.
// The document keeps ECS's own field names, so that it can come from AWS and go back unchanged; what we compute from it carries units.
import {
  type ContainerDefinition,
  type EnvironmentFile,
  isEssential,
  type NameValue,
  type ResourceRequirement,
  type NetworkMode,
} from './container-definition.js'
import {fixedHostPorts} from './port-mappings.js'
import type {Need} from './resources.js'
import type {Timestamp} from './time.js'

export interface Tag {
  readonly key: string
  readonly value: string
}

/** A volume of a task: exactly one of its sources, or none, which is a volume of the task's own. */
export interface Volume {
  readonly name: string
  readonly host?: {readonly sourcePath?: string}
  readonly dockerVolumeConfiguration?: DockerVolumeConfiguration
  readonly efsVolumeConfiguration?: EfsVolumeConfiguration
}

export interface DockerVolumeConfiguration {
  readonly scope?: 'task' | 'shared'
  readonly autoprovision?: boolean
  readonly driver?: string
  readonly driverOpts?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
}

export interface EfsVolumeConfiguration {
  readonly fileSystemId: string
  readonly rootDirectory?: string
  readonly transitEncryption?: 'ENABLED' | 'DISABLED'
  readonly transitEncryptionPort?: number
  readonly authorizationConfig?: {readonly accessPointId?: string; readonly iam?: 'ENABLED' | 'DISABLED'}
}

export type OperatingSystemFamily = 'LINUX' | `WINDOWS_SERVER_${WindowsRelease}`

type WindowsRelease =
  | '2004_CORE'
  | '2016_FULL'
  | '2019_CORE'
  | '2019_FULL'
  | '2022_CORE'
  | '2022_FULL'
  | '2025_CORE'
  | '2025_FULL'
  | '20H2_CORE'

/** What is registered, in the shape of ECS's RegisterTaskDefinition. */
export interface TaskDefinitionDocument {
  readonly family: string
  readonly containerDefinitions: readonly ContainerDefinition[]
  /** CPU units as a decimal number, such as `1024`. */
  readonly cpu?: string
  /** MiB as a decimal number. */
  readonly memory?: string
  /** Absent: bridge. */
  readonly networkMode?: NetworkMode
  readonly requiresCompatibilities?: readonly ('EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES')[]
  readonly taskRoleArn?: string
  readonly executionRoleArn?: string
  readonly volumes?: readonly Volume[]
  readonly placementConstraints?: readonly {readonly type: 'memberOf'; readonly expression?: string}[]
  readonly pidMode?: 'host' | 'task'
  readonly ipcMode?: 'host' | 'task' | 'none'
  readonly runtimePlatform?: {readonly cpuArchitecture?: 'X86_64' | 'ARM64'; readonly operatingSystemFamily?: OperatingSystemFamily}
  readonly ephemeralStorage?: {readonly sizeInGiB: number}
  readonly enableFaultInjection?: boolean
}

/** `family:revision`. */
export type DefinitionId = string

export interface TaskDefinition {
  readonly id: DefinitionId
  readonly family: string
  readonly revision: number
  /** DELETE_IN_PROGRESS as long as a task refers to it. */
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS'
  readonly document: TaskDefinitionDocument
  /** SHA-256 of the document, hex: equal documents have equal hashes. */
  readonly hash: string
  readonly registeredAt: Timestamp
  readonly deregisteredAt?: Timestamp
  readonly tags?: readonly Tag[]
  /** Absolute path of the folder that its file lay in: what its relative paths mean. Absent: it came from standard input or from flags. */
  readonly folder?: string
}

/** What one run changes in its definition, in the shape of ECS's TaskOverride. */
export interface TaskOverride {
  readonly containerOverrides?: readonly ContainerOverride[]
  readonly cpu?: string
  readonly memory?: string
  readonly taskRoleArn?: string
  readonly executionRoleArn?: string
  readonly ephemeralStorage?: {readonly sizeInGiB: number}
}

export interface ContainerOverride {
  readonly name: string
  readonly command?: readonly string[]
  readonly environment?: readonly NameValue[]
  readonly environmentFiles?: readonly EnvironmentFile[]
  readonly cpu?: number
  readonly memory?: number
  readonly memoryReservation?: number
  readonly resourceRequirements?: readonly ResourceRequirement[]
}

/** How long a container may take to stop when nothing else is said: ECS's agent's default. */
export const DEFAULT_STOP_TIMEOUT_SECONDS = 30

/** A family and, where one is named, its revision. */
export interface DefinitionReference {
  readonly family: string
  readonly revision?: number
}

/** `document` as `override` changes it: environment merged by name, all else replaced. */
export function overridden(document: TaskDefinitionDocument, override: TaskOverride = {}): TaskDefinitionDocument {
  const byName = new Map((override.containerOverrides ?? []).map((one) => [one.name, one]))
  return {
    ...document,
    ...(override.cpu === undefined ? {} : {cpu: override.cpu}),
    ...(override.memory === undefined ? {} : {memory: override.memory}),
    ...(override.taskRoleArn === undefined ? {} : {taskRoleArn: override.taskRoleArn}),
    ...(override.executionRoleArn === undefined ? {} : {executionRoleArn: override.executionRoleArn}),
    ...(override.ephemeralStorage === undefined ? {} : {ephemeralStorage: override.ephemeralStorage}),
    containerDefinitions: document.containerDefinitions.map((container) => overriddenContainer(container, byName.get(container.name))),
  }
}

function overriddenContainer(container: ContainerDefinition, override: ContainerOverride | undefined): ContainerDefinition {
  if (!override) return container
  const {environment, name: _, ...replaced} = override
  return {...container, ...replaced, ...(environment ? {environment: mergeEnvironment(container.environment ?? [], environment)} : {})}
}

/** Both as one, `over` winning by name; the names keep the place where they first stand. */
export function mergeEnvironment(under: readonly NameValue[], over: readonly NameValue[]): readonly NameValue[] {
  return [...new Map([...under, ...over].map(({name, value}) => [name, {name, value}])).values()]
}

/**
 * What a task of this document takes from an instance, by the ECS agent's arithmetic: task-level CPU and memory when set,
 * else the sums over containers, of memory the reservation before the limit; each fixed host port by its protocol.
 */
export function needOf(document: TaskDefinitionDocument): Need {
  const containers = document.containerDefinitions
  return {
    cpuUnits: document.cpu === undefined ? sum(containers.map((container) => container.cpu ?? 0)) : Number(document.cpu),
    memoryMiB:
      document.memory === undefined
        ? sum(containers.map((container) => container.memoryReservation || container.memory || 0))
        : Number(document.memory),
    ...fixedHostPorts(document),
    gpuCount: sum(containers.map(gpuCountOf)),
  }
}

/** Does a run of it need what only its client knows: secrets, environment files, what stands for a file system of AWS? */
export function needsOfClient({containerDefinitions, volumes = []}: TaskDefinitionDocument): boolean {
  return (
    containerDefinitions.some(
      ({environmentFiles = [], logConfiguration, secrets = []}) =>
        environmentFiles.length + secrets.length + (logConfiguration?.secretOptions?.length ?? 0) > 0,
    ) || volumes.some((volume) => volume.efsVolumeConfiguration !== undefined)
  )
}

/** A document of one container that needs just that: to be placed in the mind, never to be run. */
export function documentOfNeed(family: string, {cpuUnits, gpuCount, memoryMiB, tcpPorts, udpPorts}: Need): TaskDefinitionDocument {
  const fixed = (ports: readonly number[], protocol: 'tcp' | 'udp') =>
    ports.map((port) => ({containerPort: port, hostPort: port, protocol}))
  const portMappings = [...fixed(tcpPorts, 'tcp'), ...fixed(udpPorts, 'udp')]
  const resourceRequirements = gpuCount === 0 ? [] : [{type: 'GPU' as const, value: String(gpuCount)}]
  return {
    family,
    containerDefinitions: [{name: 'main', image: 'imagined', cpu: cpuUnits, memory: memoryMiB, portMappings, resourceRequirements}],
  }
}

/** How many GPUs the container asks for; one that asks for `ALL` needs one at least. */
export function gpuCountOf({resourceRequirements}: ContainerDefinition): number {
  return sum((resourceRequirements ?? []).map(({type, value}) => (type !== 'GPU' ? 0 : value === 'ALL' ? 1 : Number(value))))
}

/** The container that attaches, overrides and exec mean when none is named: the only one, or the first essential one. */
export function mainContainer(document: TaskDefinitionDocument): ContainerDefinition {
  const containers = document.containerDefinitions
  const main = containers.find(isEssential) ?? containers[0]
  if (!main) throw new Error(`Task definition ${document.family} has no container.`)
  return main
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
