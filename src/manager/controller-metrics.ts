// What a controller tells Prometheus, in its text format (prometheus.io, "Exposition formats", read 2026-11-27).
import {daemonsOf, servicesOf, type State, tasksOf} from '../model/state.js'
import {TASK_STATUSES} from '../model/task.js'
import type {Workload} from '../model/service.js'
import {overviewOf} from '../model/workload-records.js'

/** What a controller counts from its start on. */
export interface Counters {
  readonly rounds: number
  /** Rounds that began something. */
  readonly plans: number
  readonly errors: number
  /** Of all rounds together, from the look to what was recorded. */
  readonly settleSeconds: number
  readonly isLeader: boolean
  /** By instance name. */
  readonly engineCalls: ReadonlyMap<string, {readonly count: number; readonly seconds: number; readonly errors: number}>
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

/** The whole text: of the cluster what the state holds, of the controller what it counted. */
export function metricsText(state: State, clusterId: string, counters: Counters): string {
  const cluster = state.clusters[clusterId]?.name ?? clusterId
  const tasks = tasksOf(state, clusterId)
  const overview = overviewOf(state)
  const running = ({id}: Workload) => overview(id).tasks.filter(({lastStatus}) => lastStatus === 'RUNNING').length
  const services = servicesOf(state, clusterId)
  const daemons = daemonsOf(state, clusterId)
  const calls = [...counters.engineCalls]
  return [
    metric(
      'berth_tasks',
      'gauge',
      'Tasks that the state holds, by their last status.',
      TASK_STATUSES.map((status) => [{cluster, status}, tasks.filter(({lastStatus}) => lastStatus === status).length]),
    ),
    metric(
      'berth_service_desired',
      'gauge',
      'Tasks that a service shall have.',
      services.map(({desiredCount, name}) => [{cluster, service: name}, desiredCount]),
    ),
    metric(
      'berth_service_running',
      'gauge',
      'Tasks of a service that run.',
      services.map((one) => [{cluster, service: one.name}, running(one)]),
    ),
    metric(
      'berth_daemon_running',
      'gauge',
      'Tasks of a daemon that run.',
      daemons.map((one) => [{cluster, daemon: one.name}, running(one)]),
    ),
    metric('berth_controller_leader', 'gauge', '1 while this controller leads.', [[{cluster}, counters.isLeader ? 1 : 0]]),
    metric('berth_controller_rounds_total', 'counter', 'Looks and decisions.', [[{cluster}, counters.rounds]]),
    metric('berth_controller_plans_total', 'counter', 'Decisions that began something.', [[{cluster}, counters.plans]]),
    metric('berth_controller_errors_total', 'counter', 'Rounds that broke off.', [[{cluster}, counters.errors]]),
    metric('berth_controller_settle_seconds_total', 'counter', 'Time spent in rounds.', [[{cluster}, counters.settleSeconds]]),
    metric(
      'berth_engine_calls_total',
      'counter',
      'Calls to the engine of an instance.',
      calls.map(([instance, {count}]) => [{cluster, instance}, count]),
    ),
    metric(
      'berth_engine_call_seconds_total',
      'counter',
      'Time that these calls took.',
      calls.map(([instance, {seconds}]) => [{cluster, instance}, seconds]),
    ),
    metric(
      'berth_engine_call_errors_total',
      'counter',
      'Calls that failed.',
      calls.map(([instance, {errors}]) => [{cluster, instance}, errors]),
    ),
  ].join('')
}

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}{${labelText(labels)}} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`)
    .join(',')
}
