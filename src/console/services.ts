// Services and daemons as a person reads them.
import {type Controllers, controllerText} from '../model/controller.js'
import {deploymentName} from '../model/deployment.js'
import type {Service, Workload} from '../model/service.js'
import type {State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {isService, overviewOf, primaryOf, type WorkloadRecords} from '../model/workload-records.js'
import {ago} from './age.js'
import {fields, table} from './table.js'
import type {View} from './view.js'

/** How far a service is, in numbers of tasks. */
export interface ProgressShown {
  readonly desiredCount: number
  readonly pendingCount: number
  readonly runningCount: number
  readonly healthyCount: number
  readonly oldCount: number
  readonly stoppingCount: number
  readonly failedCount: number
  readonly isSteady: boolean
}

export interface WorkloadsShown {
  readonly state: State
  readonly workloads: readonly Workload[]
  readonly now: Instant
  /** By the id of the service or daemon. */
  readonly progress: Readonly<Record<string, ProgressShown>>
  /** Who heals them; absent: nobody has looked. */
  readonly controllers?: Controllers
}

const MOST_EVENTS = 10

/** The names alone, one a line: what a change answers. */
export function workloadNamesView({workloads}: Pick<WorkloadsShown, 'workloads'>): View {
  const names = workloads.map(({name}) => name)
  return {ids: names, text: names.join('\n')}
}

/** One row a service. */
export function servicesView(shown: WorkloadsShown): View {
  return listView(shown, 'SERVICE', 'No services. Make one: berth service create NAME --task-definition FAMILY')
}

/** One row a daemon. */
export function daemonsView(shown: WorkloadsShown): View {
  return listView(shown, 'DAEMON', 'No daemons. Make one: berth daemon deploy FILE')
}

function listView({now, progress, state, workloads}: WorkloadsShown, head: string, none: string): View {
  if (workloads.length === 0) return {ids: [], text: none}
  const overview = overviewOf(state)
  const rows = workloads.map((service) => {
    const primary = primaryOf(service, overview(service.id))
    const at = progress[service.id]
    return [
      service.name,
      service.status,
      primary.definitionId,
      String(at?.desiredCount ?? 0),
      String(at?.runningCount ?? 0),
      String(at?.healthyCount ?? 0),
      primary.rolloutState,
      ago(primary.begunAt, now),
    ]
  })
  return {
    ids: workloads.map(({name}) => name),
    text: table([head, 'STATUS', 'DEFINITION', 'DESIRED', 'RUNNING', 'HEALTHY', 'ROLLOUT', 'DEPLOYED'], rows),
  }
}

/** All that is known of each: its deployments, and what happened last. */
export function workloadDetailsView({controllers, now, progress, state, workloads}: WorkloadsShown): View {
  const overview = overviewOf(state)
  const details = workloads.map((one) => workloadDetails({controllers, now, state}, one, overview(one.id), progress[one.id]))
  return {ids: workloads.map(({name}) => name), text: details.join('\n\n\n')}
}

function workloadDetails(
  {controllers, now, state}: {readonly controllers: Controllers | undefined; readonly now: Instant; readonly state: State},
  service: Workload,
  records: WorkloadRecords,
  at: ProgressShown | undefined,
): string {
  const {circuitBreaker, maximumPercent, minimumHealthyPercent} = service.deploymentConfiguration
  const head = fields([
    [isService(service) ? 'Service' : 'Daemon', service.name],
    ['Cluster', state.clusters[service.clusterId]?.name],
    ['Status', service.status],
    ['Definition', primaryOf(service, records).definitionId],
    ['Tasks', at && tasksText(at)],
    ['Healed by', controllers && healerText(controllers)],
    ['Percentages', `at least ${minimumHealthyPercent} % healthy, at most ${maximumPercent} % at once`],
    ['Circuit breaker', circuitBreaker.enable ? `on${circuitBreaker.rollback ? ', rolls back' : ''}` : 'off'],
    [
      'Constraints',
      service.placementConstraints.map((one) => (one.type === 'memberOf' ? `memberOf:${one.expression}` : one.type)).join(', ') ||
        undefined,
    ],
    ['Strategies', isService(service) ? service.placementStrategies.map(strategyText).join(', ') || undefined : undefined],
    ['Created', `${service.createdAt} by ${service.createdBy}`],
  ])
  const events = records.events.slice(0, MOST_EVENTS).map(({at: when, message}) => [ago(when, now), message])
  return [head, deploymentsTable(service, records, now), ...(events.length === 0 ? [] : [table(['SINCE', 'EVENT'], events)])].join('\n\n')
}

/** Who replaces what fails, and what is to be done where nobody does. */
export function healerText({leader}: Controllers): string {
  return leader
    ? `controller of ${controllerText(leader)}`
    : 'nobody: start one with "berth controller run", or settle with "berth cluster settle"'
}

function tasksText({desiredCount, failedCount, healthyCount, oldCount, pendingCount, runningCount, stoppingCount}: ProgressShown): string {
  const more = [
    [pendingCount, 'pending'],
    [oldCount, 'old'],
    [stoppingCount, 'stopping'],
    [failedCount, 'failed'],
  ].flatMap(([count, what]) => (count === 0 ? [] : `, ${count} ${what}`))
  return `${runningCount} of ${desiredCount} running, ${healthyCount} healthy${more.join('')}`
}

function strategyText(strategy: Service['placementStrategies'][number]): string {
  return strategy.type === 'random' ? 'random' : `${strategy.type}:${strategy.field}`
}

/** The deployments of each service, the newest first, each with why it ended as it did. */
export function deploymentsView({now, state, workloads}: WorkloadsShown): View {
  const overview = overviewOf(state)
  const text = workloads.map((service) => deploymentsTable(service, overview(service.id), now)).join('\n\n')
  return {ids: workloads.flatMap(({id}) => overview(id).deployments.map((one) => deploymentName(one.id))), text}
}

function deploymentsTable({deploymentId}: Workload, {deployments, tasks}: WorkloadRecords, now: Instant): string {
  const rows = deployments.map((one) => {
    const own = tasks.filter(({lastStatus, workload}) => lastStatus !== 'STOPPED' && workload?.deploymentId === one.id)
    return [
      deploymentName(one.id),
      one.id === deploymentId ? 'PRIMARY' : own.length > 0 ? 'ACTIVE' : '-',
      one.definitionId,
      one.cause,
      String(own.length),
      one.rolloutState,
      ago(one.begunAt, now),
      one.rolloutStateReason,
    ]
  })
  return table(['DEPLOYMENT', 'STATUS', 'DEFINITION', 'CAUSE', 'TASKS', 'ROLLOUT', 'SINCE', 'REASON'], rows)
}

/** What happened to each service, the oldest first. */
export function workloadEventsView({state, workloads}: WorkloadsShown): View {
  const overview = overviewOf(state)
  const events = workloads.flatMap(({id}) => overview(id).events.toReversed())
  return {ids: events.map(({id}) => id), text: events.map(({at, message}) => `${at} ${message}`).join('\n') || 'No events.'}
}
