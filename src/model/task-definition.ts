// Task definitions: a family's numbered, unchangeable descriptions of a task.
// The document keeps ECS's own field names, so that it can come from AWS and go back unchanged; what we compute from it carries units.
import type {Need, Protocol} from './resources.js'
import type {Timestamp} from './time.js'

export interface NameValue {
  readonly name: string
  readonly value: string
}

export interface PortMapping {
  readonly containerPort: number
  /** Absent or 0: the engine chooses. */
  readonly hostPort?: number
  readonly protocol?: Protocol
}

export interface MountPoint {
  readonly sourceVolume: string
  readonly containerPath: string
  readonly readOnly?: boolean
}

/** A container of a task, in the shape of ECS's ContainerDefinition. */
export interface ContainerDefinition {
  readonly name: string
  readonly image: string
  /** CPU units, used as Docker's relative shares. */
  readonly cpu?: number
  /** Hard limit in MiB. */
  readonly memory?: number
  /** Soft limit in MiB: what placement subtracts when it is set. */
  readonly memoryReservation?: number
  readonly essential?: boolean
  readonly entryPoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: readonly NameValue[]
  readonly portMappings?: readonly PortMapping[]
  readonly mountPoints?: readonly MountPoint[]
  /** Seconds between the stop signal and SIGKILL. */
  readonly stopTimeout?: number
}

export interface Volume {
  readonly name: string
  readonly host?: {readonly sourcePath?: string}
}

/** What is registered, in the shape of ECS's RegisterTaskDefinition. */
export interface TaskDefinitionDocument {
  readonly family: string
  readonly containerDefinitions: readonly ContainerDefinition[]
  /** CPU units as a decimal number, such as `1024`. */
  readonly cpu?: string
  /** MiB as a decimal number. */
  readonly memory?: string
  readonly volumes?: readonly Volume[]
}

/** `family:revision`. */
export type DefinitionId = string

export interface TaskDefinition {
  readonly id: DefinitionId
  readonly family: string
  readonly revision: number
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly document: TaskDefinitionDocument
  /** SHA-256 of the document, hex: equal documents have equal hashes. */
  readonly hash: string
  readonly registeredAt: Timestamp
}

/** What one run changes in its definition, in the shape of ECS's TaskOverride. */
export interface TaskOverride {
  readonly containerOverrides?: readonly ContainerOverride[]
  readonly cpu?: string
  readonly memory?: string
}

export interface ContainerOverride {
  readonly name: string
  readonly command?: readonly string[]
  readonly environment?: readonly NameValue[]
  readonly cpu?: number
  readonly memory?: number
  readonly memoryReservation?: number
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
  const ports = containers.flatMap((container) => container.portMappings ?? []).filter((port) => (port.hostPort ?? 0) > 0)
  return {
    cpuUnits: document.cpu === undefined ? sum(containers.map((container) => container.cpu ?? 0)) : Number(document.cpu),
    memoryMiB:
      document.memory === undefined
        ? sum(containers.map((container) => container.memoryReservation || container.memory || 0))
        : Number(document.memory),
    tcpPorts: ports.filter((port) => port.protocol !== 'udp').map((port) => port.hostPort ?? 0),
    udpPorts: ports.filter((port) => port.protocol === 'udp').map((port) => port.hostPort ?? 0),
    gpuCount: 0,
  }
}

/** The container that attaches, overrides and exec mean when none is named: the only one, or the first essential one. */
export function mainContainer(document: TaskDefinitionDocument): ContainerDefinition {
  const containers = document.containerDefinitions
  const main = containers.find((container) => container.essential !== false) ?? containers[0]
  if (!main) throw new Error(`Task definition ${document.family} has no container.`)
  return main
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
