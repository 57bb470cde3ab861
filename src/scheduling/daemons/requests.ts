// What deploying and changing of daemons asks for. Deploying one that is there already is an update of it.
import {InvalidInputError} from '../../errors.js'
import type {Cluster} from '../../model/cluster.js'
import type {DeploymentConfiguration, DeploymentId} from '../../model/deployment.js'
import {quoted} from '../../model/names.js'
import type {Action, Plan} from '../../model/plan.js'
import type {PullPolicy} from '../../model/pull-policy.js'
import type {Daemon} from '../../model/service.js'
import {daemonsOf, type State} from '../../model/state.js'
import {type Instant, timestamp} from '../../model/time.js'
import {overviewOf, primaryOf} from '../../model/workload-records.js'
import {type DefinitionSource, definitionFor} from '../definitions.js'
import {activeWorkload, changesOf, type ConfigurationSaid, deploymentOf, healingNotes, withSaid} from '../services/workload-requests.js'

/** What of a daemon a person says. */
export type DaemonSettings = Pick<
  Daemon,
  'placementConstraints' | 'healthCheckGracePeriodSeconds' | 'healthyAfterSeconds' | 'silenceGraceSeconds' | 'tags' | 'propagateTags'
> & {readonly pull?: PullPolicy}

export interface DeployWanted {
  readonly cluster: Cluster
  readonly name: string
  /** Absent: what it runs already. */
  readonly source?: DefinitionSource
  /** What a new one has where nothing is said. */
  readonly defaults: DaemonSettings & {readonly deploymentConfiguration: DeploymentConfiguration}
  /** What is said. */
  readonly settings: Partial<DaemonSettings>
  readonly configuration: ConfigurationSaid
  readonly isForced: boolean
  /** Drawn before, so that the decision may be made again. */
  readonly daemonId: string
  readonly deploymentId: DeploymentId
  readonly by: string
}

/** The daemon, its definition where that is new, and a deployment where there is anything to deploy. Nothing where all is so already. Throws `DaemonNotActiveException`. */
export function planDeployDaemon(state: State, wanted: DeployWanted, now: Instant): Plan {
  const known = daemonsOf(state, wanted.cluster.id).find(({name}) => name === wanted.name)
  const before = known && activeWorkload(state, {kind: 'daemon', id: known.id})
  const daemon = before ? updated(before, wanted) : created(wanted, now)
  const runs = before && primaryOf(before, overviewOf(state)(before.id)).definitionId
  const found = wanted.source && definitionFor(state, wanted.source, now)
  const definitionId = found?.definition.id ?? runs ?? ''
  const because = 'asked for'
  const changes = before ? changesOf(before, daemon) : [`one task of ${definitionId} on each instance`]
  const isOther = runs !== definitionId
  const cause = before === undefined ? 'CREATED' : isOther ? 'UPDATED' : 'FORCED'
  const source = before === undefined ? {} : {sourceId: before.deploymentId}
  const deployment = deploymentOf(daemon, {id: wanted.deploymentId, definitionId, cause, ...source}, now)
  const actions: readonly Action[] = [
    ...(found?.isNew
      ? [
          {
            kind: 'registerDefinition',
            definition: found.definition,
            because: `family ${found.definition.family} has no revision that says the same`,
          } as const,
        ]
      : []),
    ...(changes.length > 0 ? [{kind: 'putDaemon', daemon, isNew: before === undefined, changes, because} as const] : []),
    ...(isOther || wanted.isForced ? [{kind: 'beginDeployment', name: daemon.name, deployment, because} as const] : []),
  ]
  if (actions.length === 0) return {actions, notes: [{said: `daemon ${daemon.name} is so already`}], refusals: []}
  return {actions, notes: found && isOther ? healingNotes(found.definition) : [], refusals: []}
}

function created({by, cluster, configuration, daemonId, defaults, deploymentId, name, settings}: DeployWanted, now: Instant): Daemon {
  return {
    ...defaults,
    ...settings,
    id: daemonId,
    clusterId: cluster.id,
    name,
    status: 'ACTIVE',
    deploymentId,
    deploymentConfiguration: checked(withSaid(defaults.deploymentConfiguration, configuration), name),
    createdAt: timestamp(now),
    createdBy: by,
    version: 1,
  }
}

function updated(before: Daemon, {configuration, name, settings}: DeployWanted): Daemon {
  const deploymentConfiguration = checked(withSaid(before.deploymentConfiguration, configuration), name)
  return {...before, ...settings, deploymentConfiguration, version: before.version + 1}
}

/** An instance never has two tasks of a daemon: an update always stops first. */
function checked(configuration: DeploymentConfiguration, name: string): DeploymentConfiguration {
  if (configuration.maximumPercent === 100 && configuration.minimumHealthyPercent < 100) return configuration
  throw new InvalidInputError(
    'InvalidParameterException',
    `Daemon ${quoted(name)} cannot keep ${configuration.minimumHealthyPercent} % healthy within ${configuration.maximumPercent} %: the old task of an instance stops before the new one starts, so its maximum is 100 % and its minimum below that.`,
    {suggestions: [`berth daemon update ${name} --minimum-healthy-percent 50`]},
  )
}
