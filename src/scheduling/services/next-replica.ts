// Where the next task of a service would go, and why: as the scheduler would decide at this moment, whether one is due or not.
import {obstacleIn} from './events.js'
import type {Explanation, NextReplica} from '../../model/explanation.js'
import type {Observation} from '../../model/observation.js'
import type {Service} from '../../model/service.js'
import {daemonsOf, servicesOf, type State, the} from '../../model/state.js'
import {type Instant, timestamp} from '../../model/time.js'
import {explain} from '../../placement/explain.js'
import {keepDaemon} from '../daemons/keep-daemon.js'
import {beginDeciding, type ReconcileWanted} from '../reconcile.js'
import {freeSlots, replicaRequest} from './replica-request.js'
import {keepReplicas, rolloutOf} from './replicas.js'
import type {Rollout} from './rollout.js'
import {type Replicas, sorted} from './sorted-replicas.js'
import {standingsOf} from './standing.js'

/** Daemons, and services that come before it by name, take what they lack first, as `reconcile` has them. */
export function explainNextReplica(
  state: State,
  seen: Observation,
  service: Service,
  requiredAttributes: ReconcileWanted['requiredAttributes'],
  now: Instant,
): {readonly explanation: Explanation; readonly replica: NextReplica} {
  const {clusterId, desiredCount, id, name} = service
  const {scene, take} = beginDeciding(state, seen, {clusterId, requiredAttributes}, now)
  for (const daemon of daemonsOf(state, clusterId)) take(keepDaemon(daemon, scene))
  const services = servicesOf(state, clusterId)
  const place = services.findIndex((one) => one.id === id)
  for (const one of services.slice(0, place)) take(keepReplicas(one, scene))
  const records = scene.overview(id)
  const replicas = sorted(service, standingsOf(state, service, records.tasks, seen, now))
  const rollout = rolloutOf(scene, replicas, records)
  const definition = the(state.definitions, rollout.primary.definitionId)
  const slots = freeSlots(replicas, 1)
  const explanation = explain(replicaRequest(scene, service, definition, slots), scene.fleet())
  // Only where it is the last word.
  const lastEvent = obstacleIn(records.events.slice(0, 1))
  return {
    explanation,
    replica: {
      service: name,
      definitionId: definition.id,
      slot: slots[0] ?? 1,
      desiredCount,
      presentCount: replicas.good.length,
      ...dueness(replicas, rollout, explanation.chosen?.instance),
      ...(lastEvent === undefined ? {} : {lastEvent}),
    },
  }
}

/** The same questions that `startReplicas` asks before it starts any. */
function dueness(replicas: Replicas, {failures, primary}: Rollout, chosen: string | undefined): Pick<NextReplica, 'isDue' | 'said'> {
  const {bad, good, maximumTotal, misfits, service, stopping} = replicas
  const {desiredCount, status} = service
  const there = `${good.length} of ${desiredCount} are there`
  const total = good.length + bad.length + misfits.length + stopping.length
  if (status === 'DRAINING') return {isDue: false, said: 'it is being deleted: no more tasks are started'}
  if (good.length >= desiredCount)
    return {isDue: false, said: `${there}; one more would ${chosen === undefined ? 'find no place' : `go to ${chosen}`}`}
  if (primary.rolloutState === 'FAILED') return {isDue: false, said: `${there}; its deployment has failed: no more tasks are started`}
  if (failures.retryAt !== undefined)
    return {isDue: false, said: `${there}; its tasks fail again and again: the next is started after ${timestamp(failures.retryAt)}`}
  if (total >= maximumTotal)
    return {
      isDue: false,
      said: `${there}; its maximum percent lets no more than ${maximumTotal} be there at once, those that stop included: one of ${total} must go first`,
    }
  return {isDue: true, said: `${there}; another is due, and ${chosen === undefined ? 'finds no place' : `goes to ${chosen}`}`}
}
