// The controller: keeps all services and daemons of a cluster as they are wanted, for ever.
// - Any number may run; the one that holds the lease leads, the others wait for it, and one of them has it seconds after the leader is gone.
// - Who loses the lease begins nothing more, and ends what is under way: the next leader counts on it.
// - Whatever keeps it from its work is told, and tried again; only a signal ends it, or the end of its cluster.
import {setMaxListeners} from 'node:events'
import {InterruptedError, KnownError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {leadershipOf, standbyOf} from '../model/controller.js'
import type {Log, LogEntry} from '../model/log-entry.js'
import {put, recordAt} from '../model/state.js'
import {type Instant, timestamp} from '../model/time.js'
import type {Reporter} from '../world/person.js'
import type {Lease} from '../world/store.js'
import {SILENT_STAGES} from '../world/person.js'
import type {World} from '../world/world.js'
import {Ending} from './controller-ending.js'
import {ControllerMetrics} from './controller-metrics.js'
import {handAllHealing, handToEngines} from './healing.js'
import {type MetricsAddress, serveMetrics} from './metrics-server.js'
import {clusterNamed} from './resolve.js'
import type {Round} from './round.js'
import {keepRounds} from './rounds.js'
import {StateNews} from './state-news.js'
import {worldWith} from './world-with.js'

export interface ControllerWanted {
  readonly cluster: string | undefined
  /** All hosts are looked at as often, whatever happens. */
  readonly fullLookEverySeconds: number
  readonly metrics: MetricsAddress | undefined
  /** Definitions may have programs run and files read here for their secrets. */
  readonly allowClientSecrets: boolean
  readonly log: Log
}

/** Between two tries, ever longer. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 5000

/** What the record of the leader says is not older than this: each writing is a commit. */
const RECORD_EVERY_MS = 5 * 60_000

/**
 * Returns after SIGTERM, or when the cluster is gone. Throws `InterruptedError` after SIGINT and SIGHUP, `ClusterNotFoundException` and what reading the state
 * throws when it begins, `PortTaken` and `AddressNotAvailable`.
 */
export async function runController(world: World, wanted: ControllerWanted): Promise<void> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const metrics = new ControllerMetrics()
  const ending = new Ending(world)
  const own = ownWorld(world, metrics, ending, wanted.log)
  const news = new StateNews(own, cluster.id, state, wanted.log)
  const page = async () => metrics.text((await world.store.read()).state, cluster)
  const port = wanted.metrics && (await serveMetrics(world, wanted.metrics, page))
  const deaf = new AbortController()
  const listening = news.listen(deaf.signal)
  const controller = new Controller(own, cluster, {wanted, metrics, ending, news})
  try {
    if (port) controller.tell('info', `figures are at http://${port.address}:${port.port}/metrics`)
    await controller.run()
  } finally {
    port?.close()
    ending.close()
    deaf.abort()
    await listening
  }
  if (ending.by === 'SIGINT' || ending.by === 'SIGHUP') throw ending.asked.reason
}

/** Talk goes to the log, calls to engines are counted, and what is under way at the end may still be ended. */
function ownWorld(world: World, metrics: ControllerMetrics, ending: Ending, log: Log): World {
  const note = (level: LogEntry['level']) => (message: string) => log({time: timestamp(world.clock.now()), level, message})
  const reporter: Reporter = {close: () => {}, note: note('info'), outcome: note('info'), stage: SILENT_STAGES}
  const signal = AbortSignal.any([world.signal, ending.over])
  // All that is done at once listens to it: many hosts are no leak.
  setMaxListeners(0, signal, ending.asked)
  return worldWith(world, {reporter, engines: metrics.timed(world.engines), signal})
}

interface Parts {
  readonly wanted: ControllerWanted
  readonly metrics: ControllerMetrics
  readonly ending: Ending
  readonly news: StateNews
}

class Controller {
  #isGone = false
  #recordedAt: Instant = 0
  #pauseMs = FIRST_PAUSE_MS

  constructor(
    private readonly world: World,
    private readonly cluster: Cluster,
    private readonly parts: Parts,
  ) {}

  tell(level: LogEntry['level'], message: string, more: Partial<LogEntry> = {}): void {
    this.parts.wanted.log({time: timestamp(this.world.clock.now()), level, message, cluster: this.cluster.name, ...more})
  }

