// Rules on CPU and memory, of the task and of its containers within it.
import {containersOf, type DraftContainer, type DraftDocument, type Finding} from '../draft.js'
import {taskCpuUnits, taskMemoryMiB} from '../sizes.js'

const MIN_CPU_UNITS = 128
const MAX_CPU_UNITS = 196_608
/** Docker runs nothing in less. */
const MIN_MEMORY_MIB = 6

export function* taskSizeRules(document: DraftDocument): Iterable<Finding> {
  const cpuUnits = document.cpu === undefined ? MIN_CPU_UNITS : (taskCpuUnits(document.cpu) ?? 0)
  if (cpuUnits < MIN_CPU_UNITS || cpuUnits > MAX_CPU_UNITS)
    yield {
      path: ['cpu'],
      rule: `Invalid 'cpu' setting for task: it must be from ${MIN_CPU_UNITS} to ${MAX_CPU_UNITS} CPU units, such as "512", or vCPUs, such as "0.5 vCPU"`,
    }
  const memoryMiB = document.memory === undefined ? MIN_MEMORY_MIB : (taskMemoryMiB(document.memory) ?? 0)
  if (memoryMiB < MIN_MEMORY_MIB)
    yield {path: ['memory'], rule: `Invalid 'memory' setting for task: it must be MiB, such as "1024", or GB, such as "1 GB"`}
}

export function* containerSizeRules(document: DraftDocument): Iterable<Finding> {
  const taskMemory = document.memory === undefined ? undefined : taskMemoryMiB(document.memory)
  for (const [{memory, memoryReservation}, path] of containersOf(document)) {
    if (document.memory === undefined && !memory && !memoryReservation)
      yield {path: [...path, 'memory'], rule: 'is required, or memoryReservation is: the task has no memory of its own'}
    if (memory !== undefined && memoryReservation !== undefined && memory <= memoryReservation)
      yield {path: [...path, 'memory'], rule: `must be greater than the memoryReservation of ${memoryReservation} MiB`}
    if (taskMemory === undefined) continue
    if (memory !== undefined && memory > taskMemory)
      yield {path: [...path, 'memory'], rule: `The 'memory' setting for container is greater than for the task: ${taskMemory} MiB`}
    if (memoryReservation !== undefined && memoryReservation > taskMemory)
      yield {path: [...path, 'memoryReservation'], rule: `is greater than the memory of the task: ${taskMemory} MiB`}
  }
  yield* sumRules(document, taskMemory)
}

/** Nothing where a container by itself is too large already: its fault tells more. */
function* sumRules(document: DraftDocument, taskMemory: number | undefined): Iterable<Finding> {
  const sizes = containersOf(document).map(([container]) => reservedMiB(container))
  const sum = sizes.reduce((total, one) => total + one, 0)
  if (taskMemory !== undefined && sum > taskMemory && sizes.every((size) => size <= taskMemory))
    yield {path: ['memory'], rule: `is less than the ${sum} MiB that the containers reserve together`}
}

function reservedMiB({memory, memoryReservation}: DraftContainer): number {
  return memoryReservation || memory || 0
}
