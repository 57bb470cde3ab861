// The controller: the loop of services and daemons for ever, for those who want healing with nobody at a terminal. One leads a cluster, by a lease of the state; others
// stand by.
import {InterruptedError, KnownError, StateError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {hostText} from '../model/host-address.js'
import {daemonsOf, instancesOf, servicesOf, type State} from '../model/state.js'
import {overviewOf} from '../model/workload-records.js'
import type {World} from '../world/world.js'
import {type Counters, metricsText} from './controller-metrics.js'
import {handAllHealing} from './healing.js'
import {recordCharge} from './in-charge.js'
import {MeasuredEngines} from './measured-engines.js'
import {quietly} from './quietly.js'
import {clusterNamed} from './resolve.js'
import type {Round} from './round.js'
import {keepRounds} from './rounds.js'
import {quietWorld, worldWith} from './world-with.js'

export interface ControllerWanted {
  readonly cluster: string | undefined
  readonly fullLookEveryMs: number
  /** `PORT` or `HOST:PORT`; absent: nobody is told. */
  readonly metrics: string | undefined
  readonly allowClientSecrets: boolean
  readonly logFormat: 'json' | 'text'
}

/** A state that cannot be read or written for a while is waited for. */
const TRY_AGAIN_MS = 2000

/** Who is told to end hands over what it kept, and waits no longer for that. */
const HAND_OVER_MS = 10_000

/** Returns when it was told to end, by SIGTERM or Ctrl-C: what it kept is handed to the engines then. */
export async function runController(world: World, wanted: ControllerWanted): Promise<void> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  const ending = new AbortController()
  const letGo = world.signals.takeOver((name) => {
    if (ending.signal.aborted) letGo()
    ending.abort(new InterruptedError('Interrupted', `The controller was ended by ${name}.`))
  })
  try {
    await new Controller(worldWith(quietWorld(world), {signal: ending.signal}), world, cluster, wanted).run()
  } catch (error) {
    if (!ending.signal.aborted) throw error
  } finally {
    letGo()
  }
}

class Controller {
  readonly #engines: MeasuredEngines
  #counters = {rounds: 0, plans: 0, errors: 0, settleSeconds: 0, isLeader: false}
  readonly #told = new Map<string, number>()
  #state: State | undefined

  constructor(
    private readonly world: World,
    /** Not ended with the controller. */
    private readonly outer: World,
    private readonly cluster: Cluster,
    private readonly wanted: ControllerWanted,
  ) {
    this.#engines = new MeasuredEngines(world.engines, (address) => this.#nameOf(address))
  }

  async run(): Promise<void> {
    const {metrics} = this.wanted
    if (metrics !== undefined) this.#log('metrics', {address: await this.#serve(metrics)})
    for (;;) {
      try {
        await this.#lead()
      } catch (error) {
        this.world.signal.throwIfAborted()
        // Anything that passes is waited for: the state, a lease that was lost. A fault of ours is not.
        if (!(error instanceof KnownError)) throw error
        this.#counters.errors += 1
        this.#log(error.message, {code: error.code})
        if (error instanceof StateError && error.code === 'StateOutdated') throw error
        await this.world.clock.sleep(TRY_AGAIN_MS, this.world.signal)
      }
    }
  }

  /** Until its lease is lost, or it is told to end. */
  async #lead(): Promise<void> {
    const {store, why} = this.world
    this.#log('waits to lead', {cluster: this.cluster.name})
    const lease = await store.lease(`controller of ${this.cluster.name}`, {...why, because: 'keep the cluster'}, this.world.signal)
    const signal = AbortSignal.any([this.world.signal, lease.signal])
    const leading = worldWith(this.world, {signal, engines: this.#engines})
    try {
      await recordCharge(leading, this.cluster, 'taken')
      this.#counters.isLeader = true
      this.#log('leads', {cluster: this.cluster.name})
      await handAllHealing(leading, this.cluster, {to: 'us'})
      await this.#keep(leading)
    } finally {
      this.#counters.isLeader = false
      await this.#handOver()
      await quietly(() => lease.release())
    }
  }

  #keep(leading: World): Promise<void> {
    let begin = performance.now()
    return keepRounds(leading, {
      cluster: this.cluster,
      because: 'the controller keeps the cluster',
      fullLookEveryMs: this.wanted.fullLookEveryMs,
      allowClientSecrets: this.wanted.allowClientSecrets,
      followsChanges: true,
      onRound: () => {
        begin = performance.now()
      },
      isOver: (round) => {
        this.#counters.rounds += 1
        if (round.hasBegun) this.#counters.plans += 1
        this.#counters.settleSeconds += (performance.now() - begin) / 1000
        this.#tell(round)
        return false
      },
    })
  }

  /** The engines bring back what dies from now on; what cannot be handed over is found by whoever comes next. */
  async #handOver(): Promise<void> {
    const patient = worldWith(quietWorld(this.outer), {signal: AbortSignal.timeout(HAND_OVER_MS)})
    await quietly(() => recordCharge(patient, this.cluster, 'given up'))
    await quietly(() => handAllHealing(patient, this.cluster, {to: 'engine'}))
    this.#log('leads no longer', {cluster: this.cluster.name})
  }

  /** What happened since it was told last, in ECS's words. */
  #tell({state}: Round): void {
    this.#state = state
    const overview = overviewOf(state)
    for (const {id, name} of [...daemonsOf(state, this.cluster.id), ...servicesOf(state, this.cluster.id)]) {
      const {events} = overview(id)
      const last = this.#told.get(id) ?? (this.#counters.rounds > 1 ? 0 : (events[0]?.number ?? 0))
      for (const {message, number} of events.filter((one) => one.number > last).toReversed())
        this.#log(message, {workload: name, event: number})
      this.#told.set(id, events[0]?.number ?? 0)
    }
  }

  #serve(address: string): Promise<string> {
    return this.world.httpDoor.serve(
      address,
      async ({method, path}) => {
        if (path !== '/metrics' || method !== 'GET') return {status: 404, contentType: 'text/plain', text: 'GET /metrics\n'}
        const {state} = await this.world.store.read()
        const counters: Counters = {...this.#counters, engineCalls: this.#engines.calls}
        return {status: 200, contentType: 'text/plain; version=0.0.4', text: metricsText(state, this.cluster.id, counters)}
      },
      this.world.signal,
    )
  }

  #nameOf(address: string): string {
    const instances = this.#state ? instancesOf(this.#state, this.cluster.id) : []
    return instances.find((one) => hostText(one.address) === address)?.name ?? address
  }

  #log(message: string, fields: Readonly<Record<string, string | number>>): void {
    const time = new Date(this.world.clock.now()).toISOString()
    const words = Object.entries(fields).map(([name, value]) => `${name}=${value}`)
    this.world.reporter.note(
      this.wanted.logFormat === 'json' ? JSON.stringify({time, message, ...fields}) : [time, message, ...words].join(' '),
    )
  }
}
