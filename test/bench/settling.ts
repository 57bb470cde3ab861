// What one decision about a large cluster takes: no host, no file, the scheduler alone.
import {instant} from '../../src/model/time.js'
import type {State} from '../../src/model/state.js'
import {reconcile} from '../../src/scheduling/reconcile.js'
import {aCluster, aDefinition, aDeployment, anId, anInstance, aReplica, aService, aState, LONG_AGO} from '../support/build.js'
import type {DurationFigure} from './figure.js'
import {median} from './pairs.js'

const INSTANCES = 100
const SERVICES = 1000
const TASKS_EACH = 10
const EVENTS_EACH = 20
const ROUNDS = 15
const NOW = instant(LONG_AGO) + 60 * 60 * 1000

export async function* measureSettling(): AsyncGenerator<DurationFigure> {
  const well = clusterOfServices()
  yield figureOf('all of them well', well, 0)
  const gone = Object.values(well.tasks).map((task, index) => {
    if (index % 100 > 0) return [task.id, task] as const
    const stoppedAt = new Date(NOW - 1000).toISOString()
    return [task.id, {...task, lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt, stopCode: 'EssentialContainerExited'}] as const
  })
  yield figureOf('1 % of the tasks to replace', {...well, tasks: Object.fromEntries(gone) as State['tasks']}, (SERVICES * TASKS_EACH) / 100)
}

function figureOf(how: string, state: State, actions: number): DurationFigure {
  const times = Array.from({length: ROUNDS}, () => {
    const begin = performance.now()
    const {plan} = reconcile(state, {at: NOW, instances: {}}, {clusterId: aCluster().id, requiredAttributes: () => []}, NOW)
    const tookMs = performance.now() - begin
    if (plan.actions.length !== actions) throw new Error(`${plan.actions.length} actions were decided, not ${actions}.`)
    return tookMs
  })
  return {
    kind: 'duration',
    name: `decide on ${SERVICES} services, ${SERVICES * TASKS_EACH} tasks`,
    what: `${INSTANCES} instances, ${how}, ${ROUNDS} times`,
    medianMs: median(times),
    p99Ms: Math.max(...times),
    count: ROUNDS,
  }
}

function clusterOfServices(): State {
  const instances = Array.from({length: INSTANCES}, (_, index) => anInstance({name: `i${index}`, memoryMiB: 100_000, cpuUnits: 100_000}))
  const services = Array.from({length: SERVICES}, (_, index) =>
    aService({id: anId(index, '5'), name: `s${index}`, desiredCount: TASKS_EACH, deploymentId: anId(index, 'd')}),
  )
  const tasks = services.flatMap(({deploymentId, id, name}, index) =>
    Array.from({length: TASKS_EACH}, (_, slot) => {
      const number = index * TASKS_EACH + slot
      const instanceId = instances[number % INSTANCES]?.id ?? ''
      const workload = {kind: 'service', id, name, deploymentId, slot: slot + 1} as const
      return {...aReplica(slot + 1, {id: anId(number, 'b'), instanceId, group: `service:${name}`}), workload}
    }),
  )
  const events = services.flatMap(({id: workloadId, name}) =>
    Array.from({length: EVENTS_EACH}, (_, index) => {
      const number = index + 1
      const message = number === EVENTS_EACH ? `(service ${name}) has reached a steady state.` : `(service ${name}) event ${number}`
      const id = `${workloadId}-${number}`
      return [id, {id, workloadId, number, at: LONG_AGO, message}] as const
    }),
  )
  const deployments = services.map(({deploymentId, id}) => aDeployment({id: deploymentId, workloadId: id, rolloutState: 'COMPLETED'}))
  return {...aState({instances, services, deployments, tasks, definitions: [aDefinition()]}), serviceEvents: Object.fromEntries(events)}
}
