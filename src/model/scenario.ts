// Instances and tasks that are only described, in a file: JSON, or CSV with a row for each kind of instance and of task.
import {parse as parseCsv} from 'csv-parse/sync'
import {z} from 'zod'
import {InvalidInputError} from '../errors.js'
import {isAttributeName} from './attributes.js'
import {quoted, shellWord} from './names.js'
import type {PlacementConstraint, PlacementStrategy} from './placement.js'
import {parsePlacementConstraints, parsePlacementStrategies} from './placement-shorthand.js'
import {type DescribedInstances, MOST_INSTANCES, roundOf} from './simulated-instances.js'
import {parseMemoryMiB} from './size.js'

/** Tasks alike. */
export interface DescribedTasks {
  readonly name: string
  readonly count: number
  /** Family or family:revision; what it says then stands in place of the amounts and ports. */
  readonly definition?: string
  readonly cpuUnits: number
  readonly memoryMiB: number
  readonly tcpPorts: readonly number[]
  readonly group?: string
  readonly constraints: readonly PlacementConstraint[]
  readonly strategies: readonly PlacementStrategy[]
}

export interface Scenario {
  readonly instances: readonly DescribedInstances[]
  readonly tasks: readonly DescribedTasks[]
}

const MOST_TASKS = 1_000_000

/** A number, or digits as CSV has them. */
const number = (said: string) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,15}$/)
          .transform(Number),
      ],
      said,
    )
    .pipe(z.number().int(said).min(0, said))
const count = (most: number) =>
  number('is no whole number')
    .pipe(z.number().min(1, 'is less than 1').max(most, `is more than ${most}`))
    .default(1)
const cpu = number('is no whole number of CPU units')
const memory = z
  .union([z.number(), z.string()], 'is no size')
  .transform((value, {addIssue}) => read(() => parseMemoryMiB(String(value)), addIssue))
const name = z.string('is no text').regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'is no name of letters, digits and - _ .')

/** A list, or a text whose parts `;` divides. */
const listOf = <T extends z.ZodType>(part: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(';').map((one) => one.trim()) : value), z.array(part)).default([])

const INSTANCE = z.strictObject({
  name: name.optional(),
  count: count(MOST_INSTANCES),
  cpu: cpu.pipe(z.number().min(1, 'is less than 1')),
  memory,
  attributes: z
    .record(z.string().refine(isAttributeName, 'names no attribute'), z.string('is no text'))
    .default({})
    .transform((values, {addIssue}) => read(() => Object.entries(values).map(([one, value]) => roundOf(one, value)), addIssue)),
})

const TASK = z
  .strictObject({
    name: name.optional(),
    count: count(MOST_TASKS),
    definition: z.string('is no text').optional(),
    cpu: cpu.default(0),
    memory: memory.optional(),
    ports: listOf(number('is no port').pipe(z.number().min(1, 'is no port').max(65_535, 'is no port'))),
    group: z.string('is no text').optional(),
    constraints: listOf(z.string('is no text')).transform((texts, {addIssue}) => read(() => parsePlacementConstraints(texts), addIssue)),
    strategies: listOf(z.string('is no text')).transform((texts, {addIssue}) => read(() => parsePlacementStrategies(texts), addIssue)),
  })
  .refine(({definition, memory: own}) => definition !== undefined || own !== undefined, 'names neither a definition nor memory')

const SCENARIO = z.strictObject({instances: z.array(INSTANCE).default([]), tasks: z.array(TASK).default([])})

/**
 * The scenario in the text: JSON when it begins with a brace, else CSV whose first row names the columns. Throws `InvalidScenario` with every fault, by its
 * path or its line.
 */
export function parseScenario(text: string, named: string): Scenario {
  const isJson = text.trimStart().startsWith('{')
  const {lineOf, value} = isJson ? {value: jsonOf(text, named), lineOf: undefined} : csvOf(text, named)
  const {data, error} = SCENARIO.safeParse(value)
  if (!data)
    throw invalid(
      named,
      (error?.issues ?? []).flatMap((issue) => faultOf(issue, lineOf)),
    )
  if (data.instances.length + data.tasks.length === 0) throw invalid(named, ['  it names neither instances nor tasks.'])
  return {
    instances: data.instances.map(({attributes, cpu: cpuUnits, memory: memoryMiB, ...said}) => ({
      ...definedOf(said),
      cpuUnits,
      memoryMiB,
      attributes,
    })),
    tasks: data.tasks.map(({cpu: cpuUnits, memory: memoryMiB = 0, name: own, ports, ...said}, index) => ({
      ...definedOf(said),
      name: own ?? said.definition ?? `tasks-${index + 1}`,
      cpuUnits,
      memoryMiB,
      tcpPorts: ports,
    })),
  }
}

