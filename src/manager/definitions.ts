// Use cases of task definitions: registered from a file, listed, compared, taken back, handed on.
import {createHash} from 'node:crypto'
import {InvalidInputError, NotFoundError} from '../errors.js'
import {canonicalJson} from '../model/canonical.js'
import type {DefinitionNote} from '../model/definition/notes.js'
import {quoted} from '../model/names.js'
import {parseDefinitionReference} from '../model/reference.js'
import {recordAt, type State} from '../model/state.js'
import type {Tag, TaskDefinition} from '../model/task-definition.js'
import {activeRevisions, planDelete, planDeregister, planRegister} from '../scheduling/definitions.js'
import type {World} from '../world/world.js'
import {type DefinitionText, readDefinition} from './definition-text.js'
import {type Done, done} from './done.js'
import {nearest} from './resolve.js'
import {settle} from './settle.js'

export interface FoundDefinitions {
  readonly definitions: readonly TaskDefinition[]
}

export interface RegisteredDefinition extends FoundDefinitions {
  readonly notes: readonly DefinitionNote[]
}

/** The definition, registered under the next revision of its family; its notes are told. Throws `ClientException` with every fault of it. */
export async function registerDefinition(
  world: World,
  {dryRun, file, tags}: {readonly file: DefinitionText; readonly tags: readonly Tag[]; readonly dryRun: boolean},
): Promise<Done<RegisteredDefinition>> {
  const {document, notes, tags: ownTags} = await readDefinition(file)
  const wanted = {
    document,
    notes,
    hash: createHash('sha256').update(canonicalJson(document)).digest('hex'),
    tags: mergedTags(ownTags, tags),
    ...(file.folder === undefined ? {} : {folder: file.folder}),
  }
  const settled = await settle(world, {
    because: `register task definition ${document.family}`,
    decide: (state, _seen, now) => planRegister(state, wanted, now),
    dryRun,
  })
  if (!dryRun) for (const {path, said} of notes) world.reporter.note(`note: ${path}: ${said}`)
  return done(settled, dryRun, () => ({
    notes,
    definitions: settled.plan.actions.flatMap((action) => (action.kind === 'registerDefinition' ? [action.definition] : [])),
  }))
}

export interface DefinitionFilter {
  readonly family: string | undefined
  readonly familyPrefix: string | undefined
  readonly status: TaskDefinition['status'] | 'ALL'
}

/** The revisions that the filter lets through, by family, in each the newest first. */
export async function listDefinitions(world: World, {family, familyPrefix = '', status}: DefinitionFilter): Promise<FoundDefinitions> {
  const {state} = await world.store.read()
  const definitions = Object.values(state.definitions).filter(
    (one) =>
      (family === undefined || one.family === family) && one.family.startsWith(familyPrefix) && (status === 'ALL' || one.status === status),
  )
  return {definitions: definitions.sort((a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : b.revision - a.revision))}
}

/** The revisions named; of a bare family its newest ACTIVE one. Throws `TaskDefinitionNotFound` with the nearest family. */
export async function describeDefinitions(world: World, texts: readonly string[]): Promise<FoundDefinitions> {
  const {state} = await world.store.read()
  return {definitions: texts.map((text) => findDefinition(state, text))}
}

/** After it no new task runs them; tasks that run go on. */
export async function deregisterDefinitions(
  world: World,
  {dryRun, texts}: {readonly texts: readonly string[]; readonly dryRun: boolean},
): Promise<Done<FoundDefinitions>> {
  const ids = revisionsNamed((await world.store.read()).state, texts, 'deregister')
  const settled = await settle(world, {
    because: `deregister ${ids.join(', ')}`,
    decide: (state) => planDeregister(state, ids),
    dryRun,
  })
  return done(settled, dryRun, () => ({definitions: ids.flatMap((id) => recordAt(settled.state.definitions, id) ?? [])}))
}

/** After it they are gone, or go as soon as no task refers to them. Throws `ClientException` for one that is ACTIVE. */
export async function deleteDefinitions(
  world: World,
  {dryRun, texts}: {readonly texts: readonly string[]; readonly dryRun: boolean},
): Promise<Done<FoundDefinitions>> {
  const {state: before} = await world.store.read()
  const ids = revisionsNamed(before, texts, 'delete')
  const settled = await settle(world, {
    because: `delete ${ids.join(', ')}`,
    question: ids.length === 1 ? `Delete task definition ${ids[0]} for ever?` : `Delete these ${ids.length} task definitions for ever?`,
    decide: (state) => planDelete(state, ids),
    dryRun,
  })
  const told = (id: string): TaskDefinition | undefined => {
    const known = recordAt(settled.state.definitions, id) ?? recordAt(before.definitions, id)
    return known && {...known, status: 'DELETE_IN_PROGRESS'}
  }
  return done(settled, dryRun, () => ({definitions: ids.flatMap((id) => told(id) ?? [])}))
}

/** The revision that a person means. Throws `TaskDefinitionNotFound` with the nearest family. */
export function findDefinition(state: State, text: string): TaskDefinition {
  const {family, revision} = parseDefinitionReference(text)
  const found = revision === undefined ? activeRevisions(state, family)[0] : recordAt(state.definitions, `${family}:${revision}`)
  if (found) return found
  const families = Object.keys(state.families).map((name) => ({name}))
  throw new NotFoundError('TaskDefinitionNotFound', `Task definition ${quoted(text)} is not registered, or has no ACTIVE revision.`, {
    suggestions: [
      ...nearest(family, families).map((near) => `berth task-definition list --family ${near} --status ALL`),
      'berth task-definition list --status ALL',
    ],
  })
}

/** Ids of revisions that are there; a bare family is refused, since nobody should lose a revision that was not named. */
function revisionsNamed(state: State, texts: readonly string[], verb: string): readonly string[] {
  return texts.map((text) => {
    const {family, revision} = parseDefinitionReference(text)
    if (revision !== undefined) return findDefinition(state, text).id
    const newest = activeRevisions(state, family)[0]?.id ?? `${family}:1`
    throw new InvalidInputError('InvalidReference', `Name the revision to ${verb}, not only its family: ${family}:REVISION.`, {
      suggestions: [`berth task-definition ${verb} ${newest}`, `berth task-definition list --family ${family} --status ALL`],
    })
  })
}

/** Those of the command line win by their keys. */
function mergedTags(own: readonly Tag[], typed: readonly Tag[]): readonly Tag[] {
  return [...new Map([...own, ...typed].map(({key, value}) => [key, {key, value}])).values()]
}
