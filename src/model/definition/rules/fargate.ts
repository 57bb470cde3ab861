// What Fargate wants besides, where a definition says that it must run there (developer guide, "Task definition differences for Fargate", read 2026-11-26).
// Fargate's own wish for an execution role is left out: roles mean nothing here.
import {containersOf, type DraftContainer, type DraftDocument, type Finding, items} from '../draft.js'
import type {Path} from '../fault.js'
import {isFargateSize, taskCpuUnits, taskMemoryMiB} from '../sizes.js'

const MIN_SECONDS = 2
const MAX_SECONDS = 120
const LOG_DRIVERS = ['awslogs', 'splunk', 'awsfirelens']
const NOT_THERE = 'is not to be had on Fargate'

export function* fargateRules(document: DraftDocument): Iterable<Finding> {
  if (!document.requiresCompatibilities?.includes('FARGATE')) return
  yield* taskRules(document)
  for (const [container, path] of containersOf(document)) {
    yield* containerRules(container, path)
    yield* linuxRules(container, path)
  }
  for (const [index, {dockerVolumeConfiguration, host}] of items(document.volumes)) {
    if (dockerVolumeConfiguration) yield {path: ['volumes', index, 'dockerVolumeConfiguration'], rule: NOT_THERE}
    if (host?.sourcePath) yield {path: ['volumes', index, 'host', 'sourcePath'], rule: NOT_THERE}
  }
}

function* taskRules(document: DraftDocument): Iterable<Finding> {
  for (const size of ['cpu', 'memory'] as const)
    if (document[size] === undefined) yield {path: [size], rule: `Fargate requires that '${size}' be defined at the task level`}
  const [cpuUnits, memoryMiB] = [taskCpuUnits(document.cpu ?? ''), taskMemoryMiB(document.memory ?? '')]
  if (cpuUnits !== undefined && memoryMiB !== undefined && !isFargateSize(cpuUnits, memoryMiB))
    yield {path: ['cpu'], rule: `No Fargate configuration exists for given values: ${cpuUnits} CPU units with ${memoryMiB} MiB`}
  const sum = containersOf(document).reduce((total, [{cpu = 0}]) => total + cpu, 0)
  if (cpuUnits !== undefined && sum > cpuUnits) yield {path: ['cpu'], rule: `is less than the ${sum} CPU units of the containers together`}
  if (document.networkMode !== 'awsvpc') yield {path: ['networkMode'], rule: 'must be awsvpc: Fargate has no other'}
  if (document.pidMode === 'host') yield {path: ['pidMode'], rule: 'must be task: Fargate has no other'}
  if (document.ipcMode !== undefined) yield {path: ['ipcMode'], rule: NOT_THERE}
  if (document.placementConstraints !== undefined) yield {path: ['placementConstraints'], rule: NOT_THERE}
}

function* containerRules(container: DraftContainer, path: Path): Iterable<Finding> {
  for (const timeout of ['startTimeout', 'stopTimeout'] as const) {
    const seconds = container[timeout]
    if (seconds !== undefined && (seconds < MIN_SECONDS || seconds > MAX_SECONDS))
      yield {path: [...path, timeout], rule: `must be from ${MIN_SECONDS} to ${MAX_SECONDS} seconds on Fargate`}
  }
  if (container.privileged) yield {path: [...path, 'privileged'], rule: NOT_THERE}
  if (container.dockerSecurityOptions) yield {path: [...path, 'dockerSecurityOptions'], rule: NOT_THERE}
  if (container.resourceRequirements) yield {path: [...path, 'resourceRequirements'], rule: NOT_THERE}
  const driver = container.logConfiguration?.logDriver
  if (driver !== undefined && !LOG_DRIVERS.includes(driver))
    yield {path: [...path, 'logConfiguration', 'logDriver'], rule: `must be one of ${LOG_DRIVERS.join(', ')} on Fargate`}
  if (driver === 'awslogs' && !container.logConfiguration?.options?.['awslogs-stream-prefix'])
    yield {path: [...path, 'logConfiguration', 'options', 'awslogs-stream-prefix'], rule: 'is required on Fargate'}
}

function* linuxRules({linuxParameters = {}}: DraftContainer, path: Path): Iterable<Finding> {
  const at = [...path, 'linuxParameters']
  for (const field of ['devices', 'maxSwap', 'sharedMemorySize', 'swappiness'] as const)
    if (linuxParameters[field] !== undefined) yield {path: [...at, field], rule: NOT_THERE}
  for (const [index, capability] of items(linuxParameters.capabilities?.add))
    if (capability !== 'SYS_PTRACE') yield {path: [...at, 'capabilities', 'add', index], rule: 'must be SYS_PTRACE: Fargate adds no other'}
}
