// Names that are unique everywhere, in ECS's form ("Amazon resource names and IDs", read 2026-11-23), for a region and an account that AWS does not have.
import type {InstanceId} from '../model/instance.js'
import type {DefinitionId} from '../model/task-definition.js'
import type {TaskId} from '../model/task.js'

const PREFIX = 'arn:aws:ecs:local:000000000000'

export function clusterArn(clusterName: string): string {
  return `${PREFIX}:cluster/${clusterName}`
}

export function instanceArn(clusterName: string, instanceId: InstanceId): string {
  return `${PREFIX}:container-instance/${clusterName}/${instanceId}`
}

export function taskArn(clusterName: string, taskId: TaskId): string {
  return `${PREFIX}:task/${clusterName}/${taskId}`
}

/** ECS ends it with a UUID of the container; here the container's name, unique in its task, stands there: it is known before the container is. */
export function containerArn(clusterName: string, taskId: TaskId, containerName: string): string {
  return `${PREFIX}:container/${clusterName}/${taskId}/${containerName}`
}

export function definitionArn(definitionId: DefinitionId): string {
  return `${PREFIX}:task-definition/${definitionId}`
}

export function serviceArn(clusterName: string, serviceName: string): string {
  return `${PREFIX}:service/${clusterName}/${serviceName}`
}

export function serviceDeploymentArn(clusterName: string, serviceName: string, deploymentId: string): string {
  return `${PREFIX}:service-deployment/${clusterName}/${serviceName}/${deploymentId}`
}
