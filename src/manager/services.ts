// Use cases of services: made, changed, scaled, rolled back, deleted, shown.
import {requiredAttributes} from '../ecs/attributes.js'
import {NotFoundError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Controllers} from '../model/controller.js'
import {checkServiceName, quoted} from '../model/names.js'
import type {Service} from '../model/service.js'
import {recordAt, servicesOf, type State} from '../model/state.js'
import {type Observation, unobserved} from '../model/observation.js'
import type {Plan} from '../model/plan.js'
import type {Instant} from '../model/time.js'
import {planCreateService, planUpdateService, type ServiceSettings} from '../scheduling/services/requests.js'
import {type ConfigurationSaid, planDeleteWorkload, planRollback} from '../scheduling/services/workload-requests.js'
import {type RolloutProgress, rolloutProgress} from '../scheduling/services/progress.js'
import type {World} from '../world/world.js'
import {askForService} from './ask-for.js'
import {changeWorkload, untilSteady} from './change-workload.js'
import {controllerOf} from './controllers.js'
import type {Done} from './done.js'
import {look} from './look.js'
import {LIST_DEADLINE_MS} from './observe.js'
import {clusterNamed, nearest} from './resolve.js'
import {type DeployedSources, deployedMaterials, registeredSource} from './workload-materials.js'
import type {SourcesWanted} from './materials.js'

/** Services, and the state in which they stand. */
export interface FoundServices {
  readonly state: State
  readonly cluster: Cluster
  readonly now: Instant
  readonly workloads: readonly Service[]
  /** How far each is, by id. */
  readonly progress: Readonly<Record<string, RolloutProgress>>
  readonly controllers?: Controllers
}

/** How a command that changes a service goes about it. */
export interface Manner {
  readonly cluster: string | undefined
  readonly detach: boolean
  readonly dryRun: boolean
  readonly timeoutSeconds: number
}

export interface CreateServiceWanted extends Manner {
  /** Absent: the person is asked. */
  readonly name: string | undefined
  readonly taskDefinition: string | undefined
  readonly settings: ServiceSettings
  readonly sources: SourcesWanted
}

/** Throws `ServiceAlreadyExists`, as `askForService` and `changeWorkload`. */
export async function createService(world: World, wanted: CreateServiceWanted): Promise<Done<FoundServices>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const said = await askForService(world, state, wanted)
  const name = checkServiceName(said.name)
  const source = registeredSource(said.taskDefinition)
  const known = servicesOf(state, cluster.id).find((one) => one.name === name)
  const drawn = {serviceId: known?.id ?? world.ids.next(), deploymentId: world.ids.next()}
  return change(world, cluster, wanted, {
    serviceId: drawn.serviceId,
    name,
    because: `create service ${name}`,
    request: (current, now) =>
      planCreateService(current, {...drawn, cluster, name, source, settings: wanted.settings, by: world.why.by}, now),
    deployed: {source, sources: wanted.sources},
  })
}

export interface UpdateServiceWanted extends Manner {
  readonly name: string
  readonly taskDefinition: string | undefined
  /** Only what changes. */
  readonly settings: Partial<ServiceSettings>
  readonly deployment: ConfigurationSaid
  readonly forceNewDeployment: boolean
  readonly sources: SourcesWanted
}

/** Throws `ServiceNotActiveException`, and as `changeWorkload`. */
export async function updateService(world: World, wanted: UpdateServiceWanted): Promise<Done<FoundServices>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const {deploymentId: primaryId, id, name} = findService(state, cluster, wanted.name)
  const deploymentId = world.ids.next()
  const source = wanted.taskDefinition === undefined ? undefined : registeredSource(wanted.taskDefinition)
  const isForced = wanted.forceNewDeployment
  const runs = recordAt(state.deployments, primaryId)?.definitionId ?? ''
  // A change of anything else needs no secrets of this machine: what runs has them.
  const {allowClientSecrets, fileSystems, secrets} = wanted.sources
  const isSaid = source !== undefined || allowClientSecrets || fileSystems.length + secrets.length > 0
  return change(world, cluster, wanted, {
    serviceId: id,
    name,
    because: `update service ${name}`,
    request: (current, now) =>
      planUpdateService(
        current,
        {
          serviceId: id,
          deploymentId,
          settings: wanted.settings,
          configuration: wanted.deployment,
          isForced,
          ...(source === undefined ? {} : {source}),
        },
        now,
      ),
    ...(isSaid ? {deployed: {source: source ?? registeredSource(runs), sources: wanted.sources}} : {}),
  })
}

/** Another desired count; no deployment. Throws as `updateService`. */
export async function scaleService(
  world: World,
  {desiredCount, ...wanted}: Manner & {readonly name: string; readonly desiredCount: number},
): Promise<Done<FoundServices>> {
  const nothing = {
    taskDefinition: undefined,
    deployment: {},
    forceNewDeployment: false,
    sources: {secrets: [], fileSystems: [], allowClientSecrets: false},
  }
  return updateService(world, {...wanted, ...nothing, settings: {desiredCount}})
}

