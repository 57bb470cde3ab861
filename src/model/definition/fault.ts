// What is wrong with a task definition, place by place, and the one error that tells all of it.
import {InvalidInputError} from '../../errors.js'
import {escaped, quoted, shellWord} from '../names.js'

/** Field names and list indexes, from the top of the document. */
export type Path = readonly (string | number)[]

/** As `--json` prints it. */
export interface Fault {
  /** ECS's exception for it: `UnsupportedFeatureException` for what ECS has and Berth has not, else `ClientException`. */
  readonly code: string
  /** `containerDefinitions[1].healthCheck.interval`; empty when it is the whole text. */
  readonly path: string
  /** Quoted and cut, or of which kind it is; absent where nothing stands, and where it may be secret. */
  readonly value?: string
  /** What must hold there: a phrase, or ECS's own sentence without its full stop. */
  readonly rule: string
}

/** As many lines as an error has at most: all faults are in its `result`. */
const MAX_LINES = 100

/** Values of these fields may be secret, or may hold one. */
const SECRETIVE = ['environment', 'secrets', 'secretOptions', 'options', 'driverOpts']

/** `containerDefinitions[0].environment`; a name that is no word stands in quotes. */
export function pathText(path: Path): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`
    return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${quoted(key)}]`
  })
  return parts.join('').replace(/^\./, '')
}

/** The fault at `path` of `root`; `kindOnly` where the value stands in a place that is not for it, and so may be anything. */
export function faultAt(root: unknown, path: Path, rule: string, {code = 'ClientException', kindOnly = false} = {}): Fault {
  const value = shown(valueAt(root, path), kindOnly || path.some((key) => SECRETIVE.includes(String(key))))
  return {code, path: pathText(path), ...(value === undefined ? {} : {value}), rule}
}

/** What stands at `path`; `undefined` where nothing does. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, key) =>
      typeof here === 'object' && here !== null && Object.hasOwn(here, key) ? (here as Record<string | number, unknown>)[key] : undefined,
    root,
  )
}

function shown(value: unknown, kindOnly: boolean): string | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (kindOnly) return undefined
  return typeof value === 'string' ? quoted(value) : String(value)
}

/** The error that tells every fault of the definition in file `named` (`-`: standard input), one a line, in the order of their paths. */
export function invalidDefinition(named: string, given: readonly Fault[]): InvalidInputError {
  const faults = [...given].sort(byPath)
  const lines = faults.slice(0, MAX_LINES).map(({path, rule, value}) => {
    const where = [path, value].filter(Boolean).join(' ')
    return `  ${where === '' ? '' : `${where}: `}${escaped(rule)}.`
  })
  const more = faults.length > MAX_LINES ? [`  ... and ${faults.length - MAX_LINES} more.`] : []
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`
  return new InvalidInputError(
    'ClientException',
    [`The task definition in ${named === '-' ? 'standard input' : quoted(named)} has ${count}:`, ...lines, ...more].join('\n'),
    {
      result: {faults},
      suggestions: [`berth task-definition validate ${shellWord(named)}`],
    },
  )
}

/** By the parts of their paths, indexes by number; faults of one place stay as they came. */
function byPath(one: Fault, other: Fault): number {
  const [ones, others] = [partsOf(one.path), partsOf(other.path)]
  const at = ones.findIndex((part, index) => part !== others[index])
  const [a, b] = at < 0 ? [ones.length, others.length] : [ones[at] ?? '', others[at] ?? '']
  return a === b ? 0 : a < b ? -1 : 1
}

function partsOf(path: string): readonly string[] {
  return path.split(/[.[\]]+/).map((part) => (/^\d+$/.test(part) ? part.padStart(8, '0') : part))
}
