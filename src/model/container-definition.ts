// A container of a task definition, in ECS's own field names (API reference of ContainerDefinition, read 2026-11-26).
import type {Protocol} from './resources.js'

export interface NameValue {
  readonly name: string
  readonly value: string
}

/** Of a whole task: how its containers are connected. */
export type NetworkMode = 'bridge' | 'host' | 'awsvpc' | 'none'

export interface PortMapping {
  /** Absent where a range stands instead. */
  readonly containerPort?: number
  /** `8000-8010`; each port of it is published at a host port of its own. */
  readonly containerPortRange?: string
  /** Absent or 0: the engine chooses. */
  readonly hostPort?: number
  readonly protocol?: Protocol
  readonly name?: string
  readonly appProtocol?: 'http' | 'http2' | 'grpc'
}

export interface MountPoint {
  readonly sourceVolume: string
  readonly containerPath: string
  readonly readOnly?: boolean
}

export interface VolumeFrom {
  readonly sourceContainer: string
  readonly readOnly?: boolean
}

/** A secret's name as a variable, and where its value comes from: never the value. */
export interface Secret {
  readonly name: string
  /** `env:NAME`, `file:PATH`, `exec:["program","word"]`, or AWS's ARN or parameter name, which has no value here. */
  readonly valueFrom: string
}

export interface EnvironmentFile {
  /** A path, which is looked for in the definition's folder, or the ARN of an S3 object, whose last part is. */
  readonly value: string
  readonly type: 's3'
}

export const DEPENDENCY_CONDITIONS = ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY'] as const
export type DependencyCondition = (typeof DEPENDENCY_CONDITIONS)[number]

export interface ContainerDependency {
  readonly containerName: string
  readonly condition: DependencyCondition
}

/** Times are seconds. */
export interface HealthCheck {
  /** Begins with `CMD`, `CMD-SHELL` or `NONE`. */
  readonly command: readonly string[]
  readonly interval?: number
  readonly timeout?: number
  readonly retries?: number
  readonly startPeriod?: number
}

export interface RestartPolicy {
  readonly enabled: boolean
  readonly ignoredExitCodes?: readonly number[]
  /** Seconds. */
  readonly restartAttemptPeriod?: number
}

export type LogDriver = 'awsfirelens' | 'awslogs' | 'fluentd' | 'gelf' | 'journald' | 'json-file' | 'splunk' | 'syslog'

export interface LogConfiguration {
  readonly logDriver: LogDriver
  readonly options?: Readonly<Record<string, string>>
  readonly secretOptions?: readonly Secret[]
}

export type UlimitName =
  | 'core'
  | 'cpu'
  | 'data'
  | 'fsize'
  | 'locks'
  | 'memlock'
  | 'msgqueue'
  | 'nice'
  | 'nofile'
  | 'nproc'
  | 'rss'
  | 'rtprio'
  | 'rttime'
  | 'sigpending'
  | 'stack'

export interface Ulimit {
  readonly name: UlimitName
  readonly softLimit: number
  readonly hardLimit: number
}

export interface Device {
  readonly hostPath: string
  readonly containerPath?: string
  readonly permissions?: readonly ('read' | 'write' | 'mknod')[]
}

export interface Tmpfs {
  readonly containerPath: string
  /** MiB. */
  readonly size: number
  readonly mountOptions?: readonly string[]
}

/** Sizes are MiB. */
export interface LinuxParameters {
  readonly capabilities?: {readonly add?: readonly string[]; readonly drop?: readonly string[]}
  readonly devices?: readonly Device[]
  readonly initProcessEnabled?: boolean
  readonly sharedMemorySize?: number
  readonly tmpfs?: readonly Tmpfs[]
  readonly maxSwap?: number
  readonly swappiness?: number
}

export interface ResourceRequirement {
  readonly type: 'GPU' | 'InferenceAccelerator' | 'NeuronDevice'
  /** A number of GPUs, or `ALL`. */
  readonly value: string
}

/** A container of a task, in the shape of ECS's ContainerDefinition. Times are seconds, sizes MiB. */
export interface ContainerDefinition {
  readonly name: string
  readonly image: string
  readonly repositoryCredentials?: {readonly credentialsParameter: string}
  /** CPU units, used as Docker's relative shares. */
  readonly cpu?: number
  /** Hard limit. */
  readonly memory?: number
  /** Soft limit: what placement subtracts when it is set. */
  readonly memoryReservation?: number
  readonly links?: readonly string[]
  readonly portMappings?: readonly PortMapping[]
  readonly essential?: boolean
  readonly restartPolicy?: RestartPolicy
  readonly entryPoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: readonly NameValue[]
  readonly environmentFiles?: readonly EnvironmentFile[]
  readonly secrets?: readonly Secret[]
  readonly mountPoints?: readonly MountPoint[]
  readonly volumesFrom?: readonly VolumeFrom[]
  readonly linuxParameters?: LinuxParameters
  readonly dependsOn?: readonly ContainerDependency[]
  /** How long others wait for this container to complete, succeed or be healthy. */
  readonly startTimeout?: number
  /** Between the stop signal and SIGKILL. */
  readonly stopTimeout?: number
  readonly versionConsistency?: 'enabled' | 'disabled'
  readonly hostname?: string
  readonly user?: string
  readonly workingDirectory?: string
  readonly disableNetworking?: boolean
  readonly privileged?: boolean
  readonly readonlyRootFilesystem?: boolean
  readonly dnsServers?: readonly string[]
  readonly dnsSearchDomains?: readonly string[]
  readonly extraHosts?: readonly {readonly hostname: string; readonly ipAddress: string}[]
  readonly dockerSecurityOptions?: readonly string[]
  readonly interactive?: boolean
  readonly pseudoTerminal?: boolean
  readonly dockerLabels?: Readonly<Record<string, string>>
  readonly ulimits?: readonly Ulimit[]
  readonly logConfiguration?: LogConfiguration
  readonly healthCheck?: HealthCheck
  readonly systemControls?: readonly {readonly namespace?: string; readonly value?: string}[]
  readonly resourceRequirements?: readonly ResourceRequirement[]
  readonly firelensConfiguration?: {readonly type: 'fluentd' | 'fluentbit'; readonly options?: Readonly<Record<string, string>>}
}

/** Does the task end when this container does? As ECS: unless it says otherwise. */
export function isEssential(container: Pick<ContainerDefinition, 'essential'>): boolean {
  return container.essential !== false
}
