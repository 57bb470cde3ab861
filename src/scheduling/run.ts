// `task run`: a definition, a number, and where they go.
import type {RequiredAttribute} from '../model/attributes.js'
import type {ClusterId} from '../model/cluster.js'
import type {InstanceId} from '../model/instance.js'
import type {Observation} from '../model/observation.js'
import type {Explanation} from '../model/explanation.js'
import type {PlacementConstraint, PlacementRequest, PlacementStrategy, Seat} from '../model/placement.js'
import type {PullPolicy} from '../model/pull-policy.js'
import type {Plan, RegisterDefinition, StartTask} from '../model/plan.js'
import {type State, the} from '../model/state.js'
import {needOf, overridden, type TaskDefinition, type TaskDefinitionDocument, type TaskOverride} from '../model/task-definition.js'
import type {Instant} from '../model/time.js'
import {explain} from '../placement/explain.js'
import {recentFailures} from '../placement/failures.js'
import {buildFleet} from '../placement/fleet.js'
import {place} from '../placement/place.js'
import {placeOn} from '../placement/place-on.js'
import {type DefinitionSource, definitionFor} from './definitions.js'

export interface RunWanted {
  readonly clusterId: ClusterId
  readonly source: DefinitionSource
  readonly override?: TaskOverride
  readonly count: number
  /** One task on each of these, wherever placement would put them; at most as many as ECS starts at once. */
  readonly onInstances?: readonly InstanceId[]
  /** Default: `family:` and the family. */
  readonly group?: string
  readonly startedBy?: string
  readonly constraints: readonly PlacementConstraint[]
  readonly strategies: readonly PlacementStrategy[]
  /** The attributes an instance needs for a document. */
  readonly requiredAttributes: (document: TaskDefinitionDocument) => readonly RequiredAttribute[]
  readonly removeWhenStopped?: true
  /** Default: `missing`. */
  readonly pull?: PullPolicy
  /** The client token of the run: placement ranks by it. */
  readonly seed: string
}

/** Starts on the seats that placement gives, in the order of the request; a refusal for each task that found none. */
export function planRun(state: State, seen: Observation, wanted: RunWanted, now: Instant): Plan {
  const {definition, isNew, request} = requestOf(state, wanted, now)
  const {document, group} = request
  const fleet = buildFleet(state, wanted.clusterId, seen)
  const {placed, refused} = wanted.onInstances ? placeOn(request, fleet, wanted.onInstances) : place(request, fleet)
  const registers: readonly RegisterDefinition[] =
    isNew && placed.length > 0
      ? [{kind: 'registerDefinition', definition, because: `family ${definition.family} has no revision that says the same`}]
      : []
  const starts = placed.map((seat) => startOf(state, {...wanted, group}, definition, document, seat))
  return {actions: [...registers, ...starts], notes: [], refusals: refused}
}

/** Why its first task goes where it goes, or nowhere; of a run on named instances, whether each could take it. */
export function explainRun(state: State, seen: Observation, wanted: RunWanted, now: Instant): Explanation {
  const {candidates} = buildFleet(state, wanted.clusterId, seen)
  const {onInstances} = wanted
  const {request} = requestOf(state, wanted, now)
  if (!onInstances) return explain(request, {candidates})
  // Who names the instances is asked for no constraint and chooses by no strategy.
  return explain(
    {...request, constraints: [], strategies: []},
    {candidates: candidates.filter(({instance}) => onInstances.includes(instance.id))},
  )
}

/** The definition that is run, whether it is yet to be registered, and the request to placement. */
export function requestOf(
  state: State,
  wanted: RunWanted,
  now: Instant,
): {readonly definition: TaskDefinition; readonly isNew: boolean; readonly request: PlacementRequest} {
  const {definition, isNew} = definitionFor(state, wanted.source, now)
  const document = overridden(definition.document, wanted.override)
  const group = wanted.group ?? `family:${definition.family}`
  const constraints = [...ownConstraints(document), ...wanted.constraints]
  const request: PlacementRequest = {
    ...wanted,
    constraints,
    document,
    group,
    recentFailures: recentFailures(state, definition.id, now),
    requiredAttributes: wanted.requiredAttributes(document),
  }
  return {definition, isNew, request}
}

/** Those of the definition bind every run of it. */
export function ownConstraints({placementConstraints = []}: TaskDefinitionDocument): readonly PlacementConstraint[] {
  return placementConstraints.map(({expression = '', type}) => ({type, expression}))
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
    ...(wanted.pull === undefined ? {} : {pull: wanted.pull}),
    need,
    ...(gpuIds.length === 0 ? {} : {gpuIds}),
    group: wanted.group,
    because: `it has room for ${need.cpuUnits} CPU units and ${need.memoryMiB} MiB`,
  }
}
