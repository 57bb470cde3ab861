// A cluster of instances that are only described.
import {createHash} from 'node:crypto'
import {builtInAttributes} from '../ecs/attributes.js'
import {InvalidInputError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import {quoted} from '../model/names.js'
import {RESERVED_TCP_PORTS} from '../model/resources.js'
import {attributesAt, type DescribedInstances} from '../model/simulated-instances.js'
import type {State} from '../model/state.js'
import {type Instant, timestamp} from '../model/time.js'

/** The cluster that such instances are of where none is named. */
export function imaginedCluster(now: Instant): Cluster {
  return {id: '0'.repeat(32), name: 'imagined', createdAt: timestamp(now), version: 1}
}

/** The state with these instances in place of all others, and without tasks. Throws `InvalidInstances` for two of one name. */
export function describedState(state: State, cluster: Cluster, described: readonly DescribedInstances[], now: number): State {
  const instances = described.flatMap((one, kind) =>
    Array.from({length: one.count}, (_, index) => instanceOf(cluster, one, kind, index, now)),
  )
  const names = new Set<string>()
  for (const {name} of instances) {
    if (names.has(name)) throw twice(name)
    names.add(name)
  }
  return {...state, instances: Object.fromEntries(instances.map((instance) => [instance.id, instance])), tasks: {}}
}

function twice(name: string): InvalidInputError {
  return new InvalidInputError(
    'InvalidInstances',
    `Two of the described instances are called ${quoted(name)}: give each kind a name of its own.`,
    {
      suggestions: ['berth placement simulate --help'],
    },
  )
}

function instanceOf(cluster: Cluster, described: DescribedInstances, kind: number, index: number, now: number): Instance {
  const {count, cpuUnits, memoryMiB, name: own} = described
  const number = String(index + 1).padStart(String(count).length, '0')
  const name = own === undefined ? `${String.fromCharCode(97 + (kind % 26))}${number}` : count === 1 ? own : `${own}${number}`
  return {
    id: createHash('md5').update(name).digest('hex'),
    clusterId: cluster.id,
    name,
    address: {kind: 'unix', path: '/nowhere'},
    status: 'ACTIVE',
    builtInAttributes: builtInAttributes(ENGINE, {}),
    customAttributes: attributesAt(described, index),
    registered: {cpuUnits, memoryMiB, tcpPorts: RESERVED_TCP_PORTS, udpPorts: [], gpuIds: []},
    resourceSettings: {reserveMemoryMiB: 0, reservePorts: []},
    engine: ENGINE,
    registeredAt: timestamp(now),
    version: 1,
  }
}

/** What a described instance runs: an engine of today on Linux. */
const ENGINE: Instance['engine'] = {
  hostName: 'simulated',
  engineVersion: '29.0.0',
  apiVersion: '1.52',
  minApiVersion: '1.24',
  osType: 'linux',
  operatingSystem: 'Linux',
  architecture: 'x86_64',
  cpuCount: 1,
  memoryMiB: 1024,
  storageDriver: 'overlay2',
  imageStore: 'containerd',
  loggingDrivers: ['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'splunk', 'syslog'],
  securityOptions: [],
  gpuIds: [],
}
