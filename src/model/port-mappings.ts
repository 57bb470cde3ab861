// The ports of a container one by one, and which of them its host must keep free (ECS developer guide, "Port mappings", read 2026-11-26).
import type {ContainerDefinition, NetworkMode, PortMapping} from './container-definition.js'
import type {Protocol} from './resources.js'

/** Of a task definition what decides its ports. */
interface PortedDocument {
  readonly containerDefinitions: readonly Pick<ContainerDefinition, 'portMappings'>[]
  readonly networkMode?: NetworkMode
}

export interface MappedPort {
  readonly containerPort: number
  /** Absent: the engine chooses. */
  readonly hostPort?: number
  readonly protocol: Protocol
}

/**
 * Every port of the container as it is published under this network mode, in the order of its mappings; ranges port by port. On the host's own network
 * a port is its own host port; with a network interface of the task's own (`awsvpc`) the host keeps none free and the engine chooses.
 */
export function mappedPorts(
  container: Pick<ContainerDefinition, 'portMappings'>,
  networkMode: NetworkMode = 'bridge',
): readonly MappedPort[] {
  return (container.portMappings ?? []).flatMap((mapping) =>
    containerPorts(mapping).map((containerPort) => ({
      containerPort,
      ...hostPortOf(mapping, containerPort, networkMode),
      protocol: mapping.protocol ?? 'tcp',
    })),
  )
}

/** The host ports that a task of this document holds from the start, by protocol, in the order of its containers. */
export function fixedHostPorts(document: PortedDocument): {
  readonly tcpPorts: readonly number[]
  readonly udpPorts: readonly number[]
} {
  const ports = document.containerDefinitions.flatMap((container) => mappedPorts(container, document.networkMode))
  const of = (protocol: Protocol) => ports.flatMap((port) => (port.protocol === protocol && port.hostPort ? [port.hostPort] : []))
  return {tcpPorts: of('tcp'), udpPorts: of('udp')}
}

/** Both ends of `8000-8010`, or of a single port; `undefined` where it is no range of ports. */
export function portRange(text: string): readonly [low: number, high: number] | undefined {
  const [, low, high] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []
  const [from, to] = [Number(low), Number(high)]
  return from >= 1 && to <= 65_535 && from < to ? [from, to] : undefined
}

function containerPorts({containerPort, containerPortRange}: PortMapping): readonly number[] {
  const [low, high] = (containerPortRange === undefined ? undefined : portRange(containerPortRange)) ?? [
    containerPort ?? 0,
    containerPort ?? 0,
  ]
  return Array.from({length: high - low + 1}, (_, after) => low + after)
}

function hostPortOf(
  {containerPortRange, hostPort}: PortMapping,
  containerPort: number,
  networkMode: NetworkMode,
): {readonly hostPort?: number} {
  if (networkMode === 'host') return {hostPort: containerPort}
  return networkMode === 'awsvpc' || containerPortRange !== undefined || !hostPort ? {} : {hostPort}
}
