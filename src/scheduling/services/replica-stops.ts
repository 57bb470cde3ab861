// Which tasks of a service are stopped next. A task that is protected is never chosen, nor one whose host is silent: nobody could stop it.
import type {Refusal} from '../../model/placement.js'
import type {StopTask} from '../../model/plan.js'
import type {TaskId} from '../../model/task.js'
import {tasksToStop} from '../../placement/scale-in.js'
import type {Replicas} from './sorted-replicas.js'
import type {Scene} from './scene.js'
import type {Standing} from './standing.js'
import {FAILED_HEALTH_CHECKS, scaling, stopsOf} from './stops.js'

/** What else is known when the stops are chosen. */
export interface AtOnce {
  /** The deployment has failed, and nothing takes its place: whatever serves goes on. */
  readonly isFailed: boolean
  readonly startCount: number
  readonly refusals: readonly Refusal[]
}

/** In the order in which they are chosen. */
export function stopReplicas(scene: Scene, replicas: Replicas, at: AtOnce): readonly StopTask[] {
  const {service} = replicas
  const stop = (these: readonly Standing[], reason: string, because: string) => stopsOf(scene.state, these, reason, because)
  if (at.isFailed) return stop(excess(scene, replicas), scaling(service.deploymentId), 'more tasks are there than are wanted')
  const unhealthy = unhealthyToStop(replicas, at)
  const misfits = misfitsToStop(scene, replicas, at)
  const surplus = surplusToStop(scene, replicas, misfits.filter(isHealthy).length)
  return [
    ...stop(unhealthy, FAILED_HEALTH_CHECKS, 'its health check fails'),
    ...misfits.flatMap((one) => stop([one], scaling(service.deploymentId), whyMisfit(one))),
    ...stop(surplus, scaling(service.deploymentId), 'more tasks run than are wanted'),
  ]
}

function whyMisfit({isCurrent, task}: Standing): string {
  if (isCurrent && task.moves) return 'another runs where the service lies better'
  return isCurrent ? 'its instance is being drained' : 'a newer deployment takes its place'
}

/**
 * A replacement comes first where there is room for it: each healthy one lets one that is not go, as do too many that are not. Without room one goes at a time.
 * Those on instances that are drained are seen to with the misfits.
 */
function unhealthyToStop({bad, good, maximumTotal, misfits, service, stopping}: Replicas, {startCount}: AtOnce): readonly Standing[] {
  const free = bad.filter(isFree)
  const spare = good.filter(isHealthy).length + bad.length - service.desiredCount
  if (spare > 0) return free.slice(0, spare)
  const isFull = good.length + bad.length + misfits.length + stopping.length >= maximumTotal
  const isWanting = good.length < service.desiredCount
  return isWanting && isFull && startCount === 0 && stopping.length === 0 ? free.slice(0, 1) : []
}

/**
 * Those that serve go as far as enough others serve, the healthy ones besides only as far as enough stay healthy; who serves nobody goes at once. Where a new task
 * can have no place but that of an old one, and nobody said the percentages, old ones make way one at a time.
 */
function misfitsToStop(scene: Scene, replicas: Replicas, at: AtOnce): readonly Standing[] {
  const {good, minimumHealthy, misfits} = replicas
  const idle = misfits.filter((one) => isFree(one) && !isServing(one))
  const serving = misfits.filter(isServing)
  const allowed = serving.length + good.filter(isHealthy).length - minimumHealthy
  const healthy = serving.filter(isHealthy)
  const healthyAllowed = healthyCount(replicas) - minimumHealthy
  const unsure = serving.filter((one) => isFree(one) && !isHealthy(one)).slice(0, Math.max(0, allowed))
  const most = Math.max(0, Math.min(allowed - unsure.length, healthyAllowed))
  const sure = chosen(scene, replicas, healthy, most)
  const go = [...idle, ...unsure, ...sure]
  return go.length === 0 && isMakingWay(replicas, at) ? chosen(scene, replicas, serving, 1) : go
}

/** Is a place refused that old tasks may hold, while none of the others is on its way? */
function isMakingWay({good, misfits, service, stopping}: Replicas, {refusals, startCount}: AtOnce): boolean {
  if (service.deploymentConfiguration.isInferred !== true || misfits.length === 0) return false
  if (stopping.length > 0 || startCount > 0 || good.some((one) => !isHealthy(one))) return false
  return refusals.some(({reasons}) => reasons.some(({code}) => code.startsWith('RESOURCE')))
}

/** Too many of the deployment itself, once what is older is gone; the healthy ones as far as enough stay healthy. */
function surplusToStop(scene: Scene, replicas: Replicas, goneHealthy: number): readonly Standing[] {
  const {good, minimumHealthy, service} = replicas
  const tooMany = good.length - service.desiredCount
  if (tooMany <= 0) return []
  const unsure = good.filter((one) => !isHealthy(one))
  const first = chosen(scene, replicas, unsure, tooMany)
  const most = Math.max(0, Math.min(tooMany - first.length, healthyCount(replicas) - goneHealthy - minimumHealthy))
  return [...first, ...chosen(scene, replicas, good.filter(isHealthy), most)]
}

/** All that is more than wanted: what is not healthy first, in each case those of the failed deployment before others, and of the healthy ones as many as may be missed. */
function excess(scene: Scene, replicas: Replicas): readonly Standing[] {
  const {bad, good, minimumHealthy, misfits, service} = replicas
  const groups = [[...bad, ...good.filter((one) => !isHealthy(one))], misfits.filter((one) => !isHealthy(one))]
  const healthy = [good.filter(isHealthy), misfits.filter(isHealthy)]
  let tooMany = good.length + bad.length + misfits.length - service.desiredCount
  const go: Standing[] = []
  const take = (from: readonly Standing[], most: number) => {
    const taken = chosen(scene, replicas, from, most)
    tooMany -= taken.length
    go.push(...taken)
    return taken.length
  }
  for (const group of groups) take(group, tooMany)
  let spare = healthyCount(replicas) - minimumHealthy
  for (const group of healthy) spare -= take(group, Math.min(tooMany, spare))
  return go
}

/** So many of these, as the service's strategies choose. */
function chosen({fleet}: Scene, {service}: Replicas, from: readonly Standing[], count: number): readonly Standing[] {
  if (count <= 0) return []
  const byId = new Map<TaskId, Standing>(from.map((one) => [one.task.id, one]))
  const stoppable = from.map(({health, isCurrent, isLeaving, isProtected, isSilent, task}) => ({
    id: task.id,
    instanceId: task.instanceId,
    need: task.need,
    isOld: !isCurrent || isLeaving,
    isUnhealthy: health === 'UNHEALTHY',
    isProtected: isProtected || isSilent,
  }))
  const ids = tasksToStop(stoppable, count, {fleet: fleet(), seed: service.id, strategies: service.placementStrategies})
  return ids.flatMap((id) => byId.get(id) ?? [])
}

function healthyCount({bad, good, misfits}: Replicas): number {
  return [...good, ...bad, ...misfits].filter(isHealthy).length
}

function isHealthy({health}: Standing): boolean {
  return health === 'HEALTHY'
}

/** It runs, and nothing says that it does not serve. */
function isServing({health, isRunning}: Standing): boolean {
  return isRunning && health !== 'UNHEALTHY'
}

function isFree({isProtected, isSilent}: Standing): boolean {
  return !isProtected && !isSilent
}
