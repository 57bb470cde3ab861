// May this instance take this task? Each filter answers `undefined` for yes, or says what lacks: with what is needed and what is there.
// Codes are those of ECS's failures[] (developer guide, "API failures messages", read 2026-11-23). INACTIVE is what ECS's StartTask answers for an
// instance that is not ACTIVE; ECS's RunTask passes over such instances unsaid, and we name them.
import {InvalidInputError} from '../errors.js'
import type {PlacementConstraint, PlacementRequest, Reason} from '../model/placement.js'
import type {Need} from '../model/resources.js'
import type {Candidate} from './fleet.js'
import {portKeys} from './ports.js'

/** A lack, before the instance's name is put to it. */
interface Lack {
  readonly code: string
  readonly said: string
}

/** A request as the filters read it: its need is computed once. */
export interface Demand extends Pick<PlacementRequest, 'constraints' | 'group' | 'requiredAttributes'> {
  readonly need: Need
}

type Filter = (demand: Demand, candidate: Candidate) => Lack | undefined

/** Every reason, not the first only, why the candidate cannot take one more task of this demand; in ECS's order; empty when it can. */
export function reasonsAgainst(demand: Demand, candidate: Candidate): readonly Reason[] {
  const {id, name} = candidate.instance
  const lacks = [...FILTERS.map((filter) => filter(demand, candidate)), ...demand.constraints.map((one) => constraintLack(one, demand, candidate))]
  return lacks.flatMap((lack) => (lack ? [{instanceId: id, instance: name, ...lack}] : []))
}

const FILTERS: readonly Filter[] = [status, connection, cpu, memory, ports, gpu, attributes]

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

function constraintLack(constraint: PlacementConstraint, {group}: Demand, {tasksInGroup}: Candidate): Lack | undefined {
  switch (constraint.type) {
    case 'distinctInstance':
      return tasksInGroup.has(group)
        ? {code: 'DistinctInstance placement constraint unsatisfied.', said: `holds a task of group ${group}, and distinctInstance allows one`}
        : undefined
    case 'memberOf':
      throw new InvalidInputError('UnsupportedFeatureException', 'Placement constraint memberOf is not supported by this version of Berth.')
  }
}
