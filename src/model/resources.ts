// What an instance has and what a task takes, and the sums of both.

/** Transport protocols that Docker publishes. */
export type Protocol = 'tcp' | 'udp'

/** What an instance registers, or what is left of it. Ports are those in use or reserved, not the free ones; sorted. */
export interface Resources {
  /** 1024 = one vCPU. */
  readonly cpuUnits: number
  readonly memoryMiB: number
  readonly tcpPorts: readonly number[]
  readonly udpPorts: readonly number[]
  readonly gpuIds: readonly string[]
}

/** What a person says of the instance's resources besides what the engine tells. */
export interface ResourceSettings {
  /** Instead of 1024 for each core. */
  readonly cpuUnits?: number
  /** Instead of the memory that the engine tells; the reserve is taken off either. */
  readonly memoryMiB?: number
  /** Kept for what is not a task: the system, other containers. */
  readonly reserveMemoryMiB: number
  /** TCP ports that no task may have, besides those that ECS reserves. */
  readonly reservePorts: readonly number[]
}

/** What one task takes from an instance. Dynamic host ports take none. */
export interface Need {
  readonly cpuUnits: number
  readonly memoryMiB: number
  readonly tcpPorts: readonly number[]
  readonly udpPorts: readonly number[]
  readonly gpuCount: number
}

/** TCP ports that ECS reserves on each instance: ssh, Docker, the agent's. */
export const RESERVED_TCP_PORTS: readonly number[] = [22, 2375, 2376, 51_678, 51_679]

/** ECS takes at most so many reserved ports of an instance, its own among them. */
export const MAX_RESERVED_PORTS = 100

/** What is left after `need` is taken; it may go below zero where foreign containers hold more than was registered. */
export function subtract(from: Resources, need: Omit<Need, 'gpuCount'> & {readonly gpuIds?: readonly string[]}): Resources {
  const gpuIds = need.gpuIds ?? []
  return {
    cpuUnits: from.cpuUnits - need.cpuUnits,
    memoryMiB: from.memoryMiB - need.memoryMiB,
    tcpPorts: mergePorts(from.tcpPorts, need.tcpPorts),
    udpPorts: mergePorts(from.udpPorts, need.udpPorts),
    gpuIds: gpuIds.length === 0 ? from.gpuIds : from.gpuIds.filter((id) => !gpuIds.includes(id)),
  }
}

/** Both lists as one, sorted, each port once. */
export function mergePorts(a: readonly number[], b: readonly number[]): readonly number[] {
  return b.length === 0 ? a : [...new Set([...a, ...b])].sort((x, y) => x - y)
}
