// A state without its history: what hosts do not tell, and so no state that is made anew from them.
import type {State} from '../../src/model/state.js'
import type {Task, TaskContainer} from '../../src/model/task.js'

/** What the state counts for itself. */
const COUNTERS = ['version', 'epochsBefore', 'keptRecordsHash']

/** How a task came to be what it is. */
const OF_TASKS: readonly (keyof Task)[] = [
  'pullStartedAt',
  'pullStoppedAt',
  'stopCode',
  'stoppedReason',
  'stoppingAt',
  'executionStoppedAt',
  'endedBy',
]

/** What an engine forgets of a container that has stopped. */
const OF_STOPPED: readonly (keyof TaskContainer)[] = ['networkBindings', 'healthStatus']

/** Equal for two states of which one was made anew from the hosts of the other. Tasks of which no host has a container any more are history too. */
export function withoutHistory({clusters, definitions, families, instances, tasks}: State): object {
  const told = Object.values(tasks).filter(({containers}) => containers.some(({runtimeId}) => runtimeId !== undefined))
  return {
    clusters: Object.values(clusters).map((cluster) => without(cluster, COUNTERS)),
    definitions,
    families,
    instances: Object.values(instances)
      .map((instance) => without(instance, COUNTERS))
      .sort(byId),
    tasks: told.map(taskWithout).sort(byId),
  }
}

function taskWithout(task: Task): object {
  const containers = task.containers.map((one) => (one.lastStatus === 'STOPPED' ? without(one, OF_STOPPED) : one))
  return {...without(task, [...COUNTERS, ...OF_TASKS]), containers}
}

function without(record: object, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}

function byId(a: object, b: object): number {
  return String(Reflect.get(a, 'id')) < String(Reflect.get(b, 'id')) ? -1 : 1
}
