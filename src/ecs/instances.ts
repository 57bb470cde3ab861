// An instance as DescribeContainerInstances tells it.
import type {
  ContainerInstance,
  DescribeContainerInstancesResponse,
  Attribute as EcsAttribute,
  Resource as EcsResource,
} from '@aws-sdk/client-ecs'
import type {Attributes} from '../model/attributes.js'
import {attributesOf, type Instance} from '../model/instance.js'
import type {Resources} from '../model/resources.js'
import {compareText, type State, the} from '../model/state.js'
import {instant} from '../model/time.js'
import {taskCounts} from '../model/task-counts.js'
import {instanceArn} from './arns.js'
import type {Described} from './described.js'

/**
 * `remaining` is what placement has left on it. `ec2InstanceId` is the instance's name; `agentConnected` tells whether its engine answered when last
 * asked. Attributes stand in order of their names.
 */
export function instanceJson(state: State, instance: Instance, remaining: Resources): Described<ContainerInstance> {
  const tasks = Object.values(state.tasks).filter((task) => task.instanceId === instance.id)
  return {
    containerInstanceArn: instanceArn(the(state.clusters, instance.clusterId).name, instance.id),
    ec2InstanceId: instance.name,
    version: instance.version,
    versionInfo: {dockerVersion: `DockerVersion: ${instance.engine.engineVersion}`},
    remainingResources: resourcesJson(remaining),
    registeredResources: resourcesJson(instance.registered),
    status: instance.status,
    agentConnected: instance.silentSince === undefined,
    ...taskCounts(tasks),
    attributes: attributesJson(attributesOf(instance)),
    registeredAt: new Date(instant(instance.registeredAt)),
    attachments: [],
    tags: [],
  }
}

/** Ports are those in use or reserved, as ECS lists them; GPU stands there only where there is one. */
function resourcesJson(resources: Resources): readonly Described<EcsResource>[] {
  return [
    integer('CPU', resources.cpuUnits),
    integer('MEMORY', resources.memoryMiB),
    stringSet('PORTS', resources.tcpPorts.map(String)),
    stringSet('PORTS_UDP', resources.udpPorts.map(String)),
    ...(resources.gpuIds.length === 0 ? [] : [stringSet('GPU', resources.gpuIds)]),
  ]
}

function integer(name: string, integerValue: number): Described<EcsResource> {
  return {name, type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue}
}

function stringSet(name: string, stringSetValue: readonly string[]): Described<EcsResource> {
  return {name, type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue}
}

function attributesJson(attributes: Attributes): readonly Described<EcsAttribute>[] {
  return Object.entries(attributes)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => (value === null ? {name} : {name, value}))
}

/** Instances as DescribeContainerInstances answers. */
export function instancesJson({
  instances,
  state,
}: {
  readonly state: State
  readonly instances: readonly {readonly instance: Instance; readonly remaining: Resources}[]
}) {
  const described = instances.map(({instance, remaining}) => instanceJson(state, instance, remaining))
  return {containerInstances: described, failures: []} satisfies Described<Partial<DescribeContainerInstancesResponse>>
}
