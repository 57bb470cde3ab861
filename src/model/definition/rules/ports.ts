// Rules on port mappings: each by itself, within its container, and within the task (API reference of PortMapping, read 2026-11-26).
import {portRange} from '../../port-mappings.js'
import {containersOf, type Draft, type DraftDocument, type Finding, items} from '../draft.js'
import type {NetworkMode, PortMapping} from '../../container-definition.js'
import type {Path} from '../fault.js'

const MAX_RANGES = 100

/** A mapping that says which ports of its container it means. */
interface Ports {
  readonly path: Path
  readonly low: number
  readonly high: number
  readonly protocol: string
  readonly hostPort: number
}

export function* portRules(document: DraftDocument): Iterable<Finding> {
  const mode = document.networkMode ?? 'bridge'
  const byContainer: (readonly Ports[])[] = []
  for (const [{portMappings}, path] of containersOf(document)) {
    const mappings = items(portMappings).map(([index, mapping]) => [mapping, [...path, 'portMappings', index]] as const)
    for (const [mapping, at] of mappings) yield* mappingRules(mapping, at, mode)
    const ranges = mappings.filter(([{containerPortRange}]) => containerPortRange !== undefined)
    if (ranges.length > MAX_RANGES)
      yield {path: [...path, 'portMappings'], rule: `has ${ranges.length} port ranges; a container has at most ${MAX_RANGES}`}
    const ports = mappings.flatMap(([mapping, at]) => portsOf(mapping, at))
    yield* overlaps(ports, 'of another mapping of this container already: a port is mapped once, for one protocol', () => true)
    byContainer.push(ports)
  }
  yield* collisions(byContainer, mode)
}

function* mappingRules(
  {containerPort, containerPortRange, hostPort}: Draft<PortMapping>,
  path: Path,
  mode: NetworkMode,
): Iterable<Finding> {
  if (containerPortRange === undefined) {
    if (containerPort === undefined) yield {path: [...path, 'containerPort'], rule: 'is required'}
    else if (mode === 'host' && hostPort && hostPort !== containerPort)
      yield {path: [...path, 'hostPort'], rule: `must be ${containerPort}, as the container port, or absent, in network mode host`}
    return
  }
  const at = [...path, 'containerPortRange']
  if (!portRange(containerPortRange)) yield {path: at, rule: 'must be two ports from 1 to 65535, the lower first, such as "8000-8010"'}
  if (mode === 'host') yield {path: at, rule: 'must be absent: port ranges are for network modes bridge and awsvpc'}
  if (containerPort !== undefined) yield {path: [...path, 'containerPort'], rule: 'must be absent beside a containerPortRange'}
  if (hostPort) yield {path: [...path, 'hostPort'], rule: 'must be absent beside a containerPortRange: the engine chooses'}
}

/** Between containers: they share the ports of the host network or of the task, and, in bridge mode, the fixed host ports. */
function* collisions(byContainer: readonly (readonly Ports[])[], mode: NetworkMode): Iterable<Finding> {
  const all = byContainer.flat()
  const elsewhere = (one: Ports, other: Ports) =>
    one.protocol === other.protocol && !byContainer.some((ports) => ports.includes(one) && ports.includes(other))
  if (mode === 'host' || mode === 'awsvpc')
    yield* overlaps(all, `of another container already, and in network mode ${mode} the containers share their ports`, elsewhere)
  if (mode !== 'bridge') return
  for (const [index, one] of all.entries())
    if (one.hostPort > 0 && all.slice(0, index).some((other) => other.hostPort === one.hostPort && other.protocol === one.protocol))
      yield {path: [...one.path, 'hostPort'], rule: `is the host port of another mapping of the task already, for ${one.protocol}`}
}

function* overlaps(ports: readonly Ports[], rule: string, counts: (one: Ports, other: Ports) => boolean): Iterable<Finding> {
  for (const [index, one] of ports.entries())
    if (ports.slice(0, index).some((other) => one.low <= other.high && other.low <= one.high && counts(one, other)))
      yield {path: [...one.path, one.low === one.high ? 'containerPort' : 'containerPortRange'], rule: `is ${rule}`}
}

function portsOf({containerPort, containerPortRange, hostPort = 0, protocol = 'tcp'}: Draft<PortMapping>, path: Path): readonly Ports[] {
  const [low, high] = containerPortRange === undefined ? [containerPort, containerPort] : (portRange(containerPortRange) ?? [])
  return low === undefined || high === undefined ? [] : [{path, low, high, protocol, hostPort}]
}
