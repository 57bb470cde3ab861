// May this instance take this task? Each filter answers `undefined` for yes, or says what lacks: with what is needed and what is there.
// Codes are those of ECS's failures[] (developer guide, "API failures messages", read 2026-11-23). INACTIVE is what ECS's StartTask answers for an
// instance that is not ACTIVE; ECS's RunTask passes over such instances unsaid, and we name them.
import type {PlacementRequest, Reason} from '../model/placement.js'
import type {Need} from '../model/resources.js'
import type {Candidate} from './fleet.js'
import {portKeys} from './ports.js'

/** A lack, before the instance's name is put to it. */
interface Lack {
  readonly code: string
  readonly said: string
}

/** A request as the filters read it: its need is computed once. */
export interface Demand extends Pick<PlacementRequest, 'group' | 'requiredAttributes'> {
  readonly need: Need
}

export type Filter = (demand: Demand, candidate: Candidate) => Lack | undefined

/** What every request asks of an instance, in ECS's order; constraints come after. */
export const INSTANCE_FILTERS: readonly Filter[] = [status, connection, cpu, memory, ports, gpu, attributes]

/** Every reason, not the first only, why the candidate cannot take one more task of this demand, in the order of the filters; empty when it can. */
export function reasonsAgainst(filters: readonly Filter[], demand: Demand, candidate: Candidate): readonly Reason[] {
  const {id, name} = candidate.instance
  return filters.flatMap((filter) => {
    const lack = filter(demand, candidate)
    return lack ? [{instanceId: id, instance: name, ...lack}] : []
  })
}

function status(_: Demand, {instance}: Candidate): Lack | undefined {
  return instance.status === 'ACTIVE' ? undefined : {code: 'INACTIVE', said: `is ${instance.status}`}
}

function connection(_: Demand, {silence}: Candidate): Lack | undefined {
  return silence === undefined ? undefined : {code: 'AGENT', said: silence}
}

function cpu({need}: Demand, {remaining}: Candidate): Lack | undefined {
  return amount('RESOURCE:CPU', 'CPU units', need.cpuUnits, remaining.cpuUnits)
}

function memory({need}: Demand, {remaining}: Candidate): Lack | undefined {
  return amount('RESOURCE:MEMORY', 'MiB', need.memoryMiB, remaining.memoryMiB)
}

function gpu({need}: Demand, {remaining}: Candidate): Lack | undefined {
  return amount('RESOURCE:GPU', 'GPU', need.gpuCount, remaining.gpuIds.length)
}

/** Who needs nothing always fits, also where foreign containers hold more than was registered. */
function amount(code: string, unit: string, needed: number, remaining: number): Lack | undefined {
  if (needed <= 0 || needed <= remaining) return undefined
  return {code, said: `needs ${needed} ${unit}, ${Math.max(0, remaining)} ${unit} remain`}
}

function ports({need}: Demand, {portHolders}: Candidate): Lack | undefined {
  const taken = portKeys(need).flatMap((port) => (portHolders.has(port) ? [`port ${port} is ${portHolders.get(port)}`] : []))
  return taken.length === 0 ? undefined : {code: 'RESOURCE:PORTS', said: taken.join(', ')}
}

function attributes({requiredAttributes}: Demand, candidate: Candidate): Lack | undefined {
  const missing = requiredAttributes.filter((name) => !Object.hasOwn(candidate.attributes, name))
  return missing.length === 0 ? undefined : {code: 'ATTRIBUTE', said: `lacks attribute ${missing.join(', ')}`}
}
