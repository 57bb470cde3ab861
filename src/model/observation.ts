// What the hosts told us, and when. An observation chooses nothing and changes nothing.
import type {NameValue} from './container-definition.js'
import type {InstanceId} from './instance.js'
import type {ControllerOwnership, TaskOwnership} from './ownership.js'
import type {Protocol} from './resources.js'
import type {Instant, Timestamp} from './time.js'

export interface PublishedPort {
  readonly ip: string
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol: Protocol
}

/** What an engine holds a container to; 0 where it holds it to nothing. */
export interface ContainerLimits {
  /** Docker's relative CPU weight. */
  readonly cpuShares: number
  /** A cap: 1.5 is a core and a half. */
  readonly cpuCores: number
  readonly memoryBytes: number
  /** The soft limit. */
  readonly memoryReservationBytes: number
  /** Memory and swap together; -1 for any. */
  readonly memoryAndSwapBytes: number
}

/** A container as its engine describes it, whoever made it. */
export interface ContainerSeen {
  readonly runtimeId: string
  /** Without Docker's leading slash. */
  readonly name: string
  readonly image: string
  readonly imageId: string
  /** Absent when the container is no task's of Berth. */
  readonly owner?: TaskOwnership
  /** Present on the container of a controller. */
  readonly controller?: ControllerOwnership
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
  /** Absent until it has run. */
  readonly exitCode?: number
  readonly outOfMemory: boolean
  /** What its health check says; absent where it has none. */
  readonly health?: 'starting' | 'healthy' | 'unhealthy'
  /** Its address on the engine's own network; absent while it has none. */
  readonly address?: string
  readonly terminal: boolean
  /** What the engine said of a failed start; empty when nothing. */
  readonly error: string
  readonly createdAt: Timestamp
  readonly startedAt?: Timestamp
  readonly finishedAt?: Timestamp
  readonly ports: readonly PublishedPort[]
  /** What its program was given, or the image's own where nothing was said. */
  readonly command: readonly string[]
  /** Its memory limit or, with none, its reservation; 0 when it has neither. */
  readonly memoryMiB: number
  readonly limits: ContainerLimits
  /** The engine's own: `no`, `always`, `on-failure` or `unless-stopped`. */
  readonly restartPolicy: string
  readonly restartCount: number
}

/** A container of which a record is made again. */
export interface FoundContainer extends ContainerSeen {
  /** Read only where a task's record names variables of it; values that may be secret, so it is never recorded. */
  readonly environment?: readonly NameValue[]
}

/** Resources that a container holds of which no unstopped task of ours accounts. */
export interface ForeignHolding {
  readonly name: string
  readonly memoryMiB: number
  readonly tcpPorts: readonly number[]
  readonly udpPorts: readonly number[]
}

export type InstanceSeen =
  | {
      readonly answered: true
      /** Every container on the host of a task that the state knows, stopped ones too. */
      readonly containers: readonly Pick<ContainerSeen, 'runtimeId' | 'name' | 'status' | 'owner'>[]
      /** By runtime id, those whose task may have moved on since it was last recorded. */
      readonly details: Readonly<Record<string, ContainerSeen>>
      /** The other running containers, and those of tasks that have stopped: a start that outlived its stop holds its part until it is gone. */
      readonly foreign: readonly ForeignHolding[]
      /** Whose controllers have a container there, running or not; absent: none. */
      readonly controllers?: readonly ControllerOwnership[]
      /** The newest epoch that a container of the instance's cluster bears; absent: none bears any. */
      readonly newestEpoch?: number
    }
  | {readonly answered: false; readonly since: Timestamp; readonly why: string}

/** One look at some hosts. Instances that were not looked at have no entry. */
export interface Observation {
  readonly at: Instant
  readonly instances: Readonly<Record<InstanceId, InstanceSeen>>
}

/** The look that saw nothing: decisions on the state alone. */
export function unobserved(at: Instant): Observation {
  return {at, instances: {}}
}