/** Back to the deployment that was completed last before this one. Throws `NothingToRollBackTo`, and as `changeWorkload`. */
export async function rollBackService(world: World, wanted: Manner & {readonly name: string}): Promise<Done<FoundServices>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const {id, name} = findService(state, cluster, wanted.name)
  return change(world, cluster, wanted, {
    serviceId: id,
    name,
    because: `roll service ${name} back`,
    request: (current, now) => planRollback(current, {kind: 'service', id}, now),
  })
}

/** After it the service is gone with its tasks. Throws `ServiceNotEmpty`, and as `changeWorkload`. */
export async function deleteService(
  world: World,
  wanted: Manner & {readonly name: string; readonly force: boolean},
): Promise<Done<FoundServices>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const service = findService(state, cluster, wanted.name)
  const {id, name} = service
  const done = await change(world, cluster, wanted, {
    serviceId: id,
    name,
    because: `delete service ${name}`,
    question: `Delete service ${name} and stop its tasks?`,
    request: (current) => planDeleteWorkload(current, {kind: 'service', id}, {force: wanted.force}),
  })
  return done.dryRun ? done : {...done, value: {...done.value, workloads: [{...service, status: 'DRAINING', desiredCount: 0}]}}
}

/** The services once each is steady; those named, or all of the cluster. Throws as `changeWorkload`. */
export async function waitForServices(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly names: readonly string[]; readonly timeoutSeconds: number},
): Promise<FoundServices> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const services = wanted.names.length === 0 ? servicesOf(state, cluster.id) : wanted.names.map((name) => findService(state, cluster, name))
  const underWay = new Set<string>()
  await Promise.all(
    services.map(async ({id, name}) => {
      await untilSteady(world, {cluster, kind: 'service', workloadId: id, name, timeoutSeconds: wanted.timeoutSeconds, underWay})
    }),
  )
  return found(
    world,
    cluster,
    services.map(({id}) => id),
  )
}

/** The services of the cluster by name, or those named, after a look at all hosts. Throws `ServiceNotFoundException`. */
export async function describeServices(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly names: readonly string[]; readonly cached: boolean},
): Promise<FoundServices> {
  const before = (await world.store.read()).state
  const cluster = await clusterNamed(world, before, wanted.cluster)
  const named = wanted.names.map((name) => findService(before, cluster, name).id)
  const {seen, state} = await look(world, cluster, wanted.cached ? undefined : {deadlineMs: LIST_DEADLINE_MS})
  const services = wanted.names.length === 0 ? servicesOf(state, cluster.id) : named.flatMap((id) => recordAt(state.services, id) ?? [])
  return {...foundServices(state, cluster, services, seen, world.clock.now()), controllers: await controllerOf(world, cluster)}
}

interface ServiceChange {
  readonly serviceId: string
  readonly name: string
  readonly because: string
  readonly question?: string
  readonly request: (state: State, now: Instant) => Plan
  readonly deployed?: DeployedSources
}

async function change(world: World, cluster: Cluster, manner: Manner, wanted: ServiceChange): Promise<Done<FoundServices>> {
  const {detach, dryRun, timeoutSeconds} = manner
  const isIdle = dryRun || detach
  const materials = isIdle || !wanted.deployed ? undefined : await deployedMaterials(world, wanted.deployed)
  const done = await changeWorkload(world, {
    cluster,
    kind: 'service',
    workloadId: wanted.serviceId,
    name: wanted.name,
    because: wanted.because,
    ...(wanted.question === undefined ? {} : {question: wanted.question}),
    request: wanted.request,
    detach,
    dryRun,
    timeoutSeconds,
    ...(materials === undefined ? {} : {materials}),
  })
  return done.dryRun ? done : {...done, value: await found(world, cluster, [wanted.serviceId])}
}

async function found(world: World, cluster: Cluster, ids: readonly string[]): Promise<FoundServices> {
  const {state} = await world.store.read()
  const now = world.clock.now()
  const services = ids.flatMap((id) => recordAt(state.services, id) ?? [])
  return foundServices(state, cluster, services, unobserved(now), now)
}

function foundServices(state: State, cluster: Cluster, services: readonly Service[], seen: Observation, now: Instant): FoundServices {
  const progress = Object.fromEntries(
    services.map((service) => [service.id, rolloutProgress({state, seen, now, requiredAttributes}, service)]),
  )
  return {state, cluster, now, workloads: services, progress}
}

/** By name or ARN. Throws `ServiceNotFoundException` with the nearest name. */
export function findService(state: State, cluster: Cluster, text: string): Service {
  const name = text.startsWith('arn:') ? text.slice(text.lastIndexOf('/') + 1) : text
  const services = servicesOf(state, cluster.id)
  const service = services.find((one) => one.name === name)
  if (service) return service
  throw new NotFoundError('ServiceNotFoundException', `Cluster ${quoted(cluster.name)} has no service ${quoted(text)}.`, {
    suggestions: [
      ...nearest(name, services).map((near) => `berth service describe ${near} -c ${cluster.name}`),
      `berth service list -c ${cluster.name}`,
    ],
  })
}
