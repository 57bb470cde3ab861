// What an instance registers when it joins, by the ECS agent's rules (developer guide, "Container agent configuration", read 2026-11-23).
import {InvalidInputError} from '../errors.js'
import type {EngineFacts} from './instance.js'
import {MAX_RESERVED_PORTS, mergePorts, RESERVED_TCP_PORTS, type Resources, type ResourceSettings} from './resources.js'

/** The resources that tasks may share. Throws `InvalidResources` for a reserve that leaves nothing, for impossible numbers, and over 100 reserved ports. */
export function registeredResources(facts: EngineFacts, settings: ResourceSettings): Resources {
  const cpuUnits = settings.cpuUnits ?? facts.cpuCount * 1024
  const totalMiB = settings.memoryMiB ?? facts.memoryMiB
  const memoryMiB = totalMiB - settings.reserveMemoryMiB
  if (!isCount(cpuUnits) || cpuUnits === 0)
    throw invalid(`${cpuUnits} is no number of CPU units: give a whole number above 0; 1024 are one core.`, '--cpu 2048')
  if (!isCount(settings.reserveMemoryMiB))
    throw invalid(`${settings.reserveMemoryMiB} MiB cannot be kept in reserve: give a whole number.`, '--reserve-memory 512')
  if (!isCount(totalMiB)) throw invalid(`${totalMiB} is no amount of memory: give whole MiB.`, '--memory 4096')
  if (memoryMiB <= 0)
    throw invalid(
      `A reserve of ${settings.reserveMemoryMiB} MiB leaves nothing for tasks of the ${totalMiB} MiB of memory.`,
      `--reserve-memory ${Math.floor(totalMiB / 4)}`,
    )
  return {cpuUnits, memoryMiB, tcpPorts: reservedPorts(settings.reservePorts), udpPorts: [], gpuIds: facts.gpuIds}
}

function reservedPorts(ports: readonly number[]): readonly number[] {
  const impossible = ports.find((port) => !isCount(port) || port < 1 || port > 65_535)
  if (impossible !== undefined) throw invalid(`${impossible} is no port: give a number from 1 to 65535.`, '--reserve-port 8080')
  const reserved = mergePorts(RESERVED_TCP_PORTS, ports)
  if (reserved.length > MAX_RESERVED_PORTS)
    throw invalid(
      `An instance reserves at most ${MAX_RESERVED_PORTS} ports, the ${RESERVED_TCP_PORTS.length} that are always reserved among them; these are ${reserved.length}.`,
      '--reserve-port 8080',
    )
  return reserved
}

function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0
}

function invalid(message: string, flag: string): InvalidInputError {
  return new InvalidInputError('InvalidResources', message, {suggestions: [`berth instance join HOST ${flag}`]})
}
