// CPU and memory of a container as the engine is to enforce them (ECS developer guide, "Task size" and "Container definition"; read 2026-11-26).
// The ECS agent puts a task's containers under a cgroup of their own with the task's limits. Nothing on a host but Docker can make one, so the task's
// limits are given to its containers: each may use no more CPU than the whole task, and one without a memory limit of its own no more than the task's.
import type {ContainerDefinition} from '../model/container-definition.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {ContainerSpec} from '../world/container-spec.js'

const CPU_UNITS_PER_CORE = 1024

type Limits = Pick<ContainerSpec, 'cpuShares' | 'cpuCores' | 'memoryMiB' | 'memoryReservationMiB' | 'memoryAndSwapMiB' | 'swappiness'>

/** `coreCount`: the host's own, which no cap may pass. 0: not known. */
export function limitsOf(document: TaskDefinitionDocument, container: ContainerDefinition, coreCount: number): Limits {
  const {cpu, linuxParameters, memoryReservation} = container
  const memoryMiB = container.memory ?? (document.memory === undefined ? undefined : Number(document.memory))
  const {maxSwap, swappiness} = linuxParameters ?? {}
  return {
    ...(cpu === undefined ? {} : {cpuShares: cpu}),
    ...(document.cpu === undefined ? {} : {cpuCores: capOf(Number(document.cpu) / CPU_UNITS_PER_CORE, coreCount)}),
    ...(memoryMiB === undefined ? {} : {memoryMiB}),
    ...(memoryReservation === undefined ? {} : {memoryReservationMiB: memoryReservation}),
    ...(maxSwap === undefined || memoryMiB === undefined ? {} : {memoryAndSwapMiB: memoryMiB + maxSwap}),
    // Without a limit to swap ECS ignores it.
    ...(maxSwap === undefined || swappiness === undefined ? {} : {swappiness}),
  }
}

function capOf(cores: number, coreCount: number): number {
  return coreCount > 0 ? Math.min(cores, coreCount) : cores
}
