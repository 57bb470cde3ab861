// What creating, updating, scaling and deleting of services asks for (API reference of CreateService, UpdateService, DeleteService; read 2026-11-23).
import {ConflictError, NotFoundError} from '../../errors.js'
import {canonicalJson} from '../../model/canonical.js'
import type {Cluster} from '../../model/cluster.js'
import {
  type CircuitBreaker,
  type Deployment,
  type DeploymentConfiguration,
  type DeploymentId,
  deploymentName,
} from '../../model/deployment.js'
import {isHealedByEngine} from '../../model/healing.js'
import {quoted} from '../../model/names.js'
import type {Action, Note, Plan} from '../../model/plan.js'
import type {PullPolicy} from '../../model/pull-policy.js'
import type {Service} from '../../model/service.js'
import {servicesOf, type State, the} from '../../model/state.js'
import type {TaskDefinition} from '../../model/task-definition.js'
import {type Instant, timestamp} from '../../model/time.js'
import {type DefinitionSource, definitionFor} from '../definitions.js'
import {overviewOf, primaryOf} from '../../model/workload-records.js'
import {rollbackTarget, rollbackTo} from './rollout.js'

/** What of a service a person says: all of it when it is created. */
export type ServiceSettings = Pick<
  Service,
  | 'desiredCount'
  | 'deploymentConfiguration'
  | 'placementConstraints'
  | 'placementStrategies'
  | 'healthCheckGracePeriodSeconds'
  | 'healthyAfterSeconds'
  | 'silenceGraceSeconds'
  | 'tags'
  | 'propagateTags'
> & {readonly pull?: PullPolicy}

/** Ids that are drawn before the decision, so that it may be made again. */
export interface DrawnIds {
  readonly serviceId: string
  readonly deploymentId: DeploymentId
}

export interface CreateWanted extends DrawnIds {
  readonly cluster: Cluster
  readonly name: string
  readonly source: DefinitionSource
  readonly settings: ServiceSettings
  readonly by: string
}

/**
 * The service, its definition where that is new, and its first deployment. Nothing where it is there already just so: whoever was cut off types it again. Throws `ServiceAlreadyExists`, and
 * as `definitionFor`.
 */
export function planCreateService(state: State, wanted: CreateWanted, now: Instant): Plan {
  const {by, cluster, deploymentId, name, serviceId, settings} = wanted
  const {definition, isNew} = definitionFor(state, wanted.source, now)
  const namesake = servicesOf(state, cluster.id).find((one) => one.name === name)
  if (namesake) {
    if (!isAsWanted(state, namesake, settings, definition.id)) throw alreadyExists(cluster, namesake)
    return {actions: [], notes: [{said: `service ${name} is so already`}], refusals: []}
  }
  const service: Service = {
    id: serviceId,
    clusterId: cluster.id,
    name,
    status: 'ACTIVE',
    deploymentId,
    ...settings,
    createdAt: timestamp(now),
    createdBy: by,
    version: 1,
  }
  const because = 'asked for'
  const actions: readonly Action[] = [
    ...(isNew
      ? [{kind: 'registerDefinition', definition, because: `family ${definition.family} has no revision that says the same`} as const]
      : []),
    {kind: 'putService', service, isNew: true, changes: [`${settings.desiredCount} of ${definition.id}`], because},
    {
      kind: 'beginDeployment',
      name,
      deployment: deploymentOf(service, {id: deploymentId, definitionId: definition.id, cause: 'CREATED'}, now),
      because,
    },
  ]
  return {actions, notes: healingNotes(definition), refusals: []}
}

/** What of the percentages and of the circuit breaker is said. */
export type ConfigurationSaid = Partial<Pick<DeploymentConfiguration, 'maximumPercent' | 'minimumHealthyPercent'>> & {
  readonly circuitBreaker?: Partial<CircuitBreaker>
}

export interface UpdateWanted {
  readonly serviceId: string
  /** Drawn before; used where a deployment begins. */
  readonly deploymentId: DeploymentId
  /** Only what changes. */
  readonly settings: Partial<ServiceSettings>
  readonly configuration?: ConfigurationSaid
  readonly source?: DefinitionSource
  /** Deploy again, though the definition is the same. */
  readonly isForced: boolean
}

/** What becomes another; a deployment where the definition does, or where one is forced. Nothing where all is so already. Throws `ServiceNotActive`. */
export function planUpdateService(state: State, wanted: UpdateWanted, now: Instant): Plan {
  const before = activeService(state, wanted.serviceId)
  const deploymentConfiguration = withSaid(before.deploymentConfiguration, wanted.configuration ?? {})
  const service: Service = {...before, ...wanted.settings, deploymentConfiguration, version: before.version + 1}
  const changes = changesOf(before, service)
  const primary = primaryOf(before, overviewOf(state)(before.id))
  const found = wanted.source && definitionFor(state, wanted.source, now)
  const definitionId = found?.definition.id ?? primary.definitionId
  const isOther = definitionId !== primary.definitionId
  const because = 'asked for'
  const actions: Action[] = []
  if (found?.isNew)
    actions.push({
      kind: 'registerDefinition',
      definition: found.definition,
      because: `family ${found.definition.family} has no revision that says the same`,
    })
  if (changes.length > 0) actions.push({kind: 'putService', service, isNew: false, changes, because})
  if (isOther || wanted.isForced) {
    const cause = isOther ? 'UPDATED' : 'FORCED'
    const deployment = deploymentOf(before, {id: wanted.deploymentId, definitionId, cause, sourceId: primary.id}, now)
    actions.push({
      kind: 'beginDeployment',
      name: before.name,
      deployment,
      because: isOther ? `it ran ${primary.definitionId}` : 'a new deployment was forced',
    })
  }
  const notes = found && isOther ? healingNotes(found.definition) : []
  return {actions, notes: actions.length === 0 ? [{said: `service ${before.name} is so already`}] : notes, refusals: []}
}

