// ECS's TaskOverride as JSON, as `aws ecs run-task --overrides` takes it (API reference of RunTask, read 2026-11-23).
import {InvalidInputError} from '../errors.js'
import {checkCpu, checkMemory} from './container-limits.js'
import {quoted} from './names.js'
import type {NameValue} from './container-definition.js'
import type {ContainerOverride, TaskOverride} from './task-definition.js'

const MAX_LENGTH = 8192

/** What ECS has besides, and we not yet: refused by name, so that nothing is left out in silence. */
const UNSUPPORTED = [
  'environmentFiles',
  'ephemeralStorage',
  'executionRoleArn',
  'inferenceAcceleratorOverrides',
  'resourceRequirements',
  'taskRoleArn',
]

type Fields<T> = {readonly [K in keyof T]-?: (value: unknown, where: string) => NonNullable<T[K]>}

/**
 * Reads the JSON of a TaskOverride. Whether its containers are in the definition is for `overrideOf` to see. Throws `InvalidOverrides`,
 * `InvalidCpu`, `InvalidSize`, and `UnsupportedFeatureException` for a field of ECS that this version does not have.
 */
export function parseOverrides(text: string): TaskOverride {
  if (text.length > MAX_LENGTH) throw invalid(`The overrides are ${text.length} characters long; ECS takes at most ${MAX_LENGTH}.`)
  return fieldsOf<TaskOverride>(json(text), TASK_FIELDS, 'overrides')
}

const ENVIRONMENT_FIELDS: Fields<NameValue> = {name: nonEmpty, value: string}

const CONTAINER_FIELDS: Fields<ContainerOverride> = {
  command: (value, where) => list(value, where, string),
  cpu: (value, where) => checkCpu(number(value, where)),
  environment: (value, where) => list(value, where, (one, at) => whole<NameValue>(one, ENVIRONMENT_FIELDS, at, ['name', 'value'])),
  memory: (value, where) => checkMemory(number(value, where)),
  memoryReservation: (value, where) => checkMemory(number(value, where)),
  name: nonEmpty,
}

const TASK_FIELDS: Fields<TaskOverride> = {
  containerOverrides: (value, where) =>
    onceEach(list(value, where, (one, at) => whole<ContainerOverride>(one, CONTAINER_FIELDS, at, ['name']))),
  cpu: digits,
  memory: digits,
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid('The overrides are not JSON.', error)
  }
}

/** As `fieldsOf`, when all the fields `needed` are there. */
function whole<T>(value: unknown, fields: Fields<T>, where: string, needed: readonly (keyof T & string)[]): T {
  const read = fieldsOf<T>(value, fields, where)
  const missing = needed.find((name) => read[name] === undefined)
  if (missing) throw invalid(`${where} needs the field ${missing}.`)
  return read as T
}

function fieldsOf<T>(value: unknown, fields: Fields<T>, where: string): Partial<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${where} must be a JSON object.`)
  const read = Object.entries(value).map(([name, held]) => {
    const at = `${where}.${name}`
    if (UNSUPPORTED.includes(name)) throw unsupported(at)
    if (!Object.hasOwn(fields, name)) throw invalid(`${where} has the field ${quoted(name)}, which ECS does not know.`)
    return [name, fields[name as keyof T](held, at)] as const
  })
  return Object.fromEntries(read) as Partial<T>
}

function list<T>(value: unknown, where: string, read: (one: unknown, at: string) => T): readonly T[] {
  if (!Array.isArray(value)) throw invalid(`${where} must be a list.`)
  return value.map((one: unknown, index) => read(one, `${where}[${index}]`))
}

function onceEach(overrides: readonly ContainerOverride[]): readonly ContainerOverride[] {
  const names = overrides.map(({name}) => name)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice === undefined) return overrides
  throw invalid(`The overrides name container ${quoted(twice)} more than once.`)
}

function string(value: unknown, where: string): string {
  // No program can be given a NUL: the system ends its words with one.
  if (typeof value === 'string' && !value.includes('\0')) return value
  throw invalid(`${where} must be a string without NUL.`)
}

function nonEmpty(value: unknown, where: string): string {
  const text = string(value, where)
  if (text === '') throw invalid(`${where} must not be empty.`)
  return text
}

function number(value: unknown, where: string): number {
  if (typeof value === 'number') return value
  throw invalid(`${where} must be a number.`)
}

function digits(value: unknown, where: string): string {
  if (typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value)) return value
  throw invalid(`${where} must be a whole number in quotes, such as "512".`)
}

function invalid(message: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError('InvalidOverrides', message, {
    cause,
    suggestions: [
      `berth task run FAMILY --overrides '{"containerOverrides":[{"name":"web","command":["date"]}]}'`,
      'berth task run FAMILY --overrides file://overrides.json',
    ],
  })
}

function unsupported(where: string): InvalidInputError {
  return new InvalidInputError('UnsupportedFeatureException', `${where} is not supported by this version of Berth.`, {
    suggestions: ['berth task run --help'],
  })
}
