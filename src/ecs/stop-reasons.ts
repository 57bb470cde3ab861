// The words by which ECS tells why tasks and containers stopped (developer guide, "Stopped tasks error messages"; amazon-ecs-agent, apierrors; read 2026-11-23).

/** `stoppedReason` of a task whose essential container ended. */
export const ESSENTIAL_CONTAINER_EXITED = 'Essential container in task exited'

/** `stoppedReason` of a task that a person stopped without giving a reason. */
export const STOPPED_BY_USER = 'Task stopped by user'

/** The ECS agent's names for what went wrong with a container; its reason begins with one of them. */
export type ContainerErrorName =
  | 'CannotCreateContainerError'
  | 'CannotInspectContainerError'
  | 'CannotPullContainerAuthError'
  | 'CannotPullContainerError'
  | 'CannotRemoveContainerError'
  | 'CannotStartContainerError'
  | 'CannotStopContainerError'
  | 'ContainerNetworkingError'
  | 'ContainerVanishedError'
  | 'DockerTimeoutError'
  | 'OutOfMemoryError'
  | 'ResourceInitializationError'

/** ECS cuts a container's reason at so many characters. */
const MAX_REASON_LENGTH = 1024

/** `Name: message`, cut at 1024 characters; a message that begins with the name already is not given it twice. */
export function containerReason(name: ContainerErrorName, message: string): string {
  const reason = message.startsWith(`${name}:`) ? message : `${name}: ${message}`
  // Never half of a surrogate pair at the end.
  return reason.slice(0, MAX_REASON_LENGTH).replace(/[\ud800-\udbff]$/, '')
}

/** The reason of a container that the kernel killed for its memory. */
export function outOfMemoryReason(): string {
  return containerReason('OutOfMemoryError', 'Container killed due to memory usage')
}

/** The reason of a container that ran and is no longer on its host, removed by somebody else. */
export function vanishedReason(containerName: string): string {
  return containerReason('ContainerVanishedError', `Container ${containerName} is no longer on its host`)
}
