// A container to be made, in our own words: what a definition asks for, already in the meanings that an engine has.
import type {NameValue} from '../model/container-definition.js'
import type {ControllerOwnership, TaskOwnership} from '../model/ownership.js'
import type {Protocol} from '../model/resources.js'
import type {ImageFile} from './assembled-image.js'

/** The container of a controller to be made, on its host's own network. It may write into its volume and into memory, nowhere else. */
export interface ControllerSpec {
  readonly name: string
  readonly owner: ControllerOwnership
  readonly image: string
  readonly hostname: string
  /** After the image's entry point. */
  readonly command: readonly string[]
  readonly environment: readonly NameValue[]
  /** Where its volume is mounted; the volume bears the container's name. */
  readonly folder: string
  /** In that folder, put there before it starts; for root's eyes alone where they say so. */
  readonly files: readonly ImageFile[]
  /** Sockets of the host's own engine, at the same path. */
  readonly sockets: readonly string[]
  readonly stopTimeoutSeconds: number
}

/** A container to be made. What is absent is the engine's own choice. */
export interface ContainerSpec {
  readonly name: string
  readonly image: string
  readonly owner: TaskOwnership
  readonly entryPoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment: readonly NameValue[]
  /** Docker's relative CPU weight, 2 or more. */
  readonly cpuShares?: number
  /** A cap: 1.5 is a core and a half. */
  readonly cpuCores?: number
  /** Hard limit. */
  readonly memoryMiB?: number
  /** Soft limit. */
  readonly memoryReservationMiB?: number
  /** Memory and swap together. */
  readonly memoryAndSwapMiB?: number
  readonly swappiness?: number
  readonly ports: readonly PortSpec[]
  /** `source:target[:ro]`, as Docker's binds. */
  readonly binds: readonly string[]
  /** Names of other containers on the host, `:ro` behind them. */
  readonly volumesFrom?: readonly string[]
  /** `container:alias`, by names on the host. */
  readonly links?: readonly string[]
  /** Default: the engine's bridge. */
  readonly network?: 'bridge' | 'host' | 'none' | NamespaceOf
  readonly pid?: 'host' | NamespaceOf
  readonly ipc?: 'host' | 'none' | 'shareable' | NamespaceOf
  readonly hostname?: string
  /** `user`, `user:group`, `uid`, `uid:gid`. */
  readonly user?: string
  readonly workingDirectory?: string
  readonly networkDisabled?: boolean
  readonly privileged?: boolean
  readonly readonlyRootFilesystem?: boolean
  readonly interactive?: boolean
  readonly terminal?: boolean
  readonly dnsServers?: readonly string[]
  readonly dnsSearchDomains?: readonly string[]
  /** `host:address`. */
  readonly extraHosts?: readonly string[]
  readonly securityOptions?: readonly string[]
  readonly capabilities?: {readonly add?: readonly string[]; readonly drop?: readonly string[]}
  readonly devices?: readonly {readonly hostPath: string; readonly containerPath: string; readonly permissions: string}[]
  readonly init?: boolean
  readonly sharedMemoryMiB?: number
  /** Mount options by path, as `size=16m,noexec`. */
  readonly tmpfs?: Readonly<Record<string, string>>
  readonly ulimits?: readonly {readonly name: string; readonly soft: number; readonly hard: number}[]
  readonly sysctls?: Readonly<Record<string, string>>
  /** Besides those that say whose it is, which win. */
  readonly labels?: Readonly<Record<string, string>>
  readonly log?: {readonly driver: string; readonly options: Readonly<Record<string, string>>}
  /** `none` switches off the image's own. */
  readonly healthCheck?: HealthCheckSpec | 'none'
  readonly gpuIds?: readonly string[] | 'all'
  readonly stopTimeoutSeconds: number
}

/** The namespace of another container, by its name on the host. */
export interface NamespaceOf {
  readonly container: string
}

export interface HealthCheckSpec {
  /** Begins with `CMD` or `CMD-SHELL`. */
  readonly test: readonly string[]
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly retries: number
  readonly startPeriodSeconds: number
}

export interface PortSpec {
  readonly containerPort: number
  /** Absent: the engine chooses. */
  readonly hostPort?: number
  readonly protocol: Protocol
}
