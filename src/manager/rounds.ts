// The loop that keeps services and daemons as they are wanted: look, decide, begin what can be begun, and look again as soon as anything has changed. A command
// runs it until what it asked for is so, the controller for ever.
// - Plans are small, and what is begun is not waited for: the state says what is under way, and the next decision counts on it.
// - Each plan is decided inside the transaction that records it, so any number of these loops at once never do a thing twice.
// - Whoever dies leaves intents; any other loop takes them up.
import {requiredAttributes} from '../ecs/attributes.js'
import {KnownError} from '../errors.js'
import type {Intent} from '../model/intent.js'
import type {Observation} from '../model/observation.js'
import {unobserved} from '../model/observation.js'
import type {Plan} from '../model/plan.js'
import {daemonsOf, instancesOf, recordAt, servicesOf, type State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {withoutDeleted} from '../scheduling/definitions.js'
import {type Reconciled, type ReconcileWanted, reconcile} from '../scheduling/reconcile.js'
import {recordPlan} from '../scheduling/record-plan.js'
import {recordObservation} from '../tasks/record-observation.js'
import type {World} from '../world/world.js'
import {carryOut} from './carry-out.js'
import {DefinitionMaterials} from './definition-materials.js'
import {helpOn} from './help-on.js'
import {forgetOldTasks, tidyUp} from './housekeeping.js'
import {drawnIds, endIntent, INTENT, withIntent} from './intents.js'
import {keepRecords} from './keep-records.js'
import {answering, refuseOutdated} from './newer-epoch.js'
import {observe, PLACE_DEADLINE_MS} from './observe.js'
import {Pulse} from './pulse.js'
import {resumeIntent} from './resume.js'
import type {Round, RoundsWanted} from './round.js'
import type {Outcome} from './work.js'
import {quietWorld} from './world-with.js'

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
  /** Also those of other loops of this process. */
  readonly #known: Set<string>
  readonly #quiet: World
  readonly #materials: DefinitionMaterials
  #seen: Observation
  #fullLookAt: Instant
  #retryAt = 0

  constructor(
    private readonly world: World,
    private readonly wanted: RoundsWanted,
  ) {
    this.#pulse = new Pulse(world)
    this.#quiet = quietWorld(world)
    const {allowClientSecrets = false, materials} = wanted
    this.#materials = new DefinitionMaterials(world, materials, allowClientSecrets)
    this.#known = wanted.underWay ?? new Set()
    this.#seen = unobserved(world.clock.now())
    this.#fullLookAt = world.clock.now()
  }

  async run(): Promise<void> {
    const {heard, stop} = this.wanted
    const ring = () => this.#pulse.ring()
    stop?.addEventListener('abort', ring)
    const endHearing = heard?.(ring)
    try {
      await this.#untilOver()
    } finally {
      stop?.removeEventListener('abort', ring)
      endHearing?.()
    }
  }

  async #untilOver(): Promise<void> {
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
        ...(wakeAt === undefined ? {} : {wakeAt}),
      }
      if (this.wanted.isOver(round) && this.#underWay.size === 0) {
        await keepRecords(this.#quiet, answering(this.#seen))
        return
      }
      // What was recorded changes what can be done next.
      if (plan.actions.length > 0) continue
      const until = Math.min(this.#fullLookAt, wakeAt ?? Infinity, this.#retryAt > this.world.clock.now() ? this.#retryAt : Infinity)
      await this.#pulse.wait(until - this.world.clock.now())
    }
  }

  /** Ends what hears and waits for what is under way. */
  async close(): Promise<void> {
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
    const suspects = new Set([...due.values()].flatMap((ids) => [...ids]))
    const seen = await observe(this.world, state, looked, {...LOOK, suspects})
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
    const {state} = await store.read()
    const scope = await this.#scope(state)
    const decide = (current: State) => reconcile(current, this.#seen, scope, now)
    const begunAt = performance.now()
    const preview = decide(state)
    const decidedInMs = performance.now() - begunAt
    if (preview.plan.actions.length === 0) return {...preview, decidedInMs}
    const idOf = drawnIds(this.world)
    const {because} = this.wanted
    // Known before it is recorded: another loop of this process sees it as soon as that is done.
    this.#known.add(idOf(INTENT))
    const decided = await store.update({...why, because}, (current) => {
      const decision = decide(current)
      if (decision.plan.actions.length === 0) return {state: current, result: decision}
      const recorded = recordPlan(withoutDeleted(forgetOldTasks(current, now)), decision.plan, idOf, now)
      return {
        state: withIntent(this.world, recorded, {plan: decision.plan, idOf, because}),
        result: decision,
      }
    })
    if (decided.plan.actions.length === 0) this.#known.delete(idOf(INTENT))
    else this.#start(idOf(INTENT), () => this.#carryOut(decided.plan, idOf))
    return {...decided, decidedInMs}
  }

  async #scope(state: State): Promise<ReconcileWanted> {
    const {cluster, only} = this.wanted
    const workloads = [...servicesOf(state, cluster.id), ...daemonsOf(state, cluster.id)].filter(
      ({id}) => only === undefined || only.has(id),
    )
    const definitions = workloads.flatMap(({deploymentId}) => recordAt(state.deployments, deploymentId)?.definitionId ?? [])
    const withheld = await this.#materials.withheld(state, cluster.id, definitions)
    return {clusterId: cluster.id, requiredAttributes, withheld, ...(only === undefined ? {} : {only})}
  }

  async #carryOut(plan: Plan, idOf: (slot: string) => string): Promise<readonly Outcome[]> {
    const {because} = this.wanted
    const outcomes = await carryOut(this.#quiet, plan, {
      because,
      idOf,
      intentId: idOf(INTENT),
      materialsOf: (state, task) => this.#materials.of(state, task),
      onOutcome: () => this.#pulse.ring(),
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
      (intent) => this.#isAboutUs(state, intent) && !this.#known.has(intent.id) && (isOurs(intent) || !clients.isAlive(intent.client)),
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
        this.#known.delete(intentId)
        this.#pulse.ring()
      })
    this.#underWay.set(intentId, done)
    this.#known.add(intentId)
  }
}
