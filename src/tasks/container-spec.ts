// A container of a task as the engine is to make it.
import {taskArn} from '../ecs/arns.js'
import type {Cluster} from '../model/cluster.js'
import type {TaskOwnership} from '../model/ownership.js'
import type {Task} from '../model/task.js'
import type {ContainerDefinition} from '../model/container-definition.js'
import {DEFAULT_STOP_TIMEOUT_SECONDS, overridden, type TaskDefinition, type TaskDefinitionDocument, type Volume} from '../model/task-definition.js'
import type {ContainerSpec, PortSpec} from '../world/engine.js'
import type {RunMaterials} from './materials.js'

/** A task with all that its containers are made from. */
export interface TaskInContext {
  readonly task: Task
  readonly cluster: Cluster
  readonly definition: TaskDefinition
  /** Absent: nothing of the kind is needed, or the containers are made already. */
  readonly materials?: RunMaterials
}

/** The definition as this run changes it. */
export function documentOf({definition, task}: TaskInContext): TaskDefinitionDocument {
  return overridden(definition.document, task.override)
}

export function containerSpec(context: TaskInContext, container: ContainerDefinition, containerName: string): ContainerSpec {
  const {cpu, memory, memoryReservation} = container
  return {
    name: containerName,
    image: container.image,
    owner: ownership(context, container.name),
    ...(container.entryPoint ? {entryPoint: container.entryPoint} : {}),
    ...(container.command ? {command: container.command} : {}),
    environment: container.environment ?? [],
    ...(cpu === undefined ? {} : {cpuShares: cpu}),
    ...(memory === undefined ? {} : {memoryMiB: memory}),
    ...(memoryReservation === undefined ? {} : {memoryReservationMiB: memoryReservation}),
    ports: (container.portMappings ?? []).map(portSpec),
    binds: bindsOf(container, documentOf(context).volumes ?? []),
    stopTimeoutSeconds: container.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS,
  }
}

function ownership({cluster, definition, task}: TaskInContext, containerName: string): TaskOwnership {
  return {
    cluster: cluster.name,
    clusterId: cluster.id,
    instanceId: task.instanceId,
    taskId: task.id,
    taskArn: taskArn(cluster.name, task.id),
    containerName,
    definitionId: definition.id,
    definitionHash: definition.hash,
    group: task.group,
    ...(task.startedBy === undefined ? {} : {startedBy: task.startedBy}),
  }
}

function portSpec({containerPort, hostPort, protocol}: NonNullable<ContainerDefinition['portMappings']>[number]): PortSpec {
  return {containerPort, ...(hostPort ? {hostPort} : {}), protocol: protocol ?? 'tcp'}
}

/** Docker makes a host path that is missing, and a named volume that is; a volume without a source is anonymous and goes with its container. */
function bindsOf(container: ContainerDefinition, volumes: readonly Volume[]): readonly string[] {
  const sources = new Map(volumes.map((volume) => [volume.name, volume.host?.sourcePath]))
  return (container.mountPoints ?? []).map(
    ({containerPath, readOnly, sourceVolume}) => `${sources.get(sourceVolume) ?? sourceVolume}:${containerPath}${readOnly ? ':ro' : ''}`,
  )
}
