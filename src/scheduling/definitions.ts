// Which task definition is meant, and what registering, deregistering and deleting of definitions asks for (ECS developer guide, "Task definitions";
// API reference of RegisterTaskDefinition, DeregisterTaskDefinition, DeleteTaskDefinitions; read 2026-11-26).
import {InvalidInputError, NotFoundError} from '../errors.js'
import type {DefinitionNote} from '../model/definition/notes.js'
import type {Plan} from '../model/plan.js'
import {recordAt, type State} from '../model/state.js'
import type {DefinitionReference, Tag, TaskDefinition, TaskDefinitionDocument} from '../model/task-definition.js'
import {type Instant, timestamp} from '../model/time.js'

/** What to run: something registered, or a document that the run registers where no revision of its family says the same. */
export type DefinitionSource =
  | {readonly kind: 'registered'; readonly reference: DefinitionReference}
  /** `folder`: absolute path of that of its file, where it has one. */
  | {readonly kind: 'document'; readonly document: TaskDefinitionDocument; readonly hash: string; readonly folder?: string}

/** A definition as it was read, to be registered. */
export interface RegisterWanted {
  readonly document: TaskDefinitionDocument
  readonly hash: string
  readonly tags: readonly Tag[]
  readonly notes: readonly DefinitionNote[]
  /** Absolute path of the folder of its file. */
  readonly folder?: string
}

/** ECS takes at most so many in one call. */
const MAX_DELETED_AT_ONCE = 10

/** One registration under the next revision, whatever is registered already: as ECS, equal documents get revisions of their own. */
export function planRegister(state: State, wanted: RegisterWanted, now: Instant): Plan {
  const {document, folder, hash, notes, tags} = wanted
  const definition: TaskDefinition = {
    ...nextRevision(state, document, hash, now),
    ...(tags.length === 0 ? {} : {tags}),
    ...(folder === undefined ? {} : {folder}),
  }
  return {
    actions: [{kind: 'registerDefinition', definition, because: 'asked for'}],
    notes: notes.map(({path, said}) => ({said: `${path}: ${said}`})),
    refusals: [],
  }
}

/** Those that are ACTIVE become INACTIVE; tasks that run go on. */
export function planDeregister(state: State, ids: readonly string[]): Plan {
  const found = current(state, ids)
  return {
    actions: found
      .filter(({status}) => status === 'ACTIVE')
      .map((definition) => ({kind: 'deregisterDefinition', definition, because: 'no new task runs it'})),
    notes: found.filter(({status}) => status !== 'ACTIVE').map(({id, status}) => ({said: `task definition ${id} is ${status} already`})),
    refusals: [],
  }
}

/** INACTIVE ones go for ever. Throws ECS's `ClientException` for an ACTIVE one, and for more than ten. */
export function planDelete(state: State, ids: readonly string[]): Plan {
  const found = current(state, ids)
  const active = found.find(({status}) => status === 'ACTIVE')
  if (active)
    throw new InvalidInputError('ClientException', `Task definition "${active.id}" is ACTIVE; only an INACTIVE one can be deleted.`, {
      suggestions: [`berth task-definition deregister ${active.id}`],
    })
  if (found.length > MAX_DELETED_AT_ONCE)
    throw new InvalidInputError(
      'ClientException',
      `At most ${MAX_DELETED_AT_ONCE} task definitions can be deleted at once; ${found.length} were named.`,
    )
  return {
    actions: found.map((definition) => ({
      kind: 'deleteDefinition',
      definition,
      destructive: true,
      because: isInUse(state, definition.id) ? 'it goes once no task refers to it' : 'no task refers to it',
    })),
    notes: [],
    refusals: [],
  }
}

/** `state` without definitions whose deletion only waited for tasks that are gone by now; the same state when there are none. */
export function withoutDeleted(state: State): State {
  const isOver = ({id, status}: TaskDefinition) => status === 'DELETE_IN_PROGRESS' && !isInUse(state, id)
  const all = Object.values(state.definitions)
  if (!all.some(isOver)) return state
  return {...state, definitions: Object.fromEntries(all.filter((one) => !isOver(one)).map((one) => [one.id, one]))}
}

/** Does any task, also one that has stopped and is still told of, or any deployment refer to it? */
export function isInUse(state: State, id: string): boolean {
  const refers = ({definitionId}: {readonly definitionId: string}) => definitionId === id
  return Object.values(state.tasks).some(refers) || Object.values(state.deployments).some(refers)
}

/**
 * The definition a source names: of a family its latest ACTIVE revision. Throws `TaskDefinitionNotFound` with the families there are,
 * or `TaskDefinitionInactive`.
 */
export function definitionFor(
  state: State,
  source: DefinitionSource,
  now: Instant,
): {readonly definition: TaskDefinition; readonly isNew: boolean} {
  if (source.kind === 'registered') return {definition: registered(state, source.reference), isNew: false}
  const {document, folder, hash} = source
  const same = activeRevisions(state, document.family).find((one) => one.hash === hash)
  if (same) return {definition: same, isNew: false}
  const next = nextRevision(state, document, hash, now)
  return {definition: folder === undefined ? next : {...next, folder}, isNew: true}
}

/** The ACTIVE revisions of a family, the newest first. */
export function activeRevisions(state: State, family: string): readonly TaskDefinition[] {
  return Object.values(state.definitions)
    .filter((one) => one.family === family && one.status === 'ACTIVE')
    .sort((a, b) => b.revision - a.revision)
}

/** The next revision of the document's family, ACTIVE: one higher than was ever given. */
function nextRevision(state: State, document: TaskDefinitionDocument, hash: string, now: Instant): TaskDefinition {
  const {family} = document
  const revision = (recordAt(state.families, family)?.lastRevision ?? 0) + 1
  return {id: `${family}:${revision}`, family, revision, status: 'ACTIVE', document, hash, registeredAt: timestamp(now)}
}

function current(state: State, ids: readonly string[]): readonly TaskDefinition[] {
  return [...new Set(ids)].flatMap((id) => recordAt(state.definitions, id) ?? [])
}

function registered(state: State, {family, revision}: DefinitionReference): TaskDefinition {
  const definition = revision === undefined ? activeRevisions(state, family)[0] : recordAt(state.definitions, `${family}:${revision}`)
  const name = revision === undefined ? family : `${family}:${revision}`
  if (!definition)
    throw new NotFoundError('TaskDefinitionNotFound', `Task definition "${name}" is not registered.`, {
      suggestions: ['berth task-definition list', 'berth task-definition register FILE', 'berth task run --image IMAGE --memory 64'],
    })
  if (definition.status !== 'ACTIVE')
    throw new NotFoundError('TaskDefinitionInactive', `Task definition "${name}" is inactive: it was deregistered.`, {
      suggestions: [`berth task run ${family}`, `berth task-definition list --family ${family} --status ALL`],
    })
  return definition
}
