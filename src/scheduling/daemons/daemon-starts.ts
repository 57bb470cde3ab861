// Where a daemon's tasks start next; and what is told where one has no room.
import {type Deployment, deploymentName} from '../../model/deployment.js'
import type {InstanceId} from '../../model/instance.js'
import type {Refusal} from '../../model/placement.js'
import type {Action, StartTask} from '../../model/plan.js'
import {groupOf} from '../../model/service.js'
import {the} from '../../model/state.js'
import {needOf} from '../../model/task-definition.js'
import type {WorkloadRecords} from '../../model/workload-records.js'
import {propagatedTags} from '../../model/tags.js'
import {type Fleet, withTasks} from '../../placement/fleet.js'
import {placeOn} from '../../placement/place-on.js'
import {isNews, told} from '../services/events.js'
import {unplaceable} from '../services/refused-placement.js'
import type {Scene} from '../services/scene.js'
import type {DaemonScene} from './daemon-scene.js'

export interface DaemonStarts {
  readonly actions: readonly Action[]
  readonly refusals: readonly Refusal[]
  /** After them; what is not started yet has its part of its instance kept free from what is placed later. */
  readonly fleet: Fleet
}

/** One on each instance that it belongs on and where none is, not even one that stops. */
export function startsOnInstances(
  at: DaemonScene,
  scene: Scene,
  of: {readonly primary: Deployment; readonly records: WorkloadRecords; readonly isHeld: boolean},
): DaemonStarts {
  const {daemon, demand, document, fleet, matching, standings} = at
  const taken = new Set(standings.map(({task}) => task.instanceId))
  const live = new Set(standings.filter(({isStopping}) => !isStopping).map(({task}) => task.instanceId))
  const empty = of.isHeld ? [] : matching.map(({instance}) => instance.id).filter((id) => !taken.has(id))
  const request = {document, group: demand.group, requiredAttributes: demand.requiredAttributes}
  const withheld = scene.withheld?.get(of.primary.definitionId)
  const givable = withheld ? empty.filter((id) => withheld.instanceIds.has(id)) : empty
  const {placed, refused} = placeOn(request, fleet, givable)
  const whys = [
    ...refused.slice(0, 1).map((first) => unplaceable(told('daemon', daemon.name), first)),
    ...(withheld && givable.length < empty.length ? [`${told('daemon', daemon.name)} was unable to start a task: ${withheld.why}`] : []),
  ]
  const starts = placed.map(({gpuIds, instanceId}) => startOf(at, scene, of.primary, instanceId, gpuIds))
  const wanted = new Set(matching.map(({instance}) => instance.id).filter((id) => !live.has(id)))
  return {
    actions: [...starts, ...whys.flatMap((why) => refusedTold(at, scene, of.records, why))],
    refusals: refused,
    fleet: {
      candidates: fleet.candidates.map((one) =>
        wanted.has(one.instance.id) ? withTasks(one, demand.need, demand.group, `kept for daemon ${daemon.name}`) : one,
      ),
    },
  }
}

function startOf(
  {daemon, document}: DaemonScene,
  {state}: Scene,
  primary: Deployment,
  instanceId: InstanceId,
  gpuIds: readonly string[],
): StartTask {
  const instance = the(state.instances, instanceId)
  const definition = the(state.definitions, primary.definitionId)
  return {
    kind: 'startTask',
    slot: `${daemon.name}@${instance.name}`,
    instance,
    definition,
    workload: {kind: 'daemon', id: daemon.id, name: daemon.name, deploymentId: primary.id},
    startedBy: deploymentName(primary.id),
    ...propagatedTags(daemon, definition),
    ...(daemon.pull === undefined ? {} : {pull: daemon.pull}),
    need: needOf(document),
    ...(gpuIds.length === 0 ? {} : {gpuIds}),
    group: groupOf('daemon', daemon.name),
    because: 'each instance has one',
  }
}

function refusedTold({daemon}: DaemonScene, {now}: Scene, {events}: WorkloadRecords, message: string): readonly Action[] {
  const known = {serviceEvents: Object.fromEntries(events.map((event) => [event.id, event]))}
  return isNews(known, daemon.id, message, now)
    ? [{kind: 'tellEvent', workloadId: daemon.id, message, because: 'it cannot start there'}]
    : []
}
