// What a person typed of a run, as the request that the scheduler decides on.
import {createHash} from 'node:crypto'
import {requiredAttributes} from '../ecs/attributes.js'
import {InvalidInputError} from '../errors.js'
import {canonicalJson} from '../model/canonical.js'
import type {Cluster} from '../model/cluster.js'
import type {InstanceId} from '../model/instance.js'
import {definitionOfImage} from '../model/image-definition.js'
import {checkClientToken, checkGroup, checkStartedBy} from '../model/names.js'
import type {PlacementConstraint, PlacementStrategy} from '../model/placement.js'
import type {PullPolicy} from '../model/pull-policy.js'
import {parseDefinitionReference} from '../model/reference.js'
import type {State} from '../model/state.js'
import type {PortMapping} from '../model/container-definition.js'
import {overridden} from '../model/task-definition.js'
import type {Volumes} from '../model/volume.js'
import {type DefinitionSource, definitionFor} from '../scheduling/definitions.js'
import type {RunWanted} from '../scheduling/run.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'
import {askForFamily} from './ask-for.js'
import {runMaterials, type SourcesWanted} from './materials.js'
import {findInstance} from './resolve.js'
import {type OverrideWanted, overrideOf} from './run-override.js'

/** An image stands instead of a reference: for a definition of this one container. */
export interface RunTasksWanted extends OverrideWanted {
  readonly cluster: string | undefined
  /** Family, family:revision or ARN. Absent without an image too: the person is asked. */
  readonly reference: string | undefined
  /** With an image only. */
  readonly ports: readonly PortMapping[]
  readonly volumes: Volumes
  readonly count: number
  /** Names of the instances to start one task on each; absent: placement chooses. */
  readonly instances?: readonly string[]
  readonly group: string | undefined
  readonly startedBy: string | undefined
  readonly sources: SourcesWanted
  readonly constraints: readonly PlacementConstraint[]
  readonly strategies: readonly PlacementStrategy[]
  /** The same token over the same cluster gives the same seats. */
  readonly clientToken: string | undefined
  readonly removeWhenStopped: boolean
  readonly pull: PullPolicy | undefined
  readonly detach: boolean
  readonly dryRun: boolean
}

/** ECS's StartTask takes at most so many instances. */
const MAX_STARTED_AT_ONCE = 10

export interface RunRequest {
  readonly run: RunWanted
  readonly materials?: RunMaterials
}

/** What a container of `--image` may take when nothing is said: ECS's consoles propose as much. */
const DEFAULT_IMAGE_MEMORY_MIB = 512

/** The request. Throws `InvalidInputError`s for words that do not go together, and as `definitionFor`. */
export async function runRequest(world: World, state: State, cluster: Cluster, wanted: RunTasksWanted): Promise<RunRequest> {
  const named = wanted.image === undefined ? await registeredSource(world, state, wanted) : imageSource(wanted.image, wanted)
  const {definition} = definitionFor(state, named, world.clock.now())
  // Pinned: a revision registered meanwhile may need other secrets than were read for this one.
  const {family, revision} = definition
  const source: DefinitionSource = named.kind === 'registered' ? {kind: 'registered', reference: {family, revision}} : named
  const override = overrideOf(definition.document, wanted)
  const {clientToken, constraints, count, group, startedBy, strategies} = wanted
  const run: RunWanted = {
    clusterId: cluster.id,
    source,
    count,
    constraints,
    strategies,
    requiredAttributes,
    seed: clientToken === undefined ? world.ids.next() : checkClientToken(clientToken),
    ...(wanted.instances === undefined ? {} : {onInstances: instancesNamed(state, cluster, wanted.instances)}),
    ...(override === undefined ? {} : {override}),
    ...(group === undefined ? {} : {group: checkGroup(group)}),
    ...(startedBy === undefined ? {} : {startedBy: checkStartedBy(startedBy)}),
    ...(wanted.pull === undefined ? {} : {pull: wanted.pull}),
    ...(wanted.removeWhenStopped ? {removeWhenStopped: true} : {}),
  }
  // A dry run reads nothing: it shows where tasks would go.
  if (wanted.dryRun) return {run}
  return {run, materials: await runMaterials(world, definition, overridden(definition.document, override), wanted.sources)}
}

/** Throws `ContainerInstanceNotFound` before anything is started, and ECS's `InvalidParameterException` for more than ten. */
function instancesNamed(state: State, cluster: Cluster, names: readonly string[]): readonly InstanceId[] {
  if (names.length <= MAX_STARTED_AT_ONCE) return names.map((name) => findInstance(state, cluster, name).id)
  throw new InvalidInputError(
    'InvalidParameterException',
    `Tasks are started on at most ${MAX_STARTED_AT_ONCE} instances at once; ${names.length} were named.`,
    {suggestions: ['berth task run FAMILY --count 20']},
  )
}

async function registeredSource(world: World, state: State, {ports, reference, volumes}: RunTasksWanted): Promise<DefinitionSource> {
  if (ports.length > 0 || volumes.volumes.length > 0)
    throw new InvalidInputError(
      'InvalidUsage',
      'Ports and volumes of a registered task definition stand in it; --publish and --volume go with --image.',
      {
        suggestions: ['berth task run --image IMAGE -p 8080:80'],
      },
    )
  return {kind: 'registered', reference: parseDefinitionReference(reference ?? (await askForFamily(world, state, nothingNamed)))}
}

function imageSource(image: string, {cpuUnits, memoryMiB, ports, reference, volumes}: RunTasksWanted): DefinitionSource {
  if (reference !== undefined)
    throw new InvalidInputError('InvalidUsage', 'Name a task definition or an image, not both; a command stands after --.', {
      suggestions: [`berth task run --image ${image} -- ${reference}`],
    })
  const document = definitionOfImage({
    image,
    ports,
    volumes,
    memoryMiB: memoryMiB ?? DEFAULT_IMAGE_MEMORY_MIB,
    ...(cpuUnits === undefined ? {} : {cpuUnits}),
  })
  return {kind: 'document', document, hash: createHash('sha256').update(canonicalJson(document)).digest('hex')}
}

function nothingNamed(families: readonly string[]): InvalidInputError {
  return new InvalidInputError('MissingArgument', 'Name what to run: a task definition, or an image by --image.', {
    suggestions: [
      ...families.slice(0, 1).map((family) => `berth task run ${family}`),
      'berth task run --image alpine:3 --memory 64 -- echo hi',
    ],
  })
}
