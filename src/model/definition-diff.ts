// What differs between two task definitions, place by place: things that have names are compared by their names, wherever they stand in their lists.
import {canonicalJson} from './canonical.js'
import type {TaskDefinitionDocument} from './task-definition.js'

/** One place that differs; a side that is absent has nothing there. Values are JSON. */
export interface Difference {
  /** `containerDefinitions[web].image`. */
  readonly path: string
  readonly from?: string
  readonly to?: string
}

/** By the field that holds a list: what an entry of it is known by. Other lists are compared whole, since their order means something. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  containerDefinitions: ['name'],
  dependsOn: ['containerName'],
  devices: ['hostPath'],
  environment: ['name'],
  environmentFiles: ['value'],
  extraHosts: ['hostname'],
  mountPoints: ['containerPath'],
  portMappings: ['containerPort', 'containerPortRange', 'protocol'],
  resourceRequirements: ['type'],
  secretOptions: ['name'],
  secrets: ['name'],
  systemControls: ['namespace'],
  tmpfs: ['containerPath'],
  ulimits: ['name'],
  volumes: ['name'],
  volumesFrom: ['sourceContainer'],
}

/** The differences in the order of their paths; empty when both mean the same. Turned round, sides are turned round and nothing else. */
export function definitionDiff(a: TaskDefinitionDocument, b: TaskDefinitionDocument): readonly Difference[] {
  const [from, to] = [leaves(a), leaves(b)]
  const paths = [...new Set([...from.keys(), ...to.keys()])].sort((x, y) => (x < y ? -1 : 1))
  return paths.filter((path) => from.get(path) !== to.get(path)).map((path) => difference(path, from.get(path), to.get(path)))
}

/** `containerDefinitions[web].image: "nginx:1" -> "nginx:2"`, `+ PATH: VALUE` and `- PATH: VALUE`. */
export function differenceText({from, path, to}: Difference): string {
  if (from === undefined) return `+ ${path}: ${to}`
  return to === undefined ? `- ${path}: ${from}` : `  ${path}: ${from} -> ${to}`
}

function difference(path: string, from: string | undefined, to: string | undefined): Difference {
  return {path, ...(from === undefined ? {} : {from}), ...(to === undefined ? {} : {to})}
}

/** Every value that is no object and no list of named things, by its path, as JSON. */
function leaves(document: TaskDefinitionDocument): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  visit(document, '', '', found)
  return found
}

function visit(value: unknown, path: string, field: string, found: Map<string, string>): void {
  if (Array.isArray(value) && Object.hasOwn(KEYS, field)) {
    const seen = new Map<string, number>()
    for (const entry of value) {
      const key = keyOf(entry, KEYS[field] ?? [])
      const before = seen.get(key) ?? 0
      seen.set(key, before + 1)
      visit(entry, `${path}[${key}${before === 0 ? '' : `#${before + 1}`}]`, '', found)
    }
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const fields = Object.entries(value).filter(([, held]) => held !== undefined)
    // An object of nothing is something all the same: a volume without a source.
    if (fields.length === 0) found.set(path, '{}')
    for (const [name, held] of fields) visit(held, path === '' ? name : `${path}.${name}`, name, found)
  } else found.set(path, canonicalJson(value))
}

function keyOf(entry: unknown, names: readonly string[]): string {
  const fields = typeof entry === 'object' && entry !== null ? (entry as Readonly<Record<string, unknown>>) : {}
  return names.flatMap((name) => (fields[name] === undefined ? [] : [String(fields[name])])).join('/')
}