function withSaid(before: DeploymentConfiguration, {circuitBreaker, ...percents}: ConfigurationSaid): DeploymentConfiguration {
  const {isInferred: _, ...kept} = before
  const base = Object.keys(percents).length === 0 ? before : kept
  return {...base, ...percents, circuitBreaker: {...before.circuitBreaker, ...circuitBreaker}}
}

/** Back to the deployment that was completed last before this one. Throws `NothingToRollBackTo`. */
export function planRollback(state: State, serviceId: string, now: Instant): Plan {
  const service = activeService(state, serviceId)
  const records = overviewOf(state)(serviceId)
  const primary = primaryOf(service, records)
  const target = rollbackTarget(records, primary.id)
  if (!target)
    throw new ConflictError('NothingToRollBackTo', `Service ${quoted(service.name)} has no other deployment that was completed.`, {
      suggestions: [`berth service deployments ${service.name}`, `berth service update ${service.name} --task-definition FAMILY:REVISION`],
    })
  const stopped: readonly Action[] =
    primary.rolloutState === 'IN_PROGRESS'
      ? [
          {
            kind: 'endDeployment',
            deploymentId: primary.id,
            name: service.name,
            rolloutState: 'FAILED',
            reason: `Rolled back to deployment ${deploymentName(target.id)} by a person.`,
            because: 'asked for',
          },
        ]
      : []
  return {actions: [...stopped, ...rollbackTo(service, primary, target, 'asked for', now)], notes: [], refusals: []}
}

/** Throws `ServiceNotEmpty`, as ECS, for one that is wanted or runs, unless forced. One that is being deleted already is left so. */
export function planDeleteService(state: State, serviceId: string, {force}: {readonly force: boolean}): Plan {
  const service = the(state.services, serviceId)
  const {desiredCount, id, name, status} = service
  if (status === 'DRAINING') return {actions: [], notes: [{said: `service ${name} is being deleted already`}], refusals: []}
  const count = overviewOf(state)(id).tasks.filter(({lastStatus}) => lastStatus !== 'STOPPED').length
  if (!force && (desiredCount > 0 || count > 0))
    throw new ConflictError(
      'ServiceNotEmpty',
      `Service ${quoted(name)} cannot be deleted while its desired count is above 0 or tasks of it run.`,
      {suggestions: [`berth service scale ${name} 0`, `berth service delete ${name} --force`]},
    )
  const because = count === 0 ? 'asked for' : `asked for, with ${count === 1 ? 'its task' : `its ${count} tasks`}`
  return {
    actions: [{kind: 'deleteWorkload', workload: 'service', id, name, because, ...(count === 0 ? {} : {destructive: true})}],
    notes: [],
    refusals: [],
  }
}

/** Throws `ServiceNotActive`. */
export function activeService(state: State, serviceId: string): Service {
  const service = state.services[serviceId]
  if (service?.status === 'ACTIVE') return service
  throw new NotFoundError('ServiceNotActiveException', `Service ${quoted(service?.name ?? serviceId)} is being deleted, or has been.`, {
    suggestions: ['berth service list'],
  })
}

/** What the engines cannot bring back alone. */
function healingNotes({document, id}: TaskDefinition): readonly Note[] {
  if (isHealedByEngine(document)) return []
  return [
    {
      said: `tasks of ${id} are more than one plain container: one that dies is replaced by a controller, an agent, or the next command that settles the service`,
    },
  ]
}

function isAsWanted(state: State, service: Service, settings: ServiceSettings, definitionId: string): boolean {
  if (service.status !== 'ACTIVE' || state.deployments[service.deploymentId]?.definitionId !== definitionId) return false
  return changesOf(service, {...service, ...settings}).length === 0
}

function alreadyExists({name: cluster}: Cluster, {name, status}: Service): ConflictError {
  const text = status === 'DRAINING' ? 'is being deleted; its last tasks have not stopped' : 'exists already'
  return new ConflictError('ServiceAlreadyExists', `Service ${quoted(name)} ${text}.`, {
    suggestions: [`berth service describe ${name} -c ${cluster}`, `berth service update ${name} -c ${cluster}`],
  })
}

function deploymentOf(
  {clusterId, id: workloadId}: Service,
  said: Pick<Deployment, 'id' | 'definitionId' | 'cause' | 'sourceId'>,
  now: Instant,
): Deployment {
  const at = timestamp(now)
  return {
    ...said,
    clusterId,
    workloadId,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${deploymentName(said.id)} in progress.`,
    createdAt: at,
    begunAt: at,
    updatedAt: at,
    version: 1,
  }
}

const NAMES: Readonly<Partial<Record<keyof Service, string>>> = {
  desiredCount: 'desired count',
  deploymentConfiguration: 'deployment configuration',
  placementConstraints: 'placement constraints',
  placementStrategies: 'placement strategies',
  healthCheckGracePeriodSeconds: 'health check grace period',
  healthyAfterSeconds: 'healthy after',
  silenceGraceSeconds: 'silence grace',
  pull: 'pull policy',
  tags: 'tags',
  propagateTags: 'propagated tags',
}

function changesOf(before: Service, after: Service): readonly string[] {
  return (Object.keys(NAMES) as (keyof Service)[]).flatMap((field) => {
    const [was, is] = [before[field], after[field]]
    if (canonicalJson(was) === canonicalJson(is)) return []
    const isPlain = typeof is === 'number' || typeof is === 'string'
    return isPlain ? `${NAMES[field]} ${String(was ?? 'unset')} -> ${is}` : `${NAMES[field]}`
  })
}
