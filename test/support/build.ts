// Builders: whole records of which a test says only what matters to it.
import type {Cluster} from '../../src/model/cluster.js'
import type {EngineFacts, Instance} from '../../src/model/instance.js'
import {RESERVED_TCP_PORTS, type Resources} from '../../src/model/resources.js'
import {emptyState, type State} from '../../src/model/state.js'
import {type Deployment, NO_BREAKER} from '../../src/model/deployment.js'
import type {Daemon, Service} from '../../src/model/service.js'
import type {Task} from '../../src/model/task.js'
import type {ContainerDefinition} from '../../src/model/container-definition.js'
import {needOf, type TaskDefinition, type TaskDefinitionDocument} from '../../src/model/task-definition.js'

/** When everything built here happened. */
export const LONG_AGO = '2026-01-02T03:04:05.000Z'

/** 32 hex digits that begin with `number` in hex: the same for the same kind and number. */
export function anId(number: number, kind = '0'): string {
  return number.toString(16).padStart(8, '0') + kind.repeat(24)
}

/** The cluster that all the others belong to unless they say otherwise: `prod`. */
export function aCluster(said: Partial<Cluster> = {}): Cluster {
  return {id: anId(1, 'c'), name: 'prod', createdAt: LONG_AGO, version: 1, ...said}
}

/** An engine of 2 cores and 2048 MiB. */
export function facts(said: Partial<EngineFacts> = {}): EngineFacts {
  return {
    hostName: 'db1.example',
    engineVersion: '26.1.5',
    apiVersion: '1.45',
    minApiVersion: '1.24',
    osType: 'linux',
    operatingSystem: 'Debian GNU/Linux 13',
    architecture: 'x86_64',
    cpuCount: 2,
    memoryMiB: 2048,
    storageDriver: 'overlay2',
    imageStore: 'graphdriver',
    loggingDrivers: ['json-file', 'journald'],
    securityOptions: ['name=apparmor', 'name=seccomp,profile=builtin'],
    gpuIds: [],
    ...said,
  }
}

/** What an `anInstance` says besides its fields: parts of its resources. */
export type InstanceSaid = Partial<Instance & Resources>

/** An ACTIVE instance `a` of 2048 CPU units and 2048 MiB. Another name gives another id. */
export function anInstance({
  cpuUnits = 2048,
  gpuIds = [],
  memoryMiB = 2048,
  tcpPorts = RESERVED_TCP_PORTS,
  udpPorts = [],
  ...said
}: InstanceSaid = {}): Instance {
  const name = said.name ?? 'a'
  return {
    id: anId(
      [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffffff, 7),
      'a',
    ),
    clusterId: aCluster().id,
    name,
    address: {kind: 'unix', path: `/run/${name}.sock`},
    status: 'ACTIVE',
    builtInAttributes: {'ecs.os-type': 'linux'},
    customAttributes: {},
    registered: {cpuUnits, memoryMiB, tcpPorts, udpPorts, gpuIds},
    resourceSettings: {reserveMemoryMiB: 0, reservePorts: []},
    engine: facts({hostName: name}),
    registeredAt: LONG_AGO,
    version: 1,
    ...said,
  }
}

/** A document of family `web` with one container of the same name; what is said is said of the container. */
export function aDocument(said: Partial<ContainerDefinition> = {}, family = 'web'): TaskDefinitionDocument {
  return {family, containerDefinitions: [{name: family, image: `${family}:1`, memory: 64, ...said}]}
}

/** `web:1`, ACTIVE. */
export function aDefinition(said: Partial<TaskDefinition> = {}): TaskDefinition {
  const family = said.family ?? said.document?.family ?? 'web'
  const revision = said.revision ?? 1
  return {
    id: `${family}:${revision}`,
    family,
    revision,
    status: 'ACTIVE',
    document: aDocument({}, family),
    hash: 'f'.repeat(64),
    registeredAt: LONG_AGO,
    ...said,
  }
}