  async run(): Promise<void> {
    while (!this.#isOver) await this.#patiently(() => this.#takeTurn())
    this.tell('info', this.#isGone ? 'the cluster is gone; so is its controller' : 'the controller ends; what was under way is recorded')
  }

  get #isOver(): boolean {
    return this.#isGone || this.parts.ending.asked.aborted
  }

  async #takeTurn(): Promise<void> {
    const lease = await this.#standBy()
    try {
      this.parts.metrics.leads = true
      this.tell('info', `leads: keeps all services of cluster ${this.cluster.name}`)
      // From now on what dies is replaced, as ECS does.
      await this.#patiently(async () => void (await handAllHealing(this.world, this.cluster, {to: 'us'})))
      while (!this.#isOver && !lease.signal.aborted) await this.#patiently(() => this.#lead(lease))
      if (lease.signal.aborted) this.tell('warn', 'leads no more: its lease was lost')
    } finally {
      this.parts.metrics.leads = false
      // Where the state cannot be reached the lease goes by itself.
      await lease.release().catch(() => {})
    }
    // With nobody to take its place the engines bring back what they can.
    if (!this.#isGone) await this.#patiently(() => handToEngines(this.world, this.cluster))
  }

  /** Returns with the lease. Who waits for it is seen by a lease of its own. */
  async #standBy(): Promise<Lease> {
    const {store, why} = this.world
    const {asked} = this.parts.ending
    const holder = {...why, because: `keep cluster ${this.cluster.name}`}
    const {pid} = this.world.clients.self()
    const standby = await store.lease(standbyOf(this.cluster.name, `${why.by}/${pid}`), holder, asked)
    try {
      const leader = (await store.locks()).find(({isAlive, name}) => isAlive && name === leadershipOf(this.cluster.name))
      if (leader) this.tell('info', `stands by: process ${leader.pid} of ${leader.by ?? 'this machine'} leads`)
      return await store.lease(leadershipOf(this.cluster.name), holder, asked)
    } finally {
      await standby.release().catch(() => {})
    }
  }

  #lead(lease: Lease): Promise<void> {
    const {ending, news, wanted} = this.parts
    this.#recordedAt = 0
    return keepRounds(this.world, {
      cluster: this.cluster,
      because: `keep cluster ${this.cluster.name}`,
      allowClientSecrets: wanted.allowClientSecrets,
      fullLookEveryMs: wanted.fullLookEverySeconds * 1000,
      stop: AbortSignal.any([ending.asked, lease.signal]),
      heard: news.heard,
      isOver: (round) => this.#seen(round),
    })
  }

  /** Is it over? */
  #seen({decidedInMs, isFull, now, state}: Round): boolean {
    const {metrics} = this.parts
    this.#pauseMs = FIRST_PAUSE_MS
    metrics.decided(decidedInMs)
    if (isFull) {
      metrics.lookedAt = now
      if (now - this.#recordedAt >= RECORD_EVERY_MS) this.#record(now, decidedInMs)
    }
    this.#isGone = recordAt(state.clusters, this.cluster.id) === undefined
    return this.#isGone
  }

  /** Behind the back of the loop: what cannot be written now is written by a later look. */
  #record(now: Instant, decidedInMs: number): void {
    const {clients, store, why} = this.world
    const isNew = this.#recordedAt === 0
    this.#recordedAt = now
    const record = {by: why.by, pid: clients.self().pid, lookedAt: timestamp(now), decidedInMs: Math.round(decidedInMs)}
    const written = store.update({...why, because: isNew ? 'the controller leads' : 'the controller still leads'}, (state) => {
      const cluster = recordAt(state.clusters, this.cluster.id)
      if (!cluster) return {state, result: undefined}
      const before = cluster.controller
      const since = !isNew && before?.pid === record.pid ? before.since : record.lookedAt
      const next = {...cluster, controller: {...record, since}}
      return {state: {...state, clusters: put(state.clusters, cluster.id, next)}, result: undefined}
    })
    written.catch((error: unknown) => this.#fail(error))
  }

  /** What is known to go wrong is told, and after a pause the deed may be tried again. */
  async #patiently(deed: () => Promise<void>): Promise<void> {
    try {
      await deed()
    } catch (error) {
      this.#fail(error)
      await this.world.clock.sleep(this.#pauseMs, this.parts.ending.asked).catch(() => {})
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS)
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof KnownError)) throw error
    if (error instanceof InterruptedError) return
    this.parts.metrics.failed(error.code)
    this.tell('error', error.message, {code: error.code})
  }
}
