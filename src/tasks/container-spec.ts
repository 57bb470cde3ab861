// A container of a task as the engine is to make it: ECS's field names in, Docker's meanings out.
import {taskArn} from '../ecs/arns.js'
import type {ContainerDefinition, HealthCheck, LinuxParameters, NameValue} from '../model/container-definition.js'
import type {TaskOwnership} from '../model/ownership.js'
import {mappedPorts} from '../model/port-mappings.js'
import {PAUSE_CONTAINER} from '../model/run-document.js'
import type {WorkloadSeat} from '../model/service.js'
import type {Task} from '../model/task.js'
import {DEFAULT_STOP_TIMEOUT_SECONDS, gpuCountOf, mergeEnvironment, type TaskDefinitionDocument} from '../model/task-definition.js'
import type {ContainerSpec, HealthCheckSpec, PortSpec} from '../world/container-spec.js'
import {limitsOf} from './limits.js'
import {logOf} from './log-driver.js'
import {NO_MATERIALS, type RunMaterials} from './materials.js'
import {namespacesOf} from './namespaces.js'
import {documentOf, type TaskInContext} from './task-in-context.js'
import {taskRecordText} from './task-record.js'
import {bindsOf} from './volumes.js'

/** `image`: what the engine is to know the image by; default: as the definition says. */
export function containerSpec(context: TaskInContext, container: ContainerDefinition, image = container.image): ContainerSpec {
  const document = documentOf(context)
  const {materials = NO_MATERIALS, task} = context
  const nameOnHost = (name: string) => task.containers.find((one) => one.name === name)?.containerName ?? name
  return {
    name: nameOnHost(container.name),
    image,
    owner: ownership(context, container.name),
    environment: environmentOf(container, materials),
    ...limitsOf(document, container, context.coreCount ?? 0),
    ports: portsOf(document, container),
    binds: bindsOf(container, document, task.id),
    ...namespacesOf(document, container, nameOnHost),
    ...logOf(container, materials.logOptions[container.name] ?? {}),
    ...processOf(container),
    ...hostOf(container),
    ...linuxOf(container.linuxParameters ?? {}),
    ...gpusOf(document, container, task),
    healthCheck: healthCheckOf(container.healthCheck),
    stopTimeoutSeconds: container.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS,
  }
}

function ownership({cluster, definition, epoch, task}: TaskInContext, containerName: string): TaskOwnership {
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
    ...(task.workload === undefined ? {} : workloadLabels(task.workload)),
    ...(epoch === undefined ? {} : {epoch}),
    record: taskRecordText(task),
  }
}

function workloadLabels({deploymentId, kind, name, slot}: WorkloadSeat): Pick<TaskOwnership, 'daemon' | 'deployment' | 'service' | 'slot'> {
  return {
    ...(kind === 'service' ? {service: name} : {daemon: name}),
    deployment: deploymentId,
    ...(slot === undefined ? {} : {slot: `${name}/${slot}`}),
  }
}

/** Files under secrets under what definition and run say: ECS lets the run's own win, and files lose to everything. */
function environmentOf({environment, name}: ContainerDefinition, {fileEnvironment, secretEnvironment}: RunMaterials): readonly NameValue[] {
  const hidden = mergeEnvironment(fileEnvironment[name] ?? [], secretEnvironment[name] ?? [])
  return mergeEnvironment(hidden, environment ?? [])
}

/** Where the containers share a network interface, the one that holds it publishes the ports of all. */
function portsOf(document: TaskDefinitionDocument, container: ContainerDefinition): readonly PortSpec[] {
  const {containerDefinitions, networkMode} = document
  if (networkMode === 'host' || networkMode === 'none') return []
  if (networkMode !== 'awsvpc') return mappedPorts(container, networkMode)
  return container.name === PAUSE_CONTAINER ? containerDefinitions.flatMap((one) => mappedPorts(one, networkMode)) : []
}

