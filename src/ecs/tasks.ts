// A task as DescribeTasks tells it.
import type {DescribeTasksResponse, Container as EcsContainer, Task as EcsTask} from '@aws-sdk/client-ecs'
import {attributesOf, type Instance} from '../model/instance.js'
import {type State, the} from '../model/state.js'
import type {HealthStatus, Task, TaskContainer} from '../model/task.js'
import type {ContainerDefinition} from '../model/container-definition.js'
import {overridden} from '../model/task-definition.js'
import {taskHealth} from '../model/task-health.js'
import {instant, type Timestamp} from '../model/time.js'
import {containerArn, definitionArn, clusterArn, instanceArn, taskArn} from './arns.js'
import type {Described} from './described.js'

/**
 * Dates are `Date`s, which JSON writes as ISO 8601; what has not happened yet has no field. `cpu` and `memory` are what the task holds of its instance.
 * The instance and the definition may be gone from the state: then what only they know is left out.
 */
export function taskJson(state: State, task: Task): Described<EcsTask> {
  const cluster = the(state.clusters, task.clusterId)
  const instance = state.instances[task.instanceId]
  return {
    taskArn: taskArn(cluster.name, task.id),
    clusterArn: clusterArn(cluster.name),
    containerInstanceArn: instanceArn(cluster.name, task.instanceId),
    taskDefinitionArn: definitionArn(task.definitionId),
    group: task.group,
    launchType: 'EXTERNAL',
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: healthOf(state, task),
    cpu: String(task.need.cpuUnits),
    memory: String(task.need.memoryMiB),
    containers: task.containers.filter(({internal}) => !internal).map((container) => containerJson(state, task, cluster.name, container)),
    overrides: {...task.override, containerOverrides: task.override?.containerOverrides ?? [], inferenceAcceleratorOverrides: []},
    attributes: [],
    attachments: [],
    tags: Object.entries(task.tags ?? {}).map(([key, value]) => ({key, value})),
    enableExecuteCommand: false,
    version: task.version,
    ...(task.startedBy === undefined ? {} : {startedBy: task.startedBy}),
    ...(task.stopCode === undefined ? {} : {stopCode: task.stopCode}),
    ...(task.stoppedReason === undefined ? {} : {stoppedReason: task.stoppedReason}),
    ...(instance ? whereabouts(instance) : {}),
    ...moments(task),
  }
}

/** UNKNOWN too where the definition is gone, which alone says which containers count. */
function healthOf(state: State, task: Task): HealthStatus {
  const definition = state.definitions[task.definitionId]
  return definition ? taskHealth(task, definition.document) : 'UNKNOWN'
}

function whereabouts(instance: Instance): Described<Pick<EcsTask, 'availabilityZone' | 'connectivity'>> {
  const zone = attributesOf(instance)['ecs.availability-zone']
  return {
    connectivity: instance.silentSince === undefined ? 'CONNECTED' : 'DISCONNECTED',
    ...(zone == null ? {} : {availabilityZone: zone}),
  }
}

const MOMENTS = ['createdAt', 'pullStartedAt', 'pullStoppedAt', 'startedAt', 'executionStoppedAt', 'stoppingAt', 'stoppedAt'] as const

function moments(task: Task): Described<Pick<EcsTask, (typeof MOMENTS)[number]>> {
  return Object.fromEntries(MOMENTS.flatMap((moment) => dated(moment, task[moment])))
}

function dated(moment: string, text: Timestamp | undefined): readonly (readonly [string, Date])[] {
  return text === undefined ? [] : [[moment, new Date(instant(text))]]
}

function containerJson(state: State, task: Task, clusterName: string, container: TaskContainer): Described<EcsContainer> {
  const {exitCode, imageDigest, reason, runtimeId} = container
  return {
    containerArn: containerArn(clusterName, task.id, container.name),
    taskArn: taskArn(clusterName, task.id),
    name: container.name,
    image: container.image,
    lastStatus: container.lastStatus,
    healthStatus: container.healthStatus ?? 'UNKNOWN',
    networkBindings: container.networkBindings ?? [],
    networkInterfaces: [],
    ...(imageDigest === undefined ? {} : {imageDigest}),
    ...(runtimeId === undefined ? {} : {runtimeId}),
    ...(exitCode === undefined ? {} : {exitCode}),
    ...(reason === undefined ? {} : {reason}),
    ...sizes(definitionOf(state, task, container.name)),
  }
}

/** The container as this task runs it: with its overrides. */
function definitionOf(state: State, task: Task, containerName: string): ContainerDefinition | undefined {
  const definition = state.definitions[task.definitionId]
  return definition && overridden(definition.document, task.override).containerDefinitions.find((one) => one.name === containerName)
}

function sizes(definition: ContainerDefinition | undefined): Described<Pick<EcsContainer, 'cpu' | 'memory' | 'memoryReservation'>> {
  if (!definition) return {}
  const {cpu, memory, memoryReservation} = definition
  return {
    cpu: String(cpu ?? 0),
    ...(memory === undefined ? {} : {memory: String(memory)}),
    ...(memoryReservation === undefined ? {} : {memoryReservation: String(memoryReservation)}),
  }
}

/** Tasks as DescribeTasks and RunTask answer. */
export function tasksJson({state, tasks}: {readonly state: State; readonly tasks: readonly Task[]}) {
  return {tasks: tasks.map((task) => taskJson(state, task)), failures: []} satisfies Described<Partial<DescribeTasksResponse>>
}