/** A RUNNING task of `web:1` on instance `a`, with one running container. */
export function aTask(said: Partial<Task> = {}): Task {
  const id = said.id ?? anId(1, 'b')
  return {
    id,
    clusterId: aCluster().id,
    instanceId: anInstance().id,
    definitionId: 'web:1',
    group: 'family:web',
    need: needOf(aDocument()),
    desiredStatus: 'RUNNING',
    lastStatus: 'RUNNING',
    containers: [{name: 'web', containerName: `berth-web-1-web-${id.slice(0, 8)}`, image: 'web:1', lastStatus: 'RUNNING'}],
    createdAt: LONG_AGO,
    version: 1,
    ...said,
  }
}

/** The PRIMARY deployment of `aService`: it runs `web:1`, and is under way. */
export function aDeployment(said: Partial<Deployment> = {}): Deployment {
  return {
    id: anId(1, 'd'),
    clusterId: aCluster().id,
    workloadId: anId(1, '5'),
    definitionId: 'web:1',
    cause: 'CREATED',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: '',
    createdAt: LONG_AGO,
    begunAt: LONG_AGO,
    updatedAt: LONG_AGO,
    version: 1,
    ...said,
  }
}

const WORKLOAD: Daemon = {
  id: anId(1, '5'),
  clusterId: aCluster().id,
  name: 'web',
  status: 'ACTIVE',
  deploymentId: anId(1, 'd'),
  deploymentConfiguration: {minimumHealthyPercent: 100, maximumPercent: 200, circuitBreaker: NO_BREAKER},
  placementConstraints: [],
  healthCheckGracePeriodSeconds: 0,
  healthyAfterSeconds: 40,
  silenceGraceSeconds: 60,
  tags: {},
  propagateTags: 'NONE',
  createdAt: LONG_AGO,
  createdBy: 'ada@desk',
  version: 1,
}

/** Service `web`, one task wanted, with ECS's percentages and no circuit breaker. */
export function aService(said: Partial<Service> = {}): Service {
  return {...WORKLOAD, desiredCount: 1, placementStrategies: [], ...said}
}

/** Daemon `agent`, with ECS's percentages for daemons. */
export function aDaemon(said: Partial<Daemon> = {}): Daemon {
  const deploymentConfiguration = {...WORKLOAD.deploymentConfiguration, minimumHealthyPercent: 0, maximumPercent: 100}
  return {...WORKLOAD, id: anId(2, '5'), name: 'agent', deploymentConfiguration, ...said}
}

/** A running task in a slot of `aService`, started long ago. */
export function aReplica(slot: number, said: Partial<Task> & {readonly deploymentId?: string} = {}): Task {
  const {deploymentId = anId(1, 'd'), ...task} = said
  return aTask({
    id: anId(slot, 'b'),
    group: 'service:web',
    workload: {kind: 'service', id: anId(1, '5'), name: 'web', deploymentId, slot},
    startedAt: LONG_AGO,
    ...task,
  })
}

/** A state that holds these records, and cluster `prod` unless other clusters are given; the families follow from the definitions. */
export function aState(
  said: {
    readonly clusters?: readonly Cluster[]
    readonly instances?: readonly Instance[]
    readonly definitions?: readonly TaskDefinition[]
    readonly tasks?: readonly Task[]
    readonly services?: readonly Service[]
    readonly daemons?: readonly Daemon[]
    readonly deployments?: readonly Deployment[]
  } = {},
): State {
  const definitions = said.definitions ?? []
  return {
    ...emptyState('0'.repeat(32)),
    clusters: byId(said.clusters ?? [aCluster()]),
    instances: byId(said.instances ?? []),
    definitions: byId(definitions),
    families: Object.fromEntries(
      definitions.map(({family}) => [
        family,
        {lastRevision: Math.max(...definitions.filter((one) => one.family === family).map((one) => one.revision))},
      ]),
    ),
    tasks: byId(said.tasks ?? []),
    services: byId(said.services ?? []),
    daemons: byId(said.daemons ?? []),
    deployments: byId(said.deployments ?? []),
  }
}

function byId<T extends {readonly id: string}>(records: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(records.map((record) => [record.id, record]))
}
