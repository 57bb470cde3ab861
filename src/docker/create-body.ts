// A container to be made, as Docker's create call wants it (Engine API 1.41, ContainerCreate, read 2026-11-23).
import type {ContainerSpec, HealthCheckSpec, NamespaceOf, PortSpec} from '../world/container-spec.js'
import {hostLimits} from './host-limits.js'
import {taskLabels} from './labels.js'

const NANOSECONDS = 1_000_000_000

/** The body of `POST /containers/create`; a new object each time. Nothing of it may go into the URL: environments hold secrets. */
export function createBody(spec: ContainerSpec): object {
  const {healthCheck, interactive} = spec
  return {
    Image: spec.image,
    ...(spec.entryPoint ? {Entrypoint: [...spec.entryPoint]} : {}),
    ...(spec.command ? {Cmd: [...spec.command]} : {}),
    ...(spec.hostname === undefined ? {} : {Hostname: spec.hostname}),
    ...(spec.user === undefined ? {} : {User: spec.user}),
    ...(spec.workingDirectory === undefined ? {} : {WorkingDir: spec.workingDirectory}),
    ...(spec.networkDisabled ? {NetworkDisabled: true} : {}),
    ...(interactive ? {OpenStdin: true} : {}),
    ...(spec.terminal ? {Tty: true} : {}),
    ...(healthCheck === undefined ? {} : {Healthcheck: healthCheck === 'none' ? {Test: ['NONE']} : healthCheckBody(healthCheck)}),
    Env: spec.environment.map(({name, value}) => `${name}=${value}`),
    ExposedPorts: Object.fromEntries(spec.ports.map((port) => [portKey(port), {}])),
    Labels: {...spec.labels, ...taskLabels(spec.owner)},
    StopTimeout: spec.stopTimeoutSeconds,
    HostConfig: {...hostLimits(spec), ...sharing(spec), ...networking(spec), ...rights(spec)},
  }
}

/** What it shares with other containers and with the host's disk. */
function sharing({binds, ipc, log, pid, volumesFrom}: ContainerSpec): object {
  return {
    Binds: [...binds],
    ...(volumesFrom ? {VolumesFrom: [...volumesFrom]} : {}),
    ...(pid ? {PidMode: namespaceText(pid)} : {}),
    ...(ipc ? {IpcMode: namespaceText(ipc)} : {}),
    ...(log ? {LogConfig: {Type: log.driver, Config: {...log.options}}} : {}),
  }
}

function networking({dnsSearchDomains, dnsServers, extraHosts, links, network, ports}: ContainerSpec): object {
  return {
    PortBindings: portBindings(ports),
    ...(network ? {NetworkMode: namespaceText(network)} : {}),
    ...(links ? {Links: [...links]} : {}),
    ...(dnsServers ? {Dns: [...dnsServers]} : {}),
    ...(dnsSearchDomains ? {DnsSearch: [...dnsSearchDomains]} : {}),
    ...(extraHosts ? {ExtraHosts: [...extraHosts]} : {}),
  }
}

/** What it may do to its host. */
function rights({capabilities, devices, init, privileged, readonlyRootFilesystem, securityOptions, sysctls}: ContainerSpec): object {
  return {
    ...(privileged ? {Privileged: true} : {}),
    ...(readonlyRootFilesystem ? {ReadonlyRootfs: true} : {}),
    ...(securityOptions ? {SecurityOpt: [...securityOptions]} : {}),
    ...(capabilities?.add ? {CapAdd: [...capabilities.add]} : {}),
    ...(capabilities?.drop ? {CapDrop: [...capabilities.drop]} : {}),
    ...(devices
      ? {
          Devices: devices.map(({containerPath, hostPath, permissions}) => ({
            PathOnHost: hostPath,
            PathInContainer: containerPath,
            CgroupPermissions: permissions,
          })),
        }
      : {}),
    ...(init ? {Init: true} : {}),
    ...(sysctls ? {Sysctls: {...sysctls}} : {}),
  }
}

function healthCheckBody({intervalSeconds, retries, startPeriodSeconds, test, timeoutSeconds}: HealthCheckSpec): object {
  return {
    Test: [...test],
    Interval: intervalSeconds * NANOSECONDS,
    Timeout: timeoutSeconds * NANOSECONDS,
    Retries: retries,
    StartPeriod: startPeriodSeconds * NANOSECONDS,
  }
}

function namespaceText(namespace: string | NamespaceOf): string {
  return typeof namespace === 'string' ? namespace : `container:${namespace.container}`
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
