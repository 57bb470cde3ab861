// What a controller tells of itself in figures: what it has counted since it began, and how its cluster stands when it is asked.
import type {Cluster} from '../model/cluster.js'
import {hostText} from '../model/host-address.js'
import {instancesOf, servicesOf, type State, tasksOf} from '../model/state.js'
import {TASK_STATUSES} from '../model/task.js'
import type {Instant} from '../model/time.js'
import type {Engine, Engines} from '../world/engine.js'
import {type Family, Histogram, prometheusText, type Sample} from './prometheus.js'

const DECISION_BOUNDS = [0.001, 0.005, 0.025, 0.1, 0.3, 1, 5]
const CALL_BOUNDS = [0.005, 0.025, 0.1, 0.5, 2, 10, 60]

/** Calls of which one lasts as long as somebody listens: how long says nothing. */
const STREAMS: ReadonlySet<string> = new Set(['events', 'logs', 'usage', 'getArchive', 'wait', 'attach', 'exec'])

export class ControllerMetrics {
  /** Does it lead? */
  leads = false
  lookedAt: Instant | undefined
  readonly #decisions = new Histogram(DECISION_BOUNDS)
  readonly #calls = new Map<string, Histogram>()
  /** The same one each time: whoever watches an engine is known by it. */
  readonly #engines = new WeakMap<Engine, Engine>()
  readonly #failedCalls = new Map<string, number>()
  readonly #errors = new Map<string, number>()

  decided(ms: number): void {
    this.#decisions.observe(ms / 1000)
  }

  failed(code: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1)
  }

  /** The same engines, each call of which is counted and timed by its host. */
  timed(engines: Engines): Engines {
    return {
      open: async (address, ...rest) => {
        const engine = await engines.open(address, ...rest)
        const timed = this.#engines.get(engine) ?? this.#timedEngine(engine, hostText(address))
        this.#engines.set(engine, timed)
        return timed
      },
    }
  }

  /** The whole page. */
  text(state: State, cluster: Cluster): string {
    return prometheusText([...this.#own(), ...clusterFamilies(state, cluster), ...this.#callFamilies(state, cluster)])
  }

  #timedEngine(engine: Engine, host: string): Engine {
    return new Proxy(engine, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...words: readonly unknown[]) => {
          const answer: unknown = Reflect.apply(value, target, words)
          return answer instanceof Promise && !STREAMS.has(String(name)) ? this.#timedAnswer(answer, host) : answer
        }
      },
    })
  }

  async #timedAnswer(answer: Promise<unknown>, host: string): Promise<unknown> {
    const begunAt = performance.now()
    const calls = this.#calls.get(host) ?? new Histogram(CALL_BOUNDS)
    this.#calls.set(host, calls)
    try {
      return await answer
    } catch (error) {
      this.#failedCalls.set(host, (this.#failedCalls.get(host) ?? 0) + 1)
      throw error
    } finally {
      calls.observe((performance.now() - begunAt) / 1000)
    }
  }

  #own(): readonly Family[] {
    const errors = [...this.#errors].map(([code, value]) => ({labels: {code}, value}))
    return [
      gauge('berth_controller_leader', 'Whether this controller leads: 1, or stands by: 0.', [{value: this.leads ? 1 : 0}]),
      gauge(
        'berth_controller_last_full_look_timestamp_seconds',
        'When all hosts were last looked at.',
        this.lookedAt === undefined ? [] : [{value: this.lookedAt / 1000}],
      ),
      {
        name: 'berth_settle_duration_seconds',
        help: 'How long each decision on all services took.',
        kind: 'histogram',
        samples: this.#decisions.samples(),
      },
      {name: 'berth_errors_total', help: 'What kept the controller from its work, by code.', kind: 'counter', samples: errors},
    ]
  }

  #callFamilies(state: State, cluster: Cluster): readonly Family[] {
    const names = new Map(instancesOf(state, cluster.id).map(({address, name}) => [hostText(address), name]))
    const labelsOf = (host: string) => ({instance: names.get(host) ?? host})
    return [
      {
        name: 'berth_engine_call_duration_seconds',
        help: 'How long calls to the engine of an instance took.',
        kind: 'histogram',
        samples: [...this.#calls].flatMap(([host, calls]) => calls.samples(labelsOf(host))),
      },
      {
        name: 'berth_engine_call_errors_total',
        help: 'Calls to the engine of an instance that failed.',
        kind: 'counter',
        samples: [...this.#failedCalls].map(([host, value]) => ({labels: labelsOf(host), value})),
      },
    ]
  }
}

function clusterFamilies(state: State, {id, name: cluster}: Cluster): readonly Family[] {
  const tasks = tasksOf(state, id)
  const services = servicesOf(state, id)
  const runs = new Map<string, number>()
  for (const {lastStatus, workload} of tasks)
    if (workload && lastStatus === 'RUNNING') runs.set(workload.id, (runs.get(workload.id) ?? 0) + 1)
  const byStatus = TASK_STATUSES.map((status) => ({
    labels: {cluster, status},
    value: tasks.filter(({lastStatus}) => lastStatus === status).length,
  }))
  const instances = instancesOf(state, id)
  return [
    gauge('berth_tasks', 'Tasks by last status; stopped ones are kept for a week.', byStatus),
    gauge(
      'berth_service_desired_tasks',
      'Tasks that a service is to have.',
      services.map((one) => ({labels: {cluster, service: one.name}, value: one.desiredCount})),
    ),
    gauge(
      'berth_service_running_tasks',
      'Tasks of a service that run.',
      services.map((one) => ({labels: {cluster, service: one.name}, value: runs.get(one.id) ?? 0})),
    ),
    gauge(
      'berth_instance_silent',
      'Whether an instance does not answer: 1, or does: 0.',
      instances.map(({name, silentSince}) => ({labels: {cluster, instance: name}, value: silentSince === undefined ? 0 : 1})),
    ),
  ]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return {name, help, kind: 'gauge', samples}
}
