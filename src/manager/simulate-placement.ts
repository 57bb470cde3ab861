// A what-if over the instances that there are, or over some that are only described.
import {createHash} from 'node:crypto'
import {builtInAttributes} from '../ecs/attributes.js'
import type {Cluster} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import type {PlacementRequest} from '../model/placement.js'
import {RESERVED_TCP_PORTS} from '../model/resources.js'
import {attributesAt, type DescribedInstances} from '../model/simulated-instances.js'
import type {Simulation} from '../model/simulation.js'
import {instancesOf, type State, the} from '../model/state.js'
import {holdsResources, type Task} from '../model/task.js'
import {overridden} from '../model/task-definition.js'
import {timestamp} from '../model/time.js'
import {buildFleet} from '../placement/fleet.js'
import {type Settlement, simulate} from '../placement/simulate.js'
import {ownConstraints, requestOf} from '../scheduling/run.js'
import {unobserved} from '../model/observation.js'
import type {World} from '../world/world.js'
import {look} from './look.js'
import {PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed, findInstance} from './resolve.js'
import {runRequest, type RunTasksWanted} from './run-request.js'

export interface SimulateWanted {
  readonly run: RunTasksWanted
  /** In place of the cluster's own; no host is asked then. */
  readonly described: readonly DescribedInstances[]
  /** Names of instances to take away; `any`: each of them in turn. */
  readonly lose: readonly string[] | 'any'
  readonly balance: string | undefined
  /** Ask no host: as the state has it. */
  readonly cached: boolean
}

/** Nothing is placed. Throws as `runTasks`. */
export async function simulatePlacement(
  world: World,
  {balance, cached, described, lose, run: wanted}: SimulateWanted,
): Promise<Simulation> {
  const {state: recorded} = await world.store.read()
  const cluster = await clusterNamed(world, recorded, wanted.cluster)
  const {seen, state} =
    described.length > 0
      ? {state: describedState(recorded, cluster, described, world.clock.now()), seen: unobserved(world.clock.now())}
      : await look(world, cluster, cached ? undefined : {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true})
  const {run} = await runRequest(world, recorded, cluster, {...wanted, dryRun: true})
  const {definition, request} = requestOf(state, run, world.clock.now())
  const instances = instancesOf(state, cluster.id)
  const lost = lose === 'any' ? instances.map(({id}) => id) : lose.map((name) => findInstance(state, cluster, name).id)
  return simulate(buildFleet(state, cluster.id, seen), {
    request,
    named: definition.id,
    settled: settlements(state, cluster, request),
    lose: lost,
    ...(balance === undefined ? {} : {balance}),
  })
}

/** What runs on the cluster, by instance and definition: placed again, each would ask what its definition asks, and go where chance falls. */
function settlements(state: State, cluster: Cluster, {requiredAttributes: _, ...request}: PlacementRequest): readonly Settlement[] {
  const tasks = Object.values(state.tasks).filter((task) => task.clusterId === cluster.id && holdsResources(task))
  return tasks.map((task: Task) => {
    const {document} = the(state.definitions, task.definitionId)
    const own = overridden(document, task.override)
    return {
      named: task.definitionId,
      instanceId: task.instanceId,
      request: {
        ...request,
        document: own,
        group: task.group,
        count: 1,
        strategies: [],
        constraints: ownConstraints(own),
        requiredAttributes: [],
      },
    }
  })
}

/** The state with these instances in place of the cluster's, and without its tasks. */
function describedState(state: State, cluster: Cluster, described: readonly DescribedInstances[], now: number): State {
  const instances = described.flatMap((one, kind) =>
    Array.from({length: one.count}, (_, index) => instanceOf(cluster, one, kind, index, now)),
  )
  return {...state, instances: Object.fromEntries(instances.map((instance) => [instance.id, instance])), tasks: {}}
}

function instanceOf(cluster: Cluster, described: DescribedInstances, kind: number, index: number, now: number): Instance {
  const name = `${String.fromCharCode(97 + (kind % 26))}${String(index + 1).padStart(String(described.count).length, '0')}`
  const {cpuUnits, memoryMiB} = described
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
