// A state without its history: what hosts do not tell, and so no state that is made anew from them.
import type {State} from '../../src/model/state.js'
import type {Task, TaskContainer} from '../../src/model/task.js'

/** What the state counts for itself. */
const COUNTERS = ['version', 'epochsBefore', 'keptRecordsHash', 'controller']

/** How a task came to be what it is. */
const OF_TASKS: readonly (keyof Task)[] = [
  'pullStartedAt',
  'pullStoppedAt',
  'stopCode',
  'stoppedReason',
  'stoppingAt',
  'executionStoppedAt',
  'endedBy',
  'protectedUntil',
]

/** What an engine forgets of a container that has stopped. */
const OF_STOPPED: readonly (keyof TaskContainer)[] = ['networkBindings', 'healthStatus', 'healthyAt']

/** Equal for two states of which one was made anew from the hosts of the other. Tasks of which no host has a container any more are history too. */
export function withoutHistory({clusters, daemons, definitions, deployments, families, instances, services, tasks}: State): object {
  const workloads = [...Object.values(services), ...Object.values(daemons)]
  const known = new Set(workloads.map(({id}) => id))
  const told = Object.values(tasks).filter(({containers}) => containers.some(({runtimeId}) => runtimeId !== undefined))
  return {
    clusters: Object.values(clusters).map((cluster) => without(cluster, COUNTERS)),
    definitions,
    // Those that a workload was before are history, as far as no task runs them.
    deployments: workloads.map(({deploymentId}) => without(deployments[deploymentId] ?? {}, [...COUNTERS, 'updatedAt'])).sort(byId),
    families,
    workloads: workloads.map((one) => without(one, COUNTERS)).sort(byId),
    instances: Object.values(instances)
      .map((instance) => without(instance, COUNTERS))
      .sort(byId),
    // What kept a task that has stopped may be gone; no host keeps what is.
    tasks: told
      .map((task) => taskWithout(known.has(task.workload?.id ?? '') ? task : without(task, ['engineRestarts', 'workload'])))
      .sort(byId),
  }
}

function taskWithout(task: object): object {
  const containers = (task as Pick<Task, 'containers'>).containers.map((one) =>
    without(one, one.lastStatus === 'STOPPED' ? OF_STOPPED : ['healthyAt']),
  )
  return {...without(task, [...COUNTERS, ...OF_TASKS]), containers}
}

function without(record: object, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}

function byId(a: object, b: object): number {
  return String(Reflect.get(a, 'id')) < String(Reflect.get(b, 'id')) ? -1 : 1
}
