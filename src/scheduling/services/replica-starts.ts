// Which tasks of a service are started next, and where; and what is told when none can be.
import type {Deployment} from '../../model/deployment.js'
import {maximumTotal} from '../../model/deployment.js'
import type {Note, StartTask} from '../../model/plan.js'
import type {TellEvent} from '../../model/service-actions.js'
import {groupOf, type Service, type WorkloadSeat} from '../../model/service.js'
import {the} from '../../model/state.js'
import {needOf, type TaskDefinition} from '../../model/task-definition.js'
import {deploymentName} from '../../model/deployment.js'
import type {Fleet} from '../../placement/fleet.js'
import {type Placement, place} from '../../placement/place.js'
import {isNews, told} from './events.js'
import type {Failures} from './failures.js'
import type {WorkloadRecords} from '../../model/workload-records.js'
import {propagatedTags} from '../../model/tags.js'
import {unplaceable} from './refused-placement.js'
import {freeSlots, replicaRequest} from './replica-request.js'
import type {Replicas} from './sorted-replicas.js'
import type {Decision, Scene} from './scene.js'

export interface Starts {
  readonly actions: readonly StartTask[]
  readonly notes: readonly Note[]
  readonly refusals: Decision['refusals']
  /** After them. */
  readonly fleet?: Decision['fleet']
  /** What is told of those that could not be started; `isStopping`: others are stopped at once. */
  told(isStopping: boolean): readonly TellEvent[]
}

const NONE: Starts = {actions: [], notes: [], refusals: [], told: () => []}

export function startReplicas(
  scene: Scene,
  replicas: Replicas,
  of: {readonly primary: Deployment; readonly records: WorkloadRecords; readonly failures: Failures; readonly isHeld: boolean},
): Starts {
  const {bad, good, maximumTotal: most, misfits, service, stopping} = replicas
  const missing = service.desiredCount - good.length
  if (missing <= 0 || of.isHeld || of.failures.retryAt !== undefined) return NONE
  const count = Math.min(missing, most - good.length - bad.length - misfits.length - stopping.length)
  if (count <= 0) return {...NONE, told: (isStopping) => stuck(scene, replicas, of.records, isStopping)}
  const definition = the(scene.state.definitions, of.primary.definitionId)
  const slots = freeSlots(replicas, count)
  const withheld = scene.withheld?.get(definition.id)
  const whole = scene.fleet()
  const fleet = withheld ? {candidates: whole.candidates.filter(({instance}) => withheld.instanceIds.has(instance.id))} : whole
  const placement = place(replicaRequest(scene, service, definition, slots), fleet)
  const because = reasonFor(replicas)
  const actions = placement.placed.map((seat) =>
    startOf(scene, {service, definition, primary: of.primary}, {slot: slots[seat.index] ?? 0, seat, because}),
  )
  return {
    actions,
    notes: howItRolls(replicas, of.primary),
    refusals: placement.refused,
    fleet: withheld ? merged(whole, placement.fleet) : placement.fleet,
    told: (isStopping) => (isStopping ? [] : refused(scene, service, of.records, placement, withheld?.why)),
  }
}

function startOf(
  {state}: Scene,
  {definition, primary, service}: {readonly service: Service; readonly definition: TaskDefinition; readonly primary: Deployment},
  {because, seat, slot}: {readonly slot: number; readonly seat: Placement['placed'][number]; readonly because: string},
): StartTask {
  const {gpuIds, instanceId} = seat
  const workload: WorkloadSeat = {kind: 'service', id: service.id, name: service.name, deploymentId: primary.id, slot}
  return {
    kind: 'startTask',
    slot: `${service.name}/${slot}`,
    instance: the(state.instances, instanceId),
    definition,
    workload,
    startedBy: deploymentName(primary.id),
    ...propagatedTags(service, definition),
    ...(service.pull === undefined ? {} : {pull: service.pull}),
    need: needOf(definition.document),
    ...(gpuIds.length === 0 ? {} : {gpuIds}),
    group: groupOf('service', service.name),
    because,
  }
}

function reasonFor({bad, good, misfits, service: {desiredCount}}: Replicas): string {
  if (misfits.some(({isCurrent}) => !isCurrent)) return 'it takes the place of one of an older deployment'
  if (misfits.length > 0) return 'it takes the place of one on an instance that is being drained'
  if (bad.length > 0) return 'it takes the place of one whose health check fails'
  return `${good.length} of ${desiredCount} are there`
}

/** Of a rolling update: which comes first, and why. */
function howItRolls({misfits, service}: Replicas, {cause}: Deployment): readonly Note[] {
  if (cause === 'CREATED' || !misfits.some(({isCurrent}) => !isCurrent)) return []
  const {deploymentConfiguration: configuration, desiredCount, name} = service
  const room = maximumTotal(desiredCount, configuration) - desiredCount
  const {maximumPercent, minimumHealthyPercent} = configuration
  const said =
    room > 0
      ? `new tasks start first: a maximum of ${maximumPercent} % leaves room for ${room} more than ${desiredCount}`
      : `old tasks stop first: a maximum of ${maximumPercent} % leaves no room for more than ${desiredCount}, and ${minimumHealthyPercent} % must stay healthy`
  return [{said: `service ${name}: ${said}`}]
}

/** `whole` with what is left of those that were asked. */
function merged(whole: Fleet, {candidates}: Fleet): Fleet {
  const after = new Map(candidates.map((one) => [one.instance.id, one]))
  return {candidates: whole.candidates.map((one) => after.get(one.instance.id) ?? one)}
}

function refused(
  scene: Scene,
  service: Service,
  records: WorkloadRecords,
  {refused: refusals}: Placement,
  withheld: string | undefined,
): readonly TellEvent[] {
  const [first] = refusals
  if (!first) return []
  if (withheld !== undefined)
    return tell(
      scene,
      service,
      records,
      `${told('service', service.name)} was unable to start a task: ${withheld}`,
      'what it needs is not to be had here',
    )
  return tell(scene, service, records, unplaceable(told('service', service.name), first), 'no instance can take it')
}

/** Neither may a task be started nor one be stopped, and nothing is on its way that would change that. */
function stuck(scene: Scene, replicas: Replicas, records: WorkloadRecords, isStopping: boolean): readonly TellEvent[] {
  const {good, misfits, service, stopping} = replicas
  const isWaiting = stopping.length > 0 || [...good, ...misfits].some(({health}) => health === 'UNKNOWN')
  if (isStopping || isWaiting) return []
  const message = `${told('service', service.name)} was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`
  return tell(scene, service, records, message, 'its percentages leave room for neither')
}

function tell({now}: Scene, {id}: Service, {events}: WorkloadRecords, message: string, because: string): readonly TellEvent[] {
  const known = {serviceEvents: Object.fromEntries(events.map((event) => [event.id, event]))}
  return isNews(known, id, message, now) ? [{kind: 'tellEvent', workloadId: id, message, because}] : []
}
