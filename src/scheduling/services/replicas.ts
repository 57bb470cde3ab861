// The next small step of a service: how many tasks may be started and which may be stopped, given how they stand now. A rolling update, a replacement, a drain
// and a change of the desired count are one rule (developer guide, "Service scheduler", "Deployment configuration"; read 2026-11-23):
// - started are as many of the PRIMARY deployment as lack, while no more than the maximum percent are there, those that stop included;
// - stopped are tasks that should not be there, while no fewer than the minimum percent stay healthy.
import type {Service} from '../../model/service.js'
import type {Action, Note} from '../../model/plan.js'
import {failuresOf} from './failures.js'
import {primaryOf, type WorkloadRecords} from '../../model/workload-records.js'
import {type Replicas, sorted} from './sorted-replicas.js'
import {pinActions} from './pins.js'
import {startReplicas} from './replica-starts.js'
import {type Rollout, rolloutActions} from './rollout.js'
import {type Decision, type Scene, waking} from './scene.js'
import {type Standing, standingsOf} from './standing.js'
import {stopReplicas} from './replica-stops.js'
import {scaling, stopsOf} from './stops.js'

/** What can be done for the service at once. Deciding again on what came of it leads step by step to where nothing is left to do. */
export function keepReplicas(service: Service, scene: Scene): Decision {
  const {now, seen, state} = scene
  const records = scene.overview(service.id)
  const standings = standingsOf(state, service, records.tasks, seen, now)
  if (service.status === 'DRAINING') return windUp(service, scene, standings)
  const replicas = sorted(service, standings)
  const rollout = rolloutOf(scene, replicas, records)
  const {failures, primary} = rollout
  const told = rolloutActions(service, records, rollout, now)
  // What follows from an end is decided on the state that knows of it.
  if (told.some(({kind}) => kind === 'beginDeployment' || kind === 'endDeployment')) return {actions: told, notes: [], refusals: []}
  const isFailed = primary.rolloutState === 'FAILED'
  const starts = startReplicas(scene, replicas, {primary, records, failures, isHeld: isFailed})
  const stops = stopReplicas(scene, replicas, {isFailed, refusals: starts.refusals, startCount: starts.actions.length})
  const pins = pinActions(state, service, primary, standings)
  const actions: readonly Action[] = [...told, ...pins, ...stops, ...starts.actions, ...starts.told(stops.length > 0)]
  // What holds the place goes: that none was found is no news then.
  const isMakingWay = starts.refusals.length > 0 && stops.length > 0
  return {
    actions,
    notes: isMakingWay ? [makingWay(service)] : starts.notes,
    refusals: isMakingWay ? [] : starts.refusals,
    ...waking([...standings.map(({wakeAt}) => wakeAt), failures.retryAt], now),
    ...(starts.fleet === undefined ? {} : {fleet: starts.fleet}),
  }
}

function makingWay({name}: Service): Note {
  return {said: `service ${name}: old tasks stop first: no instance has room or a free port for a new one beside them`}
}

/** How far its PRIMARY deployment is. */
export function rolloutOf({now, state}: Scene, {bad, good, misfits, service, stopping}: Replicas, records: WorkloadRecords): Rollout {
  const primary = primaryOf(service, records)
  const {desiredCount} = service
  const others = bad.length + misfits.length + stopping.length
  return {
    primary,
    failures: failuresOf(state, service, primary, records.tasks, now),
    desiredCount,
    isDone: others === 0 && good.length === desiredCount && good.every(({health}) => health === 'HEALTHY'),
  }
}

/** One that was deleted: its tasks stop, and with the last of them it is forgotten. */
function windUp(service: Service, scene: Scene, standings: readonly Standing[]): Decision {
  const left = standings.filter(({isSilent, isStopping}) => !isSilent && !isStopping)
  const {deploymentId, id, name} = service
  const actions: readonly Action[] =
    standings.length === 0
      ? [{kind: 'forgetWorkload', workload: 'service', id, name, because: 'it was deleted, and none of its tasks is left'}]
      : stopsOf(scene.state, left, scaling(deploymentId), 'the service was deleted')
  return {
    actions,
    notes: [],
    refusals: [],
    ...waking(
      standings.map(({wakeAt}) => wakeAt),
      scene.now,
    ),
  }
}