function processOf(container: ContainerDefinition): Partial<ContainerSpec> {
  const {command, entryPoint, hostname, interactive, pseudoTerminal, user, workingDirectory} = container
  return {
    ...(entryPoint ? {entryPoint} : {}),
    ...(command ? {command} : {}),
    ...(hostname === undefined ? {} : {hostname}),
    ...(user === undefined ? {} : {user}),
    ...(workingDirectory === undefined ? {} : {workingDirectory}),
    ...(interactive ? {interactive} : {}),
    ...(pseudoTerminal ? {terminal: true} : {}),
  }
}

function hostOf(container: ContainerDefinition): Partial<ContainerSpec> {
  const {disableNetworking, dnsSearchDomains, dnsServers, dockerLabels, dockerSecurityOptions, extraHosts} = container
  return {
    ...(disableNetworking ? {networkDisabled: true} : {}),
    ...(container.privileged ? {privileged: true} : {}),
    ...(container.readonlyRootFilesystem ? {readonlyRootFilesystem: true} : {}),
    ...(dnsServers ? {dnsServers} : {}),
    ...(dnsSearchDomains ? {dnsSearchDomains} : {}),
    ...(extraHosts ? {extraHosts: extraHosts.map(({hostname, ipAddress}) => `${hostname}:${ipAddress}`)} : {}),
    ...(dockerSecurityOptions ? {securityOptions: dockerSecurityOptions} : {}),
    ...(dockerLabels ? {labels: dockerLabels} : {}),
    ...(container.ulimits ? {ulimits: container.ulimits.map((one) => ({name: one.name, soft: one.softLimit, hard: one.hardLimit}))} : {}),
    ...(container.systemControls
      ? {sysctls: Object.fromEntries(container.systemControls.map(({namespace = '', value = ''}) => [namespace, value]))}
      : {}),
  }
}

/** Docker's letters for what a container may do with a device; all of them when nothing is said. */
const PERMISSIONS = {read: 'r', write: 'w', mknod: 'm'} as const

function linuxOf({capabilities, devices, initProcessEnabled, sharedMemorySize, tmpfs}: LinuxParameters): Partial<ContainerSpec> {
  return {
    ...(capabilities ? {capabilities} : {}),
    ...(devices
      ? {
          devices: devices.map(({containerPath, hostPath, permissions = ['read', 'write', 'mknod']}) => ({
            hostPath,
            containerPath: containerPath ?? hostPath,
            permissions: permissions.map((one) => PERMISSIONS[one]).join(''),
          })),
        }
      : {}),
    ...(initProcessEnabled ? {init: true} : {}),
    ...(sharedMemorySize === undefined ? {} : {sharedMemoryMiB: sharedMemorySize}),
    ...(tmpfs
      ? {tmpfs: Object.fromEntries(tmpfs.map((one) => [one.containerPath, [`size=${one.size}m`, ...(one.mountOptions ?? [])].join(',')]))}
      : {}),
  }
}

/** The GPUs of a task are dealt out to its containers in the order of the definition. */
function gpusOf(
  {containerDefinitions}: TaskDefinitionDocument,
  container: ContainerDefinition,
  {gpuIds = []}: Task,
): Partial<ContainerSpec> {
  const wanted = (container.resourceRequirements ?? []).find(({type}) => type === 'GPU')
  if (!wanted) return {}
  if (wanted.value === 'ALL') return {gpuIds: 'all'}
  const place = containerDefinitions.findIndex(({name}) => name === container.name)
  const dealt = containerDefinitions.slice(0, place).reduce((sum, one) => sum + gpuCountOf(one), 0)
  return {gpuIds: gpuIds.slice(dealt, dealt + gpuCountOf(container))}
}

/** Without one of the definition the image's own is switched off: ECS ignores it. Defaults are ECS's. */
function healthCheckOf(check: HealthCheck | undefined): HealthCheckSpec | 'none' {
  if (check === undefined || check.command[0] === 'NONE') return 'none'
  const {command, interval = 30, retries = 3, startPeriod = 0, timeout = 5} = check
  // Docker wants to be told which; a single word is what a shell is given, as the console writes it.
  const test = command[0] === 'CMD' || command[0] === 'CMD-SHELL' ? command : ['CMD-SHELL', command.join(' ')]
  return {test, intervalSeconds: interval, timeoutSeconds: timeout, retries, startPeriodSeconds: startPeriod}
}
