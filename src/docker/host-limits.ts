// What a container may use of its host, as Docker's create call wants it (Engine API 1.41, HostConfig, read 2026-11-26).
import {cpuWeight} from '../model/container-limits.js'
import type {ContainerUpdate} from '../model/container-update.js'
import type {ContainerLimits} from '../model/observation.js'
import type {ContainerSpec} from '../world/container-spec.js'

const BYTES_PER_MIB = 1024 * 1024
const NANO_CPUS_PER_CORE = 1_000_000_000

/** CPU, memory, limits of processes, and devices that are counted. What the spec says nothing of is left to the engine. */
export function hostLimits(spec: ContainerSpec): object {
  const {cpuCores, cpuShares, memoryAndSwapMiB, memoryMiB, memoryReservationMiB, sharedMemoryMiB, swappiness, tmpfs, ulimits} = spec
  return {
    ...(cpuShares === undefined ? {} : {CpuShares: cpuWeight(cpuShares)}),
    ...(cpuCores === undefined ? {} : {NanoCpus: Math.round(cpuCores * NANO_CPUS_PER_CORE)}),
    ...(memoryMiB === undefined ? {} : {Memory: memoryMiB * BYTES_PER_MIB}),
    ...(memoryReservationMiB === undefined ? {} : {MemoryReservation: memoryReservationMiB * BYTES_PER_MIB}),
    ...(memoryAndSwapMiB === undefined ? {} : {MemorySwap: memoryAndSwapMiB * BYTES_PER_MIB}),
    ...(swappiness === undefined ? {} : {MemorySwappiness: swappiness}),
    ...(sharedMemoryMiB === undefined ? {} : {ShmSize: sharedMemoryMiB * BYTES_PER_MIB}),
    ...(tmpfs ? {Tmpfs: {...tmpfs}} : {}),
    ...(ulimits ? {Ulimits: ulimits.map(({hard, name, soft}) => ({Name: name, Soft: soft, Hard: hard}))} : {}),
    ...gpuRequest(spec.gpuIds),
  }
}

/** What `HostConfig` says of limits, as far as we set them. */
export interface LimitsJson {
  readonly CpuShares?: number
  readonly NanoCpus?: number
  /** Microseconds of CPU in each period: another way to say what `NanoCpus` says. */
  readonly CpuQuota?: number
  readonly CpuPeriod?: number
  readonly Memory?: number
  readonly MemoryReservation?: number
  readonly MemorySwap?: number
}

/** Docker's own period where none is said, in microseconds. */
const CPU_PERIOD = 100_000

/** The limits that an engine tells. */
export function limitsSeen({
  CpuPeriod,
  CpuQuota = 0,
  CpuShares,
  Memory,
  MemoryReservation,
  MemorySwap,
  NanoCpus,
}: LimitsJson): ContainerLimits {
  return {
    cpuShares: CpuShares ?? 0,
    cpuCores: NanoCpus ? NanoCpus / NANO_CPUS_PER_CORE : Math.max(0, CpuQuota) / (CpuPeriod || CPU_PERIOD),
    memoryBytes: Memory ?? 0,
    memoryReservationBytes: MemoryReservation ?? 0,
    memoryAndSwapBytes: MemorySwap ?? 0,
  }
}

/** The body of `POST /containers/ID/update` (ContainerUpdate, read 2026-11-27). What it says nothing of, and what is 0 in it, the engine leaves as it is. */
export function updateBody({
  cpuCores,
  cpuShares,
  memoryAndSwapBytes,
  memoryBytes,
  memoryReservationBytes,
  restartPolicy,
}: ContainerUpdate): object {
  return {
    ...(cpuShares === undefined ? {} : {CpuShares: cpuShares}),
    ...(cpuCores === undefined ? {} : {NanoCpus: Math.round(cpuCores * NANO_CPUS_PER_CORE)}),
    ...(memoryBytes === undefined ? {} : {Memory: memoryBytes}),
    ...(memoryReservationBytes === undefined ? {} : {MemoryReservation: memoryReservationBytes}),
    ...(memoryAndSwapBytes === undefined ? {} : {MemorySwap: memoryAndSwapBytes}),
    ...(restartPolicy === undefined ? {} : {RestartPolicy: {Name: restartPolicy}}),
  }
}

/** GPUs as NVIDIA's runtime takes them: by id, or all there are. */
function gpuRequest(gpuIds: ContainerSpec['gpuIds']): object {
  if (gpuIds === undefined || gpuIds.length === 0) return {}
  const which = gpuIds === 'all' ? {Count: -1} : {DeviceIDs: [...gpuIds]}
  return {DeviceRequests: [{...which, Capabilities: [['gpu']]}]}
}
