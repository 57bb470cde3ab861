// A container to be made, as Docker's create call wants it (Engine API 1.41, ContainerCreate, read 2026-11-23).
import type {ContainerSpec, PortSpec} from '../world/engine.js'
import {taskLabels} from './labels.js'

const BYTES_PER_MIB = 1024 * 1024
/** What Linux takes as CPU weight: ECS's agent raises 0 and 1 to 2, and Docker's kernel limit is 262144. */
const MIN_CPU_SHARES = 2
const MAX_CPU_SHARES = 262_144

/** The body of `POST /containers/create`; a new object each time. Nothing of it may go into the URL: environments hold secrets. */
export function createBody(spec: ContainerSpec): object {
  return {
    Image: spec.image,
    ...(spec.entryPoint ? {Entrypoint: [...spec.entryPoint]} : {}),
    ...(spec.command ? {Cmd: [...spec.command]} : {}),
    Env: spec.environment.map(({name, value}) => `${name}=${value}`),
    ExposedPorts: Object.fromEntries(spec.ports.map((port) => [portKey(port), {}])),
    Labels: taskLabels(spec.owner),
    StopTimeout: spec.stopTimeoutSeconds,
    HostConfig: hostConfig(spec),
  }
}

function hostConfig(spec: ContainerSpec): object {
  const {cpuShares, memoryMiB, memoryReservationMiB} = spec
  return {
    Binds: [...spec.binds],
    PortBindings: portBindings(spec.ports),
    ...(cpuShares === undefined ? {} : {CpuShares: Math.min(Math.max(cpuShares, MIN_CPU_SHARES), MAX_CPU_SHARES)}),
    ...(memoryMiB === undefined ? {} : {Memory: memoryMiB * BYTES_PER_MIB}),
    ...(memoryReservationMiB === undefined ? {} : {MemoryReservation: memoryReservationMiB * BYTES_PER_MIB}),
  }
}

/** One container port may be published at several host ports; an empty host port lets the engine choose. */
function portBindings(ports: readonly PortSpec[]): object {
  const keys = [...new Set(ports.map(portKey))]
  return Object.fromEntries(
    keys.map((key) => [
      key,
      ports.filter((port) => portKey(port) === key).map((port) => ({HostPort: port.hostPort ? String(port.hostPort) : ''})),
    ]),
  )
}

function portKey(port: PortSpec): string {
  return `${port.containerPort}/${port.protocol}`
}
