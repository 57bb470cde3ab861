// `task run`: a definition, a number, and where they go.
import {NotFoundError} from '../errors.js'
import type {ClusterId} from '../model/cluster.js'
import type {Observation} from '../model/observation.js'
import type {PlacementConstraint, PlacementStrategy, Seat} from '../model/placement.js'
import type {Plan, RegisterDefinition, StartTask} from '../model/plan.js'
import {recordAt, type State, the} from '../model/state.js'
import {
  type DefinitionReference,
  needOf,
  overridden,
  type TaskDefinition,
  type TaskDefinitionDocument,
  type TaskOverride,
} from '../model/task-definition.js'
import {type Instant, timestamp} from '../model/time.js'
import {buildFleet} from '../placement/fleet.js'
import {place} from '../placement/place.js'

/** What to run: something registered, or a document that the run registers where no revision of its family says the same. */
export type DefinitionSource =
  | {readonly kind: 'registered'; readonly reference: DefinitionReference}
  | {readonly kind: 'document'; readonly document: TaskDefinitionDocument; readonly hash: string}

export interface RunWanted {
  readonly clusterId: ClusterId
  readonly source: DefinitionSource
  readonly override?: TaskOverride
  readonly count: number
  /** Default: `family:` and the family. */
  readonly group?: string
  readonly startedBy?: string
  readonly constraints: readonly PlacementConstraint[]
  readonly strategies: readonly PlacementStrategy[]
  /** The attributes an instance needs for a document. */
  readonly requiredAttributes: (document: TaskDefinitionDocument) => readonly string[]
  readonly removeWhenStopped?: true
  /** The client token of the run: placement ranks by it. */
  readonly seed: string
}

/** Starts on the seats that placement gives, in the order of the request; a refusal for each task that found none. */
export function planRun(state: State, seen: Observation, wanted: RunWanted, now: Instant): Plan {
  const {definition, isNew} = definitionFor(state, wanted.source, now)
  const document = overridden(definition.document, wanted.override)
  const group = wanted.group ?? `family:${definition.family}`
  const request = {...wanted, document, group, requiredAttributes: wanted.requiredAttributes(document)}
  const {placed, refused} = place(request, buildFleet(state, wanted.clusterId, seen))
  const registers: readonly RegisterDefinition[] =
    isNew && placed.length > 0
      ? [{kind: 'registerDefinition', definition, because: `family ${definition.family} has no revision that says the same`}]
      : []
  const starts = placed.map((seat) => startOf(state, {...wanted, group}, definition, document, seat))
  return {actions: [...registers, ...starts], notes: [], refusals: refused}
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
  const {document, hash} = source
  const same = activeRevisions(state, document.family).find((one) => one.hash === hash)
  if (same) return {definition: same, isNew: false}
  const revision = (recordAt(state.families, document.family)?.lastRevision ?? 0) + 1
  const definition: TaskDefinition = {
    id: `${document.family}:${revision}`,
    family: document.family,
    revision,
    status: 'ACTIVE',
    document,
    hash,
    registeredAt: timestamp(now),
  }
  return {definition, isNew: true}
}

/** The ACTIVE revisions of a family, the newest first. */
export function activeRevisions(state: State, family: string): readonly TaskDefinition[] {
  return Object.values(state.definitions)
    .filter((one) => one.family === family && one.status === 'ACTIVE')
    .sort((a, b) => b.revision - a.revision)
}

function registered(state: State, {family, revision}: DefinitionReference): TaskDefinition {
  const definition = revision === undefined ? activeRevisions(state, family)[0] : recordAt(state.definitions, `${family}:${revision}`)
  const name = revision === undefined ? family : `${family}:${revision}`
  if (!definition)
    throw new NotFoundError('TaskDefinitionNotFound', `Task definition "${name}" is not registered.`, {
      suggestions: [`berth task run --image IMAGE --memory 64`],
    })
  if (definition.status === 'INACTIVE')
    throw new NotFoundError('TaskDefinitionInactive', `Task definition "${name}" is inactive: it was deregistered.`, {
      suggestions: [`berth task run ${family}`],
    })
  return definition
}

function startOf(
  state: State,
  wanted: RunWanted & {readonly group: string},
  definition: TaskDefinition,
  document: TaskDefinitionDocument,
  {gpuIds, index, instanceId}: Seat,
): StartTask {
  const need = needOf(document)
  return {
    kind: 'startTask',
    slot: `run/${index + 1}`,
    instance: the(state.instances, instanceId),
    definition,
    ...(wanted.override === undefined ? {} : {override: wanted.override}),
    ...(wanted.startedBy === undefined ? {} : {startedBy: wanted.startedBy}),
    ...(wanted.removeWhenStopped === undefined ? {} : {removeWhenStopped: wanted.removeWhenStopped}),
    need,
    ...(gpuIds.length === 0 ? {} : {gpuIds}),
    group: wanted.group,
    because: `it has room for ${need.cpuUnits} CPU units and ${need.memoryMiB} MiB`,
  }
}
