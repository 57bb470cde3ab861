// A document on its way to being one: of what the schema wants, whatever is there and has the right type. Rules that look at several places read
// it, so that one misspelt field does not hide what else is wrong.
import type {ContainerDefinition} from '../container-definition.js'
import type {TaskDefinitionDocument} from '../task-definition.js'
import type {Path} from './fault.js'

export type Draft<T> = T extends readonly (infer E)[]
  ? readonly (Draft<E> | undefined)[]
  : T extends object
    ? {readonly [K in keyof T]?: Draft<T[K]> | undefined}
    : T

export type DraftDocument = Draft<TaskDefinitionDocument>
export type DraftContainer = Draft<ContainerDefinition>

/** What a rule finds: where, and what must hold there. */
export interface Finding {
  readonly path: Path
  readonly rule: string
}

export type Rule = (document: DraftDocument) => Iterable<Finding>

/** The items of a list that can be read, each with its index. */
export function items<E>(list: readonly (E | undefined)[] | undefined): readonly (readonly [index: number, item: E])[] {
  return (list ?? []).flatMap((item, index) => (item === undefined ? [] : [[index, item] as const]))
}

/** The containers that can be read, each with its path. */
export function containersOf(document: DraftDocument): readonly (readonly [container: DraftContainer, path: Path])[] {
  return items(document.containerDefinitions).map(([index, container]) => [container, ['containerDefinitions', index]])
}

/** The containers' names; `undefined` when one has none that can be read, so that nobody can say which names there are. */
export function containerNames(document: DraftDocument): readonly string[] | undefined {
  return allKnown(document.containerDefinitions?.map((container) => container?.name))
}

/** As `containerNames`, of the volumes. */
export function volumeNames(document: DraftDocument): readonly string[] | undefined {
  return allKnown((document.volumes ?? []).map((volume) => volume?.name))
}

function allKnown(names: readonly (string | undefined)[] = []): readonly string[] | undefined {
  const known = names.flatMap((name) => (name === undefined ? [] : [name]))
  return known.length === names.length ? known : undefined
}

/** Indexes of the values that stand earlier in the list already; those that are `undefined` are like no other. */
export function repeated(values: readonly (string | number | undefined)[]): readonly number[] {
  return values.flatMap((value, index) => (value !== undefined && values.indexOf(value) < index ? [index] : []))
}
