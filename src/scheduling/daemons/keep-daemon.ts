// The next small step of a daemon: exactly one task on each instance that it belongs on (developer guide, "DAEMON"; read 2026-11-23). Its percentages are of the
// number of those instances: an update stops a host's old task before it starts the new one, in batches as large as the minimum lets them be.
import {type Deployment, minimumHealthy} from '../../model/deployment.js'
import type {InstanceId} from '../../model/instance.js'
import type {Action} from '../../model/plan.js'
import type {Daemon} from '../../model/service.js'
import {holdsResources} from '../../model/task.js'
import {primaryOf} from '../../model/workload-records.js'
import {failuresOf} from '../services/failures.js'
import {pinActions} from '../services/pins.js'
import {type Rollout, rolloutActions} from '../services/rollout.js'
import {type Decision, type Scene, waking} from '../services/scene.js'
import type {Standing} from '../services/standing.js'
import {FAILED_HEALTH_CHECKS, scaling, stopsOf} from '../services/stops.js'
import {startsOnInstances} from './daemon-starts.js'
import {type DaemonScene, daemonScene} from './daemon-scene.js'

/** What can be done for the daemon at once. */
export function keepDaemon(daemon: Daemon, scene: Scene): Decision {
  const {now, state} = scene
  const records = scene.overview(daemon.id)
  const at = daemonScene(daemon, scene)
  const wake = waking(
    at.standings.map(({wakeAt}) => wakeAt),
    now,
  )
  if (daemon.status === 'DRAINING') return {actions: windUp(at, scene), notes: [], refusals: [], ...wake}
  const primary = primaryOf(daemon, records)
  const failures = failuresOf(state, daemon, primary, records.tasks, now)
  const rollout: Rollout = {primary, failures, desiredCount: at.matching.length, isDone: isDone(at)}
  const told = rolloutActions(daemon, records, rollout, now)
  if (told.some(({kind}) => kind === 'beginDeployment' || kind === 'endDeployment')) return {actions: told, notes: [], refusals: []}
  const isFailed = primary.rolloutState === 'FAILED'
  const stops = stopsOfDaemon(at, scene, primary)
  const starts = startsOnInstances(at, scene, {primary, records, isHeld: isFailed || failures.retryAt !== undefined})
  return {
    actions: [...told, ...pinActions(state, daemon, primary, at.standings), ...stops, ...starts.actions],
    notes: [],
    refusals: starts.refusals,
    fleet: starts.fleet,
    ...waking([wake.wakeAt, failures.retryAt], now),
  }
}

/** Has each instance that it belongs on exactly one healthy task of the PRIMARY deployment, and no other any but those that are drained? */
export function isDone({keepers, matching, standings}: DaemonScene): boolean {
  const counted = standings.filter(({isLeaving, isSilent}) => !isSilent && !isLeaving)
  return (
    counted.length === matching.length &&
    matching.every(({instance}) => {
      const one = keepers.get(instance.id)
      return one?.isCurrent === true && one.health === 'HEALTHY'
    })
  )
}

function stopsOfDaemon(at: DaemonScene, scene: Scene, {definitionId, rolloutState}: Deployment): readonly Action[] {
  const isFailed = rolloutState === 'FAILED'
  const {daemon, keepers, matching, standings} = at
  const reason = scaling(daemon.deploymentId)
  const free = standings.filter(({isProtected, isSilent, isStopping}) => !isProtected && !isSilent && !isStopping)
  const belongs = new Set(matching.map(({instance}) => instance.id))
  const [here, elsewhere] = [free.filter(isOn(belongs)), free.filter((one) => !isOn(belongs)(one))]
  const leaving = elsewhere.filter((one) => one.isLeaving && isLast(scene, one))
  const violating = elsewhere.filter((one) => !one.isLeaving)
  const surplus = here.filter((one) => keepers.get(one.task.instanceId) !== one)
  const kept = here.filter((one) => keepers.get(one.task.instanceId) === one)
  const unhealthy = kept.filter(({health, isCurrent}) => isCurrent && health === 'UNHEALTHY')
  const old = isFailed
    ? []
    : oldToStop(
        at,
        kept.filter((one) => one.isCurrent || canBeFollowed(at, scene.withheld, definitionId, one)),
      )
  const stop = (these: readonly Standing[], why: string, because: string) => stopsOf(scene.state, these, why, because)
  return [
    ...stop(leaving, reason, 'its instance is being drained, and nothing else runs there'),
    ...stop(violating, reason, 'its instance meets the placement constraints no longer'),
    ...stop(surplus, reason, 'one task on an instance is enough'),
    ...stop(unhealthy, FAILED_HEALTH_CHECKS, 'its health check fails'),
    ...stop(old, reason, 'a newer deployment takes its place'),
  ]
}

