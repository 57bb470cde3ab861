// What creating, updating, scaling and deleting of services asks for (API reference of CreateService, UpdateService, DeleteService; read 2026-11-23).
import {ConflictError} from '../../errors.js'
import type {Cluster} from '../../model/cluster.js'
import type {DeploymentId} from '../../model/deployment.js'
import {quoted} from '../../model/names.js'
import type {Action, Plan} from '../../model/plan.js'
import type {PullPolicy} from '../../model/pull-policy.js'
import type {Service} from '../../model/service.js'
import {servicesOf, type State} from '../../model/state.js'
import {type Instant, timestamp} from '../../model/time.js'
import {type DefinitionSource, definitionFor} from '../definitions.js'
import {overviewOf, primaryOf} from '../../model/workload-records.js'
import {activeWorkload, changesOf, type ConfigurationSaid, deploymentOf, healingNotes, withSaid} from './workload-requests.js'

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
  const before = activeWorkload(state, {kind: 'service', id: wanted.serviceId}) as Service
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
