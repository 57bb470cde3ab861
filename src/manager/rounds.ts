// The loop that keeps services and daemons as they are wanted: look, decide, begin what can be begun, and look again as soon as anything has changed. A command
// runs it until what it asked for is so, the controller for ever.
// - Plans are small, and what is begun is not waited for: the state says what is under way, and the next decision counts on it.
// - Each plan is decided inside the transaction that records it, so any number of these loops at once never do a thing twice.
// - Whoever dies leaves intents; any other loop takes them up.
import {requiredAttributes} from '../ecs/attributes.js'
import {KnownError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Intent} from '../model/intent.js'
import type {Observation} from '../model/observation.js'
import {unobserved} from '../model/observation.js'
import {NOTHING_PLANNED, type Plan} from '../model/plan.js'
import {instancesOf, type State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {withoutDeleted} from '../scheduling/definitions.js'
import {type Reconciled, reconcile} from '../scheduling/reconcile.js'
import {recordPlan} from '../scheduling/record-plan.js'
import {recordObservation} from '../tasks/record-observation.js'
import {SILENT_STAGES} from '../world/person.js'
import type {World} from '../world/world.js'
import {carryOut} from './carry-out.js'
import {helpOn} from './help-on.js'
import {forgetOldTasks, tidyUp} from './housekeeping.js'
import {drawnIds, endIntent, INTENT, withIntent} from './intents.js'
import {keepRecords} from './keep-records.js'
import {answering, refuseOutdated} from './newer-epoch.js'
import {observe, PLACE_DEADLINE_MS} from './observe.js'
import {Pulse} from './pulse.js'
import {resumeIntent} from './resume.js'
import {type MaterialsOf, StartMaterials} from './start-materials.js'
import type {Outcome} from './work.js'

/** What the loop is to keep, and until when. */
export interface RoundsWanted {
  readonly cluster: Cluster
  /** Only these services and daemons, by id; absent: all of the cluster. */
  readonly only?: ReadonlySet<string>
  /** Why, for the history of the state. */
  readonly because: string
  /** Finds what the tasks that it starts need and no record may hold; a task of which that cannot be found is not started, and an event says why. */
  readonly materials: MaterialsOf
  /** Ends the loop: nothing more is begun, and it returns once what is under way has come to its end. */
  readonly stop?: AbortSignal
  /** Calls `ring` whenever something else has happened that may change what is to be done; returns what ends that. */
  readonly heard?: (ring: () => void) => () => void
  /** Asked after each round; with true the loop ends once nothing is under way. It may throw. */
  readonly isOver: (round: Round) => boolean
  /** A round at least as often, whatever happens. */
  readonly fullLookEveryMs: number
}

/** How things stand after a decision. */
export interface Round {
  readonly state: State
  readonly seen: Observation
  readonly now: Instant
  /** Nothing of ours is under way, and nothing can be done at once. */
  readonly isQuiet: boolean
  /** Were all hosts looked at? */
  readonly isFull: boolean
  /** How long it took to decide. */
  readonly decidedInMs: number
}

/** Placement needs the memory of foreign containers too. */
const LOOK = {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true}

/** What failed for a reason outside the task is not tried again at once. */
const RETRY_PAUSE_MS = 2000

/** Returns once the loop's end is reached. What is under way then has come to its end too. */
export async function keepRounds(world: World, wanted: RoundsWanted): Promise<void> {
  const rounds = new Rounds(world, wanted)
  try {
    await rounds.run()
  } finally {
    await rounds.close()
  }
}

class Rounds {
  readonly #pulse: Pulse
  /** What is being carried out, by the intent's id. */
  readonly #underWay = new Map<string, Promise<unknown>>()
  readonly #quiet: World
  #seen: Observation
  #fullLookAt: Instant
  #retryAt = 0
  readonly #materials: StartMaterials
  readonly #endHearing: () => void

  constructor(
    private readonly world: World,
    private readonly wanted: RoundsWanted,
  ) {
    this.#pulse = new Pulse(world)
    this.#quiet = {...world, reporter: {...world.reporter, stage: SILENT_STAGES}}
    this.#seen = unobserved(world.clock.now())
    this.#fullLookAt = world.clock.now()
    this.#materials = new StartMaterials(world.clock, wanted.materials)
    const ring = () => this.#pulse.ring()
    wanted.stop?.addEventListener('abort', ring)
    const endHearing = wanted.heard?.(ring)
    this.#endHearing = () => {
      wanted.stop?.removeEventListener('abort', ring)
      endHearing?.()
    }
  }

  async run(): Promise<void> {
    while (!this.wanted.stop?.aborted) {
      const {isFull, state} = await this.#look()
      await this.#takeUp(state)
      const {decidedInMs, plan, wakeAt} = await this.#begin()
      const round = {
        state: (await this.world.store.read()).state,
        seen: this.#seen,
        now: this.world.clock.now(),
        isQuiet: plan.actions.length === 0 && this.#underWay.size === 0,
        isFull,
        decidedInMs,
      }
      if (this.wanted.isOver(round) && this.#underWay.size === 0) return
      // What was recorded changes what can be done next.
      if (plan.actions.length > 0) continue
      const now = this.world.clock.now()
      const wakes = [wakeAt, this.#materials.retryAt, this.#retryAt].filter((at) => at !== undefined && at > now) as Instant[]
      await this.#pulse.wait(Math.min(this.#fullLookAt, ...wakes) - now)
    }
  }

  /** Ends what hears and waits for what is under way. */
  async close(): Promise<void> {
    this.#endHearing()
    this.#pulse.close()
    await Promise.allSettled(this.#underWay.values())
  }

  /** The state after a look at the hosts where something happened, and now and then at all of them. */
  async #look(): Promise<{readonly state: State; readonly isFull: boolean}> {
    const {clock, store} = this.world
    const {state} = await store.read()
    const instances = instancesOf(state, this.wanted.cluster.id)
    this.#pulse.hear(instances)
    const due = this.#pulse.takeDue()
    const isFull = clock.now() >= this.#fullLookAt
    const looked = isFull ? instances : instances.filter(({id}) => due.has(id))
    if (isFull) this.#fullLookAt = clock.now() + this.wanted.fullLookEveryMs
    if (looked.length === 0) return {state, isFull}
    const seen = await observe(this.world, state, looked, LOOK)
    await refuseOutdated(this.world, seen, [])
    this.#seen = {at: seen.at, instances: {...this.#seen.instances, ...seen.instances}}
    const recorded = await this.#record(state, seen)
    const after = await helpOn(this.#quiet, recorded, seen)
    await tidyUp(this.#quiet, {before: state, after, seen})
    if (isFull) await keepRecords(this.#quiet, answering(seen))
    return {state: after, isFull}
  }

  async #record(before: State, seen: Observation): Promise<State> {
    const {store, why} = this.world
    const {state} = await store.read()
    if (recordObservation(state, seen, before) === state) return state
    return store.update({...why, because: 'the hosts were looked at'}, (current) => {
      const changed = recordObservation(current, seen, before)
      return {state: changed, result: changed}
    })
  }

  /** The next small plan, recorded, and begun; empty where nothing can be done at once. */
  async #begin(): Promise<Reconciled & Pick<Round, 'decidedInMs'>> {
    const {clock, store, why} = this.world
    const now = clock.now()
    const decide = (state: State) => reconcile(state, this.#seen, this.#scope, now)
    const {state} = await store.read()
    const begunAt = performance.now()
    let preview = decide(state)
    const decidedInMs = performance.now() - begunAt
    while (await this.#materials.find(preview.plan)) preview = decide(state)
    if (preview.plan.actions.length === 0) return {...preview, decidedInMs}
    const idOf = drawnIds(this.world)
    const {because} = this.wanted
    const decided = await store.update({...why, because}, (current) => {
      const decision = decide(current)
      if (decision.plan.actions.length === 0) return {state: current, result: decision}
      // Another client has changed what is wanted just now: what that needs is found first.
      if (this.#materials.isLacking(decision.plan)) return {state: current, result: {plan: NOTHING_PLANNED, wakeAt: now}}
      const recorded = recordPlan(withoutDeleted(forgetOldTasks(current, now)), decision.plan, idOf, now)
      return {
        state: withIntent(this.world, recorded, {plan: decision.plan, idOf, because, about: this.wanted.cluster.id}),
        result: decision,
      }
    })
    if (decided.plan.actions.length > 0) this.#start(idOf(INTENT), () => this.#carryOut(decided.plan, idOf))
    return {...decided, decidedInMs}
  }

  get #scope() {
    const {cluster, only} = this.wanted
    const {withheld} = this.#materials
    return {clusterId: cluster.id, requiredAttributes, withheld, ...(only === undefined ? {} : {only})}
  }

  async #carryOut(plan: Plan, idOf: (slot: string) => string): Promise<readonly Outcome[]> {
    const {because} = this.wanted
    const outcomes = await carryOut(this.#quiet, plan, {
      because,
      idOf,
      intentId: idOf(INTENT),
      onOutcome: () => this.#pulse.ring(),
      materials: this.#materials.of,
    })
    await endIntent(this.world, idOf(INTENT))
    return outcomes
  }

  /** What was left undone by clients that died, and by ourselves where a host fell silent in the middle. */
  async #takeUp(state: State): Promise<void> {
    const {clients, clock} = this.world
    const self = clients.self()
    const isOurs = ({client}: Intent) => client.pid === self.pid && client.startedAt === self.startedAt && client.bootId === self.bootId
    const left = Object.values(state.intents).filter(
      (intent) => this.#isAboutUs(state, intent) && !this.#underWay.has(intent.id) && (isOurs(intent) || !clients.isAlive(intent.client)),
    )
    if (left.length === 0 || clock.now() < this.#retryAt) return
    this.#retryAt = clock.now() + RETRY_PAUSE_MS
    for (const intent of left) this.#start(intent.id, async () => (await resumeIntent(this.#quiet, intent))?.outcomes ?? [])
  }

  /** Does all of it concern tasks that services or daemons of the cluster keep running? */
  #isAboutUs(state: State, {actions}: Intent): boolean {
    return actions.every((action) => {
      const task = 'taskId' in action ? state.tasks[action.taskId] : undefined
      return task?.workload !== undefined && task.clusterId === this.wanted.cluster.id
    })
  }

  #start(intentId: string, deed: () => Promise<readonly Outcome[]>): void {
    const done = deed()
      .catch((error: unknown) => {
        // What one host says is in the outcomes; this is the state that cannot be written, or the person who leaves: the next round meets it too.
        if (!(error instanceof KnownError)) throw error
      })
      .finally(() => {
        this.#underWay.delete(intentId)
        this.#pulse.ring()
      })
    this.#underWay.set(intentId, done)
  }
}
