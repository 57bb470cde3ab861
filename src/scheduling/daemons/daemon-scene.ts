// A daemon as it stands: where it belongs, and which task of each instance is the one that stays.
import type {InstanceId} from '../../model/instance.js'
import type {Daemon} from '../../model/service.js'
import {compareText, the} from '../../model/state.js'
import type {TaskDefinitionDocument} from '../../model/task-definition.js'
import {primaryOf} from '../../model/workload-records.js'
import type {Demand} from '../../placement/checks.js'
import type {Candidate, Fleet} from '../../placement/fleet.js'
import type {Scene} from '../services/scene.js'
import {type Standing, standingsOf} from '../services/standing.js'
import {demandOf, matchingInstances} from './matching.js'

/** A daemon as it stands. */
export interface DaemonScene {
  readonly daemon: Daemon
  readonly document: TaskDefinitionDocument
  readonly demand: Demand
  readonly fleet: Fleet
  readonly matching: readonly Candidate[]
  readonly standings: readonly Standing[]
  /** Of those that are wanted and there, the one of each instance that stays when others go. */
  readonly keepers: ReadonlyMap<InstanceId, Standing>
}

/** How the daemon stands. */
export function daemonScene(daemon: Daemon, scene: Scene): DaemonScene {
  const records = scene.overview(daemon.id)
  const {document} = the(scene.state.definitions, primaryOf(daemon, records).definitionId)
  const demand = demandOf(daemon, document, scene.requiredAttributes(document))
  const fleet = scene.fleet()
  const standings = standingsOf(scene.state, daemon, records.tasks, scene.seen, scene.now)
  return {
    daemon,
    document,
    demand,
    fleet,
    matching: matchingInstances(daemon, document, demand, fleet),
    standings,
    keepers: keepersOf(standings),
  }
}

/** The one of the PRIMARY deployment before older ones, the healthy before others, the older before the younger. */
function keepersOf(standings: readonly Standing[]): ReadonlyMap<InstanceId, Standing> {
  const keepers = new Map<InstanceId, Standing>()
  const live = standings.filter(({isStopping}) => !isStopping)
  for (const one of live.toSorted(byWorth)) if (!keepers.has(one.task.instanceId)) keepers.set(one.task.instanceId, one)
  return keepers
}

function byWorth(a: Standing, b: Standing): number {
  return (
    Number(b.isCurrent) - Number(a.isCurrent) ||
    Number(b.health === 'HEALTHY') - Number(a.health === 'HEALTHY') ||
    compareText(a.task.createdAt, b.task.createdAt) ||
    compareText(a.task.id, b.task.id)
  )
}
