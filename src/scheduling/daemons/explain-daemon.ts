// Why each instance has a task of a daemon, or none: as the scheduler would decide at this moment.
import {obstacleIn} from '../services/events.js'
import type {DaemonReach, Explanation} from '../../model/explanation.js'
import type {Observation} from '../../model/observation.js'
import type {Daemon} from '../../model/service.js'
import {daemonsOf, type State} from '../../model/state.js'
import type {Instant} from '../../model/time.js'
import {timestamp} from '../../model/time.js'
import {primaryOf} from '../../model/workload-records.js'
import {explain} from '../../placement/explain.js'
import {beginDeciding, type ReconcileWanted} from '../reconcile.js'
import {failuresOf} from '../services/failures.js'
import {type DaemonScene, daemonScene} from './daemon-scene.js'
import {daemonRequest, withoutRanks} from './daemon-request.js'
import {keepDaemon} from './keep-daemon.js'

/** The explanation is of the instances that have none. Daemons that come before it by name take what they lack first, as `reconcile` has them. */
export function explainDaemon(
  state: State,
  seen: Observation,
  daemon: Daemon,
  requiredAttributes: ReconcileWanted['requiredAttributes'],
  now: Instant,
): {readonly explanation: Explanation; readonly daemon: DaemonReach} {
  const {clusterId, id, name} = daemon
  const {scene, take} = beginDeciding(state, seen, {clusterId, requiredAttributes}, now)
  const daemons = daemonsOf(state, clusterId)
  const place = daemons.findIndex((one) => one.id === id)
  for (const one of daemons.slice(0, place)) take(keepDaemon(one, scene))
  const records = scene.overview(id)
  const primary = primaryOf(daemon, records)
  const at = daemonScene(daemon, scene)
  const others = at.fleet.candidates.filter(({instance}) => !at.keepers.has(instance.id))
  const request = daemonRequest(daemon, at.document, requiredAttributes(at.document))
  const explanation = withoutRanks(explain(request, {candidates: others}))
  const {retryAt} = failuresOf(state, daemon, primary, records.tasks, now)
  // Only where it is the last word.
  const lastEvent = obstacleIn(records.events.slice(0, 1))
  return {
    explanation,
    daemon: {
      daemon: name,
      definitionId: primary.definitionId,
      desiredCount: at.matching.length,
      presentOn: at.fleet.candidates.filter(({instance}) => at.keepers.has(instance.id)).map(({instance}) => instance.name),
      said: standing(at, explanation, {isFailed: primary.rolloutState === 'FAILED', retryAt}),
      ...(lastEvent === undefined ? {} : {lastEvent}),
    },
  }
}

function standing(
  {daemon, keepers, matching, standings}: DaemonScene,
  {instances}: Explanation,
  {isFailed, retryAt}: {readonly isFailed: boolean; readonly retryAt: Instant | undefined},
): string {
  const missing = matching.filter(({instance}) => !keepers.has(instance.id)).map(({instance}) => instance.name)
  const there = `${matching.length - missing.length} of the ${matching.length} instances that it belongs on have it`
  if (daemon.status === 'DRAINING') return 'it is being deleted: no more tasks are started'
  if (missing.length === 0) return there
  if (isFailed) return `${there}; its deployment has failed: no more tasks are started`
  if (retryAt !== undefined) return `${there}; its tasks fail again and again: the next are started after ${timestamp(retryAt)}`
  const due = instances.filter(({fits, instance}) => fits && missing.includes(instance)).map(({instance}) => instance)
  const held = new Set(standings.filter(({isStopping}) => isStopping).map(({task}) => task.instanceId))
  const awaited = matching
    .filter(({instance}) => missing.includes(instance.name) && held.has(instance.id))
    .map(({instance}) => instance.name)
  const full = missing.filter((name) => !due.includes(name) && !awaited.includes(name))
  const parts = [
    ...(due.length === 0 ? [] : [`due on ${due.join(', ')}`]),
    ...(awaited.length === 0 ? [] : [`its old task stops first on ${awaited.join(', ')}`]),
    ...(full.length === 0 ? [] : [`no room for it on ${full.join(', ')}`]),
  ]
  return `${there}: ${parts.join('; ')}`
}
