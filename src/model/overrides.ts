// ECS's TaskOverride as JSON, as `aws ecs run-task --overrides` takes it (API reference of RunTask, read 2026-11-23).
import {InvalidInputError} from '../errors.js'
import {checkCpu, checkMemory} from './container-limits.js'
import {quoted} from './names.js'
import type {EnvironmentFile, NameValue, ResourceRequirement} from './container-definition.js'
import type {ContainerOverride, TaskOverride} from './task-definition.js'

const MAX_LENGTH = 8192

const MAX_ENVIRONMENT_FILES = 10
const MIN_STORAGE_GIB = 21
const MAX_STORAGE_GIB = 200

type Fields<T> = {readonly [K in keyof T]-?: (value: unknown, where: string) => NonNullable<T[K]>}

/**
 * Reads the JSON of a TaskOverride. Whether its containers are in the definition is for `overrideOf` to see. Throws `InvalidOverrides`,
 * `InvalidCpu`, `InvalidSize`, and `UnsupportedFeatureException` for what ECS has and an instance cannot; several faults are told as one `InvalidOverrides`.
 */
export function parseOverrides(text: string): TaskOverride {
  if (text.length > MAX_LENGTH) throw invalid(`The overrides are ${text.length} characters long; ECS takes at most ${MAX_LENGTH}.`)
  return fieldsOf<TaskOverride>(json(text), TASK_FIELDS, 'overrides')
}

const ENVIRONMENT_FIELDS: Fields<NameValue> = {name: nonEmpty, value: string}

const ENVIRONMENT_FILE_FIELDS: Fields<EnvironmentFile> = {
  type: (value, where) => oneOf(value, where, ['s3']),
  value: envFile,
}

const REQUIREMENT_FIELDS: Fields<ResourceRequirement> = {
  type: (value, where) => oneOf(value, where, ['GPU']),
  value: gpuCount,
}

const STORAGE_FIELDS: Fields<{readonly sizeInGiB: number}> = {sizeInGiB: storageGiB}

const CONTAINER_FIELDS: Fields<ContainerOverride> = {
  command: (value, where) => list(value, where, string),
  cpu: (value, where) => checkCpu(number(value, where)),
  environment: (value, where) => list(value, where, (one, at) => whole<NameValue>(one, ENVIRONMENT_FIELDS, at, ['name', 'value'])),
  environmentFiles: (value, where) =>
    atMost(
      MAX_ENVIRONMENT_FILES,
      list(value, where, (one, at) => whole<EnvironmentFile>(one, ENVIRONMENT_FILE_FIELDS, at, ['value', 'type'])),
      where,
    ),
  memory: (value, where) => checkMemory(number(value, where)),
  memoryReservation: (value, where) => checkMemory(number(value, where)),
  name: nonEmpty,
  resourceRequirements: (value, where) =>
    list(value, where, (one, at) => whole<ResourceRequirement>(one, REQUIREMENT_FIELDS, at, ['type', 'value'])),
}

const TASK_FIELDS: Fields<TaskOverride> = {
  containerOverrides: (value, where) =>
    onceEach(list(value, where, (one, at) => whole<ContainerOverride>(one, CONTAINER_FIELDS, at, ['name']))),
  cpu: digits,
  ephemeralStorage: (value, where) => whole<{readonly sizeInGiB: number}>(value, STORAGE_FIELDS, where, ['sizeInGiB']),
  executionRoleArn: nonEmpty,
  memory: digits,
  taskRoleArn: nonEmpty,
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
  const read = eachOf(Object.entries(value), ([name, held]) => {
    const at = `${where}.${name}`
    if (name === 'inferenceAcceleratorOverrides') throw unsupported(at)
    if (!Object.hasOwn(fields, name)) throw invalid(`${where} has the field ${quoted(name)}, which ECS does not know.`)
    return [name, fields[name as keyof T](held, at)] as const
  })
  return Object.fromEntries(read) as Partial<T>
}

/** What `read` makes of every item. When it refuses some, one error tells of all of them: theirs, when it is only one. */
function eachOf<I, T>(items: readonly I[], read: (item: I, index: number) => T): readonly T[] {
  const faults: InvalidInputError[] = []
  const made = items.flatMap((item, index) => {
    try {
      return [read(item, index)]
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error
      faults.push(error)
      return []
    }
  })
  const [first] = faults
  if (first) throw faults.length === 1 ? first : invalid(faults.map(({message}) => message).join(' '))
  return made
}

function list<T>(value: unknown, where: string, read: (one: unknown, at: string) => T): readonly T[] {
  if (!Array.isArray(value)) throw invalid(`${where} must be a list.`)
  return eachOf(value, (one: unknown, index) => read(one, `${where}[${index}]`))
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

function oneOf<const V extends string>(value: unknown, where: string, words: readonly V[]): V {
  const word = words.find((one) => one === value)
  if (word !== undefined) return word
  throw invalid(`${where} must be ${words.map(quoted).join(' or ')}.`)
}

function envFile(value: unknown, where: string): string {
  if (/[^/]\.env$/.test(nonEmpty(value, where))) return String(value)
  throw invalid(`${where} must be a file whose name ends in .env.`)
}

function gpuCount(value: unknown, where: string): string {
  if (/^([1-9]\d{0,3}|ALL)$/.test(nonEmpty(value, where))) return String(value)
  throw invalid(`${where} must be a number of GPUs in quotes, such as "1", or "ALL".`)
}

function storageGiB(value: unknown, where: string): number {
  const size = number(value, where)
  if (Number.isInteger(size) && size >= MIN_STORAGE_GIB && size <= MAX_STORAGE_GIB) return size
  throw invalid(`${where} must be from ${MIN_STORAGE_GIB} to ${MAX_STORAGE_GIB} GiB.`)
}

function atMost<T>(most: number, items: readonly T[], where: string): readonly T[] {
  if (items.length <= most) return items
  throw invalid(`${where} has ${items.length} items; it may have ${most}.`)
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

/** What ECS has and an instance cannot is refused by name, so that nothing is left out in silence. */
function unsupported(where: string): InvalidInputError {
  const message = `${where} cannot be had: AWS ended Elastic Inference in 2023.`
  return new InvalidInputError('UnsupportedFeatureException', message, {suggestions: ['berth task run --help']})
}
