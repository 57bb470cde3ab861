// What the CPU and memory of a task say, and which pairs of them Fargate has (developer guide, "Task size", read 2026-11-26).
import type {DraftDocument} from './draft.js'

const UNITS_PER_VCPU = 1024
const MIB_PER_GB = 1024

/** CPU units of `1024`, `1 vCPU`, `.5vcpu`; `undefined` where it says no whole number of them. */
export function taskCpuUnits(text: string): number | undefined {
  return amount(text, /^(\d*\.?\d+)\s*vcpu$/i, UNITS_PER_VCPU)
}

/** MiB of `1024`, `1GB`, `0.5 gb`; `undefined` where it says no whole number of them. */
export function taskMemoryMiB(text: string): number | undefined {
  return amount(text, /^(\d*\.?\d+)\s*gb$/i, MIB_PER_GB)
}

/** The document with its CPU and memory as the decimal numbers that ECS stores; what cannot be read stays as it is. */
export function withPlainSizes(document: DraftDocument): DraftDocument {
  const cpu = document.cpu === undefined ? undefined : taskCpuUnits(document.cpu)
  const memory = document.memory === undefined ? undefined : taskMemoryMiB(document.memory)
  return {...document, ...(cpu === undefined ? {} : {cpu: String(cpu)}), ...(memory === undefined ? {} : {memory: String(memory)})}
}

/** Has Fargate tasks of this size? */
export function isFargateSize(cpuUnits: number, memoryMiB: number): boolean {
  const memoryGB = memoryMiB / MIB_PER_GB
  if (cpuUnits === 256) return [0.5, 1, 2].includes(memoryGB)
  const [least, most, step] = FARGATE_MEMORY_GB[cpuUnits] ?? [1, 0, 1]
  return memoryGB >= least && memoryGB <= most && (memoryGB - least) % step === 0
}

/** From, to and step, by CPU units. */
const FARGATE_MEMORY_GB: Readonly<Record<number, readonly [least: number, most: number, step: number]>> = {
  512: [1, 4, 1],
  1024: [2, 8, 1],
  2048: [4, 16, 1],
  4096: [8, 30, 1],
  8192: [16, 60, 4],
  16384: [32, 120, 8],
}

function amount(text: string, withUnit: RegExp, size: number): number | undefined {
  const [, scaled] = withUnit.exec(text.trim()) ?? []
  const value = scaled === undefined ? (/^\d{1,12}$/.test(text) ? Number(text) : Number.NaN) : Number(scaled) * size
  return Number.isSafeInteger(value) ? value : undefined
}
