// What would become of the tasks of an instance that is lost.
import type {InstanceId} from '../model/instance.js'
import type {Reason} from '../model/placement.js'
import type {Loss, ServiceLoss} from '../model/simulation.js'
import type {Fleet} from './fleet.js'
import {Seating} from './seating.js'
import type {SettledService, Settlement} from './settlement.js'

/** The reasons are told of so many services that lose tasks for good. */
const MOST_REASONED = 5

/** Each instance is lost by itself; what was on it is placed on the others in the order in which it is given. */
export function lossesOf(
  fleet: Fleet,
  settled: readonly Settlement[],
  lose: readonly InstanceId[],
  daemonTasks: ReadonlyMap<InstanceId, number> = new Map(),
): readonly Loss[] {
  const onInstance = new Map<InstanceId, Settlement[]>()
  for (const one of settled) {
    const known = onInstance.get(one.instanceId)
    if (known) known.push(one)
    else onInstance.set(one.instanceId, [one])
  }
  let reasoned = 0
  const isTold = () => {
    reasoned += 1
    return reasoned <= MOST_REASONED
  }
  return lose.map((id) => lossOf(fleet, onInstance.get(id) ?? [], {id, daemonTaskCount: daemonTasks.get(id) ?? 0, isTold}))
}

function lossOf(
  {candidates}: Fleet,
  settled: readonly Settlement[],
  {daemonTaskCount, id, isTold}: {readonly id: InstanceId; readonly daemonTaskCount: number; readonly isTold: () => boolean},
): Loss {
  const seating = new Seating({candidates: candidates.filter(({instance}) => instance.id !== id)})
  let movedCount = 0
  const homeless: {[named: string]: number} = {}
  const services: ServiceLoss[] = []
  for (const {named, request, service} of settled) {
    const count = service ? replacedCount(service, request.count) : request.count
    const {placed, refusedCount} = seating.place({...request, count})
    movedCount += placed.length
    if (refusedCount > 0) homeless[named] = (homeless[named] ?? 0) + refusedCount
    if (!service) continue
    const reasons = refusedCount > 0 && isTold() ? seating.reasonsAgainst(request) : []
    services.push(serviceLoss(service, request.count, {moved: placed.length, homeless: refusedCount, reasons}))
  }
  const name = candidates.find(({instance}) => instance.id === id)?.instance.name ?? id
  return {instance: name, movedCount, homeless, services, daemonTaskCount}
}

/** What is more than is desired is not started again: in the middle of an update there is. */
function replacedCount({desiredCount, presentCount}: SettledService, lostCount: number): number {
  return Math.min(lostCount, Math.max(0, desiredCount - (presentCount - lostCount)))
}

function serviceLoss(
  {desiredCount, name, presentCount}: SettledService,
  lostCount: number,
  of: {readonly moved: number; readonly homeless: number; readonly reasons: readonly Reason[]},
): ServiceLoss {
  return {
    service: name,
    desiredCount,
    runningCount: presentCount - lostCount + of.moved,
    lostCount,
    movedCount: of.moved,
    homelessCount: of.homeless,
    reasons: of.reasons,
  }
}
