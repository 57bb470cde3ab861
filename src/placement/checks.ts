// What is asked of an instance before it takes a task, each question with what is needed and what is there.
// Codes are those of ECS's failures[] (developer guide, "API failures messages", read 2026-11-23). INACTIVE is what ECS's StartTask answers for an
// instance that is not ACTIVE; ECS's RunTask passes over such instances unsaid, and we name them.
import type {Attributes, RequiredAttribute} from '../model/attributes.js'
import type {Check, PlacementRequest} from '../model/placement.js'
import type {Need} from '../model/resources.js'
import type {Candidate} from './fleet.js'
import {portKeys} from './ports.js'

/** A request as its questions read it: its need is computed once. */
export interface Demand extends Pick<PlacementRequest, 'group' | 'requiredAttributes'> {
  readonly need: Need
}

/** One kind of question. `isMet` says in short what `checks` say at length: it is asked of every instance, they only where somebody wants to know. */
export interface Question {
  isMet(demand: Demand, candidate: Candidate): boolean
  checks(demand: Demand, candidate: Candidate): readonly Check[]
}

const status: Question = {
  isMet: (_, {instance}) => instance.status === 'ACTIVE',
  checks: (_, {instance}) => [
    {
      what: 'status',
      need: 'ACTIVE',
      have: instance.status,
      isMet: instance.status === 'ACTIVE',
      code: 'INACTIVE',
      said: `is ${instance.status}`,
    },
  ],
}

const connection: Question = {
  isMet: (_, {silence}) => silence === undefined,
  checks: (_, {silence}) => [
    {
      what: 'connection',
      need: 'an engine that answers',
      have: silence ?? 'answers',
      isMet: silence === undefined,
      code: 'AGENT',
      said: silence ?? 'answers',
    },
  ],
}

/** Who needs nothing always fits, also where foreign containers hold more than was registered. */
function amount(
  what: string,
  code: string,
  unit: string,
  needed: (need: Need) => number,
  remaining: (candidate: Candidate) => number,
): Question {
  const isMet: Question['isMet'] = ({need}, candidate) => needed(need) <= 0 || needed(need) <= remaining(candidate)
  return {
    isMet,
    checks: (demand, candidate) => {
      const need = needed(demand.need)
      const have = Math.max(0, remaining(candidate))
      const met = isMet(demand, candidate)
      return [
        {
          what,
          need: `${need} ${unit}`,
          have: `${have} ${unit}`,
          isMet: met,
          code,
          said: met ? '' : `needs ${need} ${unit}, ${have} ${unit} remain`,
          lacking: Math.max(0, need - have),
        },
      ]
    },
  }
}

const cpu = amount(
  'cpu',
  'RESOURCE:CPU',
  'CPU units',
  ({cpuUnits}) => cpuUnits,
  ({remaining}) => remaining.cpuUnits,
)

const memory = amount(
  'memory',
  'RESOURCE:MEMORY',
  'MiB',
  ({memoryMiB}) => memoryMiB,
  ({remaining}) => remaining.memoryMiB,
)

const gpu = amount(
  'gpu',
  'RESOURCE:GPU',
  'GPU',
  ({gpuCount}) => gpuCount,
  ({remaining}) => remaining.gpuIds.length,
)

const ports: Question = {
  isMet: ({need}, {portHolders}) =>
    need.tcpPorts.every((port) => !portHolders.has(`${port}/tcp`)) && need.udpPorts.every((port) => !portHolders.has(`${port}/udp`)),
  checks: ({need}, {portHolders}) =>
    portKeys(need).map((port) => {
      const holder = portHolders.get(port)
      return {
        what: `port ${port}`,
        need: 'free',
        have: holder ?? 'free',
        isMet: holder === undefined,
        code: 'RESOURCE:PORTS',
        said: `port ${port} is ${holder}`,
      }
    }),
}

const attributes: Question = {
  isMet: ({requiredAttributes}, {attributes: there}) => requiredAttributes.every((one) => hasAttribute(there, one)),
  checks: ({requiredAttributes}, {attributes: there}) =>
    requiredAttributes.map((required) => {
      const {name, value} = required
      const have = Object.hasOwn(there, name) ? (there[name] ?? 'there') : 'not there'
      const said = value === undefined || have === 'not there' ? `lacks attribute ${name}` : `needs ${name} ${value}, and it is ${have}`
      return {what: `attribute ${name}`, need: value ?? 'there', have, isMet: hasAttribute(there, required), code: 'ATTRIBUTE', said}
    }),
}

function hasAttribute(there: Attributes, {name, value}: RequiredAttribute): boolean {
  return Object.hasOwn(there, name) && (value === undefined || there[name] === value)
}

/** What every request asks of an instance, in ECS's order; constraints come after. */
export const INSTANCE_QUESTIONS: readonly Question[] = [status, connection, cpu, memory, ports, gpu, attributes]

/** Those of them whose answers no task changes that is placed. */
export const LASTING_QUESTIONS: readonly Question[] = [status, connection, attributes]

/** Can the candidate take one more task of this demand? */
export function isFit(questions: readonly Question[], demand: Demand, candidate: Candidate): boolean {
  return questions.every((question) => question.isMet(demand, candidate))
}

/** Every check, met or not, in the order of the questions. */
export function checksOf(questions: readonly Question[], demand: Demand, candidate: Candidate): readonly Check[] {
  return questions.flatMap((question) => question.checks(demand, candidate))
}
