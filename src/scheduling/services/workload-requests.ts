// What requests of services and of daemons have in common: their deployments, the way back, the end.
import {ConflictError, NotFoundError} from '../../errors.js'
import {canonicalJson} from '../../model/canonical.js'
import {type CircuitBreaker, type Deployment, type DeploymentConfiguration, deploymentName} from '../../model/deployment.js'
import {isHealedByEngine} from '../../model/healing.js'
import {quoted} from '../../model/names.js'
import type {Action, Note, Plan} from '../../model/plan.js'
import type {Service, Workload, WorkloadSeat} from '../../model/service.js'
import {recordAt, type State} from '../../model/state.js'
import type {TaskDefinition} from '../../model/task-definition.js'
import {type Instant, timestamp} from '../../model/time.js'
import {isService, overviewOf, primaryOf} from '../../model/workload-records.js'
import {rollbackTarget, rollbackTo} from './rollout.js'

/** Which of the two it is, and its id. */
export interface WorkloadNamed {
  readonly kind: WorkloadSeat['kind']
  readonly id: string
}

/** What of the percentages and of the circuit breaker is said. */
export type ConfigurationSaid = Partial<Pick<DeploymentConfiguration, 'maximumPercent' | 'minimumHealthyPercent'>> & {
  readonly circuitBreaker?: Partial<CircuitBreaker>
}

/** The configuration with what is said of it; percentages that somebody said are no longer inferred. */
export function withSaid(before: DeploymentConfiguration, {circuitBreaker, ...percents}: ConfigurationSaid): DeploymentConfiguration {
  const {isInferred: _, ...kept} = before
  const base = Object.keys(percents).length === 0 ? before : kept
  return {...base, ...percents, circuitBreaker: {...before.circuitBreaker, ...circuitBreaker}}
}

/**
 * Back to the deployment that was completed last before this one; nothing where it is on its way back already: whoever was cut off types it again. Throws
 * `NothingToRollBackTo`, and as `activeWorkload`.
 */
export function planRollback(state: State, named: WorkloadNamed, now: Instant): Plan {
  const workload = activeWorkload(state, named)
  const records = overviewOf(state)(workload.id)
  const primary = primaryOf(workload, records)
  if (primary.cause === 'ROLLBACK' && primary.rolloutState === 'IN_PROGRESS')
    return {
      actions: [],
      notes: [{said: `${named.kind} ${workload.name} is being rolled back to ${primary.definitionId} already`}],
      refusals: [],
    }
  const target = rollbackTarget(records, primary.id)
  if (!target)
    throw new ConflictError(
      'NothingToRollBackTo',
      `The ${named.kind} ${quoted(workload.name)} has no other deployment that was completed.`,
      {
        suggestions: [`berth ${named.kind} describe ${workload.name}`],
      },
    )
  const how = {because: 'asked for', reason: `Rolled back from deployment ${deploymentName(primary.id)} by a person.`}
  return {actions: [...givenUp(workload, primary, target), ...rollbackTo(workload, primary, target, how, now)], notes: [], refusals: []}
}

/** A deployment that is under way ends with it. */
function givenUp({name}: Workload, {id, rolloutState}: Deployment, target: Deployment): readonly Action[] {
  if (rolloutState !== 'IN_PROGRESS') return []
  const reason = `Rolled back to deployment ${deploymentName(target.id)} by a person.`
  return [{kind: 'endDeployment', deploymentId: id, name, rolloutState: 'FAILED', reason, because: 'asked for'}]
}

/** Throws `ServiceNotEmpty` or `DaemonNotEmpty`, as ECS, for one that is wanted or runs, unless forced. One that is being deleted already is left so. */
export function planDeleteWorkload(state: State, named: WorkloadNamed, {force}: {readonly force: boolean}): Plan {
  const workload = workloadAt(state, named)
  if (!workload) return {actions: [], notes: [{said: `the ${named.kind} is gone already`}], refusals: []}
  const {id, name, status} = workload
  if (status === 'DRAINING') return {actions: [], notes: [{said: `${named.kind} ${name} is being deleted already`}], refusals: []}
  const count = overviewOf(state)(id).tasks.filter(({lastStatus}) => lastStatus !== 'STOPPED').length
  const isWanted = isService(workload) && workload.desiredCount > 0
  if (!force && (isWanted || count > 0)) throw notEmpty(named, name)
  const because = count === 0 ? 'asked for' : `asked for, with ${count === 1 ? 'its task' : `its ${count} tasks`}`
  return {
    actions: [{kind: 'deleteWorkload', workload: named.kind, id, name, because, ...(count === 0 ? {} : {destructive: true})}],
    notes: [],
    refusals: [],
  }
}

function notEmpty({kind}: WorkloadNamed, name: string): ConflictError {
  return kind === 'service'
    ? new ConflictError(
        'ServiceNotEmpty',
        `Service ${quoted(name)} cannot be deleted while its desired count is above 0 or tasks of it run.`,
        {
          suggestions: [`berth service scale ${name} 0`, `berth service delete ${name} --force`],
        },
      )
    : new ConflictError('DaemonNotEmpty', `Daemon ${quoted(name)} cannot be deleted while tasks of it run.`, {
        suggestions: [`berth daemon delete ${name} --force`],
      })
}

/** Throws `ServiceNotActiveException` or `DaemonNotActiveException`. */
export function activeWorkload(state: State, named: WorkloadNamed): Workload {
  const workload = workloadAt(state, named)
  if (workload?.status === 'ACTIVE') return workload
  const [code, noun] = named.kind === 'service' ? ['ServiceNotActiveException', 'Service'] : ['DaemonNotActiveException', 'Daemon']
  throw new NotFoundError(code, `${noun} ${quoted(workload?.name ?? named.id)} is being deleted, or has been.`, {
    suggestions: [`berth ${named.kind} list`],
  })
}

/** `undefined` where it is gone. */
export function workloadAt({daemons, services}: State, {id, kind}: WorkloadNamed): Workload | undefined {
  return kind === 'service' ? recordAt(services, id) : recordAt(daemons, id)
}

/** What the engines cannot bring back alone. */
export function healingNotes({document, id}: TaskDefinition): readonly Note[] {
  if (isHealedByEngine(document)) return []
  return [
    {
      said: `tasks of ${id} are more than one plain container: one that dies is replaced by a controller, an agent, or the next command that settles the service`,
    },
  ]
}

/** A deployment that begins now. */
export function deploymentOf(
  {clusterId, id: workloadId}: Workload,
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

/** What differs, as phrases: `desired count 2 -> 4`. */
export function changesOf(before: Workload, after: Workload): readonly string[] {
  return (Object.keys(NAMES) as (keyof Service)[]).flatMap((field) => {
    const [was, is] = [(before as Service)[field], (after as Service)[field]]
    if (canonicalJson(was) === canonicalJson(is)) return []
    const isPlain = typeof is === 'number' || typeof is === 'string'
    return isPlain ? `${NAMES[field]} ${String(was ?? 'unset')} -> ${is}` : `${NAMES[field]}`
  })
}
