// Instances that are only described, for what-if questions.
import {InvalidInputError} from '../errors.js'
import {type Attributes, checkAttributeValue, isAttributeName} from './attributes.js'
import {quoted} from './names.js'
import {parseMemoryMiB} from './size.js'

/** Hosts alike but for their number and the values that go round. */
export interface DescribedInstances {
  /** Absent: they are named by a letter. More than one are numbered. */
  readonly name?: string
  readonly count: number
  readonly cpuUnits: number
  readonly memoryMiB: number
  readonly attributes: readonly Round[]
}

/** An attribute with its values: the n-th instance has the n-th of them, and after the last the first again. */
export interface Round {
  readonly name: string
  readonly values: readonly string[]
}

export const MOST_INSTANCES = 100_000

/** Reads `100x4096cpu,16384mem,zone=a|b|c,disk=ssd`: the number first, sizes and attributes in any order. Throws `InvalidInstances`. */
export function parseDescribedInstances(text: string): DescribedInstances {
  const [, number, rest = ''] = /^(\d{1,6})x(.+)$/.exec(text) ?? []
  const count = Number(number)
  if (!(count >= 1 && count <= MOST_INSTANCES)) throw invalid(text, `begin with a number from 1 to ${MOST_INSTANCES} and an x`)
  const parts = rest.split(',')
  const cpuUnits = Number(parts.flatMap((part) => /^(\d{1,9})cpu$/.exec(part)?.[1] ?? [])[0])
  const memory = parts.flatMap((part) => /^(.+)mem$/.exec(part)?.[1] ?? [])[0]
  if (!(cpuUnits > 0) || memory === undefined)
    throw invalid(text, 'name the CPU units and the memory of each, such as 4096cpu and 16384mem')
  const attributes = parts.filter((part) => !/^(?:\d+cpu|[^=]+mem)$/.test(part)).map((part) => attributeOf(text, part))
  return {count, cpuUnits, memoryMiB: parseMemoryMiB(memory), attributes}
}

/** The attributes of the n-th of them, counted from 0. */
export function attributesAt({attributes}: DescribedInstances, index: number): Attributes {
  return Object.fromEntries(attributes.map(({name, values}) => [name, values[index % values.length] ?? '']))
}

/** The values of `a|b|c` of an attribute, which go round; `zone` is the availability zone. Throws `InvalidAttribute`. */
export function roundOf(name: string, values: string): Round {
  const known = name === 'zone' ? 'ecs.availability-zone' : name
  return {name: known, values: values.split('|').map((value) => checkAttributeValue(known, value))}
}

function attributeOf(text: string, part: string): Round {
  const cut = part.indexOf('=')
  const name = part.slice(0, cut)
  if (cut < 1 || !isAttributeName(name)) throw invalid(text, `write an attribute as name=value or name=a|b|c, not ${quoted(part)}`)
  return roundOf(name, part.slice(cut + 1))
}

function invalid(text: string, rule: string): InvalidInputError {
  return new InvalidInputError('InvalidInstances', `${quoted(text)} describes no instances: ${rule}.`, {
    suggestions: ["berth placement simulate web --count 500 --instances '100x4096cpu,16384mem,zone=a|b|c'"],
  })
}