/** Where a fault stands, by its path in the document. */
type LineOf = (path: readonly PropertyKey[]) => string | undefined

function jsonOf(text: string, named: string): unknown {
  try {
    // A mark of the byte order counts as white space.
    return JSON.parse(text.trimStart())
  } catch (error) {
    throw invalid(named, [`  it is no JSON: ${error instanceof Error ? error.message : String(error)}.`])
  }
}

const INSTANCE_COLUMNS = new Set(['name', 'count', 'cpu', 'memory'])
/** Columns of tasks: on an instance they are a fault, as fields that are none. */
const TASK_COLUMNS = new Set(['definition', 'ports', 'group', 'constraints', 'strategies'])

/** Columns of an instance that mean nothing else are attributes. */
function csvOf(text: string, named: string): {readonly value: unknown; readonly lineOf: LineOf} {
  const instances: {readonly line: number; readonly value: object}[] = []
  const tasks: {readonly line: number; readonly value: object}[] = []
  for (const {line, record} of rowsOf(text, named)) {
    const {kind, ...cells} = record
    const filled = Object.entries(cells).filter(([, cell]) => cell !== '')
    if (kind === 'task') tasks.push({line, value: Object.fromEntries(filled)})
    else if (kind === 'instance') {
      const isField = (column: string) => INSTANCE_COLUMNS.has(column) || TASK_COLUMNS.has(column)
      const own = filled.filter(([column]) => isField(column))
      const attributes = filled.filter(([column]) => !isField(column))
      instances.push({line, value: {...Object.fromEntries(own), attributes: Object.fromEntries(attributes)}})
    } else throw invalid(named, [`  line ${line}: its kind is ${quoted(kind ?? '')}; it must be instance or task.`])
  }
  const lineOf: LineOf = ([list, index]) => {
    const row = (list === 'tasks' ? tasks : instances)[Number(index)]
    return row && `line ${row.line}`
  }
  return {value: {instances: instances.map(({value}) => value), tasks: tasks.map(({value}) => value)}, lineOf}
}

function rowsOf(text: string, named: string): readonly {readonly line: number; readonly record: Readonly<Record<string, string>>}[] {
  try {
    const rows = parseCsv<Record<string, string>>(text, {bom: true, columns: true, info: true, skip_empty_lines: true, trim: true})
    return (rows as unknown as readonly {info: {lines: number}; record: Record<string, string>}[]).map(({info, record}) => ({
      line: info.lines,
      record,
    }))
  } catch (error) {
    throw invalid(named, [`  it is no CSV: ${error instanceof Error ? error.message : String(error)}.`])
  }
}

function faultOf(issue: z.core.$ZodIssue, lineOf: LineOf | undefined): readonly string[] {
  const line = lineOf?.(issue.path)
  const rest = (line === undefined ? issue.path : issue.path.slice(2)).map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
  )
  const where = [...(line === undefined ? [] : [line]), ...(rest.length === 0 ? [] : [rest.join('').replace(/^\./, '')])].join(', ')
  const rules = rulesOf(issue)
  return rules.map((rule) => `  ${where === '' ? '' : `${where}: `}${rule}.`)
}

function rulesOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${quoted(key)} is no field here`)
  return issue.code === 'invalid_key' ? issue.issues.map(({message}) => message) : [issue.message]
}

/** What the reader gives; what it throws is a fault of the place. */
function read<T>(reader: () => T, addIssue: (message: string) => void): T {
  try {
    return reader()
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    addIssue(error.message.replace(/\.$/, ''))
    return z.NEVER
  }
}

/** Without the keys that have no value. */
function definedOf<T extends object>(value: T): {[K in keyof T]: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {[K in keyof T]: Exclude<T[K], undefined>}
}

function invalid(named: string, faults: readonly string[]): InvalidInputError {
  const file = named === '-' ? 'standard input' : quoted(named)
  return new InvalidInputError(
    'InvalidScenario',
    [`The scenario in ${file} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:`, ...faults].join('\n'),
    {
      suggestions: [...(named === '-' ? [] : [`ls -l ${shellWord(named)}`]), 'berth placement simulate --help'],
    },
  )
}
