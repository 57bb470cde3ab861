// What one container may be given of its host, checked before anything is touched.
import {InvalidInputError} from '../errors.js'

/** Docker runs nothing in less memory (from 20.10 on). */
const MIN_MEMORY_MIB = 6

/** `memoryMiB` itself when a container can run in it. Throws `InvalidSize`. */
export function checkMemory(memoryMiB: number): number {
  if (Number.isSafeInteger(memoryMiB) && memoryMiB >= MIN_MEMORY_MIB) return memoryMiB
  throw new InvalidInputError('InvalidSize', `A container needs whole MiB of memory, at least ${MIN_MEMORY_MIB}; ${memoryMiB} was given.`, {
    suggestions: ['berth task run FAMILY --memory 64', 'berth task run --image nginx:1 --memory 64'],
  })
}

/** `cpuUnits` itself when it is a number of CPU units. Throws `InvalidCpu`. */
export function checkCpu(cpuUnits: number): number {
  if (Number.isSafeInteger(cpuUnits) && cpuUnits >= 0) return cpuUnits
  throw new InvalidInputError('InvalidCpu', `A container takes a whole number of CPU units; ${cpuUnits} was given. 1024 are one core.`, {
    suggestions: ['berth task run FAMILY --cpu 256', 'berth task run --image nginx:1 --cpu 256'],
  })
}

/** What Linux takes as CPU weight: ECS's agent raises 0 and 1 to 2, and Docker's kernel limit is 262144. */
const MIN_CPU_SHARES = 2
const MAX_CPU_SHARES = 262_144

/** The CPU weight that an engine is given where so many shares are asked for. */
export function cpuWeight(cpuShares: number): number {
  return Math.min(Math.max(cpuShares, MIN_CPU_SHARES), MAX_CPU_SHARES)
}
