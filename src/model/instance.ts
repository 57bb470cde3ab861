// An instance: a host that has joined a cluster (ECS: container instance).
import type {Attributes} from './attributes.js'
import type {ClusterId} from './cluster.js'
import type {HostAddress} from './host-address.js'
import type {Resources, ResourceSettings} from './resources.js'
import type {Timestamp} from './time.js'

/** 32 hex digits. */
export type InstanceId = string

/**
 * REGISTERING lasts from the record's first write until the host bears the instance's record; DEREGISTERING from the decision that the instance leaves
 * until the host bears it no more.
 */
export type InstanceStatus = 'REGISTERING' | 'ACTIVE' | 'DRAINING' | 'DEREGISTERING'

/** What the engine said of itself when the instance joined. */
export interface EngineFacts {
  /** The host's own name for itself. */
  readonly hostName: string
  readonly engineVersion: string
  /** Newest and oldest API the engine speaks, such as `1.41` and `1.12`. */
  readonly apiVersion: string
  readonly minApiVersion: string
  /** `linux` or `windows`. */
  readonly osType: string
  readonly operatingSystem: string
  /** As the engine says it: `x86_64`, `aarch64`... */
  readonly architecture: string
  readonly cpuCount: number
  readonly memoryMiB: number
  readonly storageDriver: string
  /** Where images are kept: the engine's own graph drivers, or containerd (the default of new installs from Docker 29). */
  readonly imageStore: 'graphdriver' | 'containerd'
  readonly loggingDrivers: readonly string[]
  readonly securityOptions: readonly string[]
  readonly gpuIds: readonly string[]
}

export interface Instance {
  readonly id: InstanceId
  readonly clusterId: ClusterId
  /** Unique in the cluster; ECS JSON calls it `ec2InstanceId`. */
  readonly name: string
  readonly address: HostAddress
  readonly status: InstanceStatus
  readonly builtInAttributes: Attributes
  readonly customAttributes: Attributes
  /** What tasks may share; its ports are those reserved from the start. */
  readonly registered: Resources
  /** What a person said of its resources: `registered` follows from it and from the engine. */
  readonly resourceSettings: ResourceSettings
  readonly engine: EngineFacts
  readonly registeredAt: Timestamp
  /** When the engine was first found silent; absent while it answers. */
  readonly silentSince?: Timestamp
  /** A hash of the records that its host was given to keep; absent: none were yet. */
  readonly keptRecordsHash?: string
  readonly version: number
}

/** All attributes of an instance, the built-in ones winning. */
export function attributesOf(instance: Instance): Attributes {
  return {...instance.customAttributes, ...instance.builtInAttributes}
}
