// Controllers of a cluster, and the unit that keeps one running, as a person reads them.
import type {Cluster} from '../model/cluster.js'
import {type Controllers, controllerText, type RunningController} from '../model/controller.js'
import {deploymentName} from '../model/deployment.js'
import type {State} from '../model/state.js'
import type {Workload} from '../model/service.js'
import type {Instant} from '../model/time.js'
import {ago} from './age.js'
import type {ProgressShown} from './services.js'
import {fields, table} from './table.js'
import type {View} from './view.js'

export interface ControllerShown extends Controllers {
  readonly cluster: Cluster
  readonly location: string
  readonly now: Instant
  readonly state: State
  readonly workloads: readonly Workload[]
  /** By the id of the service or daemon. */
  readonly progress: Readonly<Record<string, ProgressShown>>
}

/** Ids: the process that leads, where one does. */
export function controllerStatusView({cluster, leader, location, now, progress, standby, state, workloads}: ControllerShown): View {
  const record = cluster.controller
  const isItsRecord = record !== undefined && leader !== undefined && record.pid === leader.pid
  const head = fields([
    ['Cluster', cluster.name],
    ['State', location],
    ['Leader', leader ? runningText(leader, now) : 'nobody: berth controller run'],
    ['Command', leader?.command],
    ...standby.map((one) => ['Stands by', runningText(one, now)] as const),
    ['Looked', isItsRecord ? `${ago(record.lookedAt, now)}, or since; decided in ${record.decidedInMs} ms` : undefined],
    ['Last led', !isItsRecord && record ? `${record.by} (process ${record.pid}), seen ${ago(record.lookedAt, now)}` : undefined],
  ])
  const rows = workloads.map((service) => {
    const at = progress[service.id]
    const {rolloutState} = state.deployments[service.deploymentId] ?? {rolloutState: '-'}
    const counts = `${at?.runningCount ?? 0}/${at?.desiredCount ?? 0}`
    return [
      service.name,
      counts,
      String(at?.healthyCount ?? 0),
      deploymentName(service.deploymentId),
      rolloutState,
      at?.isSteady ? 'steady' : 'not steady',
    ]
  })
  const ids = leader?.pid === undefined ? [] : [String(leader.pid)]
  if (rows.length === 0) return {ids, text: head}
  return {ids, text: `${head}\n\n${table([leader ? 'HEALS' : 'SERVICE', 'RUNNING', 'HEALTHY', 'DEPLOYMENT', 'ROLLOUT', ''], rows)}`}
}

/** As a program reads it: the figures of the page in one document. */
export function controllerJson({cluster, leader, location, progress, standby, workloads}: ControllerShown): object {
  return {
    controller: {
      clusterName: cluster.name,
      state: location,
      leader: leader ?? null,
      standby,
      ...(cluster.controller === undefined ? {} : {record: cluster.controller}),
      services: workloads.map(({id, name}) => ({serviceName: name, ...progress[id]})),
    },
  }
}

function runningText(one: RunningController, now: Instant): string {
  return `${controllerText(one)}${one.since === undefined ? '' : `, since ${one.since} (${ago(one.since, now)})`}`
}

interface UnitShown {
  readonly name: string
  readonly path: string
  readonly next: readonly string[]
}

/** The unit itself, or where it was written and what to type next. Ids: its path. */
export function installedView({name, next, path, print, text}: UnitShown & {readonly text: string; readonly print: boolean}): View {
  if (print) return {ids: [path], text: text.trimEnd()}
  return {ids: [path], text: [`Wrote ${name} to ${path}. Start it, now and at each boot:`, ...next.map((line) => `  ${line}`)].join('\n')}
}

/** Ids: its path. */
export function uninstalledView({
  dryRun,
  name,
  next,
  path,
  wasThere,
}: UnitShown & {readonly wasThere: boolean; readonly dryRun: boolean}): View {
  if (!wasThere) return {ids: [], text: `There is no ${path}.`}
  const words = dryRun ? `Would remove ${path}. What runs of it ends by:` : `Removed ${name}. End what runs of it:`
  return {ids: [path], text: [words, ...next.map((line) => `  ${line}`)].join('\n')}
}

interface ContainerShown {
  readonly name: string
  readonly cluster: Cluster
  readonly instance: {readonly name: string}
  readonly image: string
  readonly deed: 'create' | 'replace' | 'unchanged'
  readonly handed: readonly string[]
  readonly dryRun: boolean
}

const DONE = {create: 'Runs', replace: 'Replaced', unchanged: 'Unchanged:'} as const
const WOULD = {create: 'Would run', replace: 'Would replace', unchanged: 'Unchanged:'} as const

/** Ids: the name of the container. */
export function containerView({cluster, deed, dryRun, handed, image, instance, name}: ContainerShown): View {
  const head = `${(dryRun ? WOULD : DONE)[deed]} the controller of cluster ${cluster.name} as container ${name} on ${instance.name}.`
  return {ids: [name], text: `${head}\n${fields([['Image', image], ...handed.map((one) => ['Given', one] as const)])}`}
}

export function containerJson({cluster, deed, dryRun, handed, image, instance, name}: ContainerShown): object {
  return {controllerContainer: {name, clusterName: cluster.name, instance: instance.name, image, handed}, deed, dryRun}
}

type RemovedContainer = Pick<ContainerShown, 'cluster' | 'dryRun' | 'instance' | 'name'> & {readonly wasThere: boolean}

/** Ids: the name of the container. */
export function removedContainerView({dryRun, instance, name, wasThere}: RemovedContainer): View {
  if (!wasThere) return {ids: [], text: `There is no controller's container on ${instance.name}.`}
  return {ids: [name], text: `${dryRun ? 'Would remove' : 'Removed'} container ${name} from ${instance.name}, with its volume and image.`}
}

export function removedContainerJson({cluster, dryRun, instance, name, wasThere}: RemovedContainer): object {
  return {controllerContainer: {name, clusterName: cluster.name, instance: instance.name}, wasThere, dryRun}
}