/** Those that serve only as far as enough stay healthy, the others at once. */
function oldToStop({daemon, keepers, matching}: DaemonScene, kept: readonly Standing[]): readonly Standing[] {
  const old = kept.filter(({isCurrent}) => !isCurrent)
  const isServing = ({health, isRunning}: Standing) => isRunning && health !== 'UNHEALTHY'
  const here = matching.flatMap(({instance}) => keepers.get(instance.id) ?? [])
  const healthy = here.filter(({health}) => health === 'HEALTHY').length
  const minimum = minimumHealthy(matching.length, daemon.deploymentConfiguration)
  const idle = old.filter((one) => !isServing(one))
  const serving = old.filter(isServing)
  const unsure = serving.filter(({health}) => health !== 'HEALTHY')
  const allowed = serving.length + here.filter(({health, isCurrent}) => isCurrent && health === 'HEALTHY').length - minimum
  const first = unsure.slice(0, Math.max(0, allowed))
  const most = Math.max(0, Math.min(allowed - first.length, healthy - minimum))
  return [...idle, ...first, ...serving.filter(({health}) => health === 'HEALTHY').slice(0, most)]
}

/** Has the new task room once the old one is gone, and is what it needs to be had? One that serves is not stopped for one that cannot start. */
function canBeFollowed({demand: {need}, fleet}: DaemonScene, withheld: Scene['withheld'], definitionId: string, {task}: Standing): boolean {
  const isWithheld = withheld?.get(definitionId)?.instanceIds.has(task.instanceId) === false
  const remaining = fleet.candidates.find(({instance}) => instance.id === task.instanceId)?.remaining
  if (!remaining || isWithheld) return false
  const isEnough = (needed: number, left: number) => needed === 0 || needed <= left
  return (
    isEnough(need.cpuUnits, remaining.cpuUnits + task.need.cpuUnits) &&
    isEnough(need.memoryMiB, remaining.memoryMiB + task.need.memoryMiB) &&
    isEnough(need.gpuCount, remaining.gpuIds.length + (task.gpuIds ?? []).length)
  )
}

/** Drained is an instance in the order of its worth: what serves people goes first, what serves the host last. */
function isLast({state}: Scene, {task}: Standing): boolean {
  return !Object.values(state.tasks).some(
    (other) => other.instanceId === task.instanceId && holdsResources(other) && other.workload?.kind !== 'daemon',
  )
}

function isOn(ids: ReadonlySet<InstanceId>): (standing: Standing) => boolean {
  return ({task}) => ids.has(task.instanceId)
}

/** One that was deleted: its tasks stop, and with the last of them it is forgotten. */
function windUp({daemon: {deploymentId, id, name}, standings}: DaemonScene, {state}: Scene): readonly Action[] {
  if (standings.length === 0)
    return [{kind: 'forgetWorkload', workload: 'daemon', id, name, because: 'it was deleted, and none of its tasks is left'}]
  const left = standings.filter(({isSilent, isStopping}) => !isSilent && !isStopping)
  return stopsOf(state, left, scaling(deploymentId), 'the daemon was deleted')
}
