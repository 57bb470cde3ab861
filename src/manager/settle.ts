// The one loop of every change: read, observe, decide, carry out, record.
import {ConflictError} from '../errors.js'
import type {InstanceId} from '../model/instance.js'
import type {Observation} from '../model/observation.js'
import {unobserved} from '../model/observation.js'
import {shellWord} from '../model/names.js'
import {isDestructive, type Plan, renderPlan} from '../model/plan.js'
import type {State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {withoutDeleted} from '../scheduling/definitions.js'
import {recordPlan} from '../scheduling/record-plan.js'
import type {RunMaterials} from '../tasks/materials.js'
import {recordObservation} from '../tasks/record-observation.js'
import type {World} from '../world/world.js'
import {carryOut} from './carry-out.js'
import {forgetOldTasks, tidyUp} from './housekeeping.js'
import {keepRecords} from './keep-records.js'
import {answering, refuseOutdated} from './newer-epoch.js'
import {withHostsToOneself} from './hosts-to-oneself.js'
import {drawnIds, endIntent, INTENT, withIntent} from './intents.js'
import {takeUp} from './resume.js'
import type {Settled} from './settled.js'

/** A change that a person asks for. */
export interface Deed {
  /** Why, for the history of the state: `run 3 tasks of web:1`. */
  readonly because: string
  /** What must be seen first; absent: the state is enough. */
  readonly observe?: (state: State) => Promise<Observation>
  /** The cluster that is meant, where one is. */
  readonly about?: string
  /** Pure; it may run again on a newer state. Throws when the change may not be. */
  readonly decide: (state: State, seen: Observation, now: Instant) => Plan
  /** What is asked before something is stopped or removed. */
  readonly question?: string
  /** Print the plan, do nothing. */
  readonly dryRun: boolean
  /** What the tasks that it starts need and no record may hold. */
  readonly materials?: RunMaterials
}

/**
 * Carries out what the deed decides on the state as the look found it: a task that ended meanwhile holds nothing any more. The plan is decided again
 * inside the transaction that records it, so two commands never share out one resource twice; a plan that stops or removes something must then still be the one that was shown (`PlanChanged` if not).
 * With the plan its intent is recorded; where a client died over the very same words, what it had begun is finished instead.
 */
export async function settle(world: World, deed: Deed): Promise<Settled> {
  const left = deed.dryRun ? undefined : await takeUp(world, {about: deed.about ?? '', materials: deed.materials})
  if (left) return left
  const idOf = drawnIds(world)
  const {state} = await world.store.read()
  const now = world.clock.now()
  const seen = deed.observe ? await deed.observe(state) : unobserved(now)
  const found = recordObservation(state, seen, state)
  const preview = deed.decide(found, seen, now)
  await refuseOutdated(world, seen, preview.actions)
  if (deed.dryRun) return {plan: preview, outcomes: [], seen, state: found, idOf}
  if (isDestructive(preview)) await world.person.confirm(preview, deed.question ?? 'Carry out this plan?')
  const previewed = {before: state, seen, preview, now, idOf}
  return withHostsToOneself(world, preview.actions, async (alone) => {
    // Who had to wait for them meets hosts that another has worked on meanwhile.
    if (alone !== world) await refuseOutdated(alone, unobserved(now), preview.actions)
    return recordAndDo(alone, deed, previewed)
  })
}

/** What was decided on, before anything is recorded. */
interface Previewed {
  readonly before: State
  readonly seen: Observation
  readonly preview: Plan
  readonly now: Instant
  readonly idOf: (slot: string) => string
}

async function recordAndDo(world: World, deed: Deed, {before, idOf, now, preview, seen}: Previewed): Promise<Settled> {
  const plan = await world.store.update({...world.why, because: deed.because}, (current) => {
    const observed = recordObservation(current, seen, before)
    const decided = deed.decide(observed, seen, now)
    if (isDestructive(decided) && renderPlan(decided) !== renderPlan(preview)) throw planChanged(world.typed)
    if (decided.actions.length === 0) return {state: current, result: decided}
    const recorded = recordPlan(withoutDeleted(forgetOldTasks(observed, now)), decided, idOf, now)
    const intended = {plan: decided, idOf, because: deed.because, about: deed.about ?? ''}
    return {state: withIntent(world, recorded, intended), result: decided}
  })
  const outcomes = await carryOut(world, plan, {
    because: deed.because,
    idOf,
    intentId: idOf(INTENT),
    ...(deed.materials === undefined ? {} : {materials: () => deed.materials}),
  })
  await endIntent(world, idOf(INTENT))
  const {state: after} = await world.store.read()
  await tidyUp(world, {before, after, seen})
  if (plan.actions.length > 0) await keepRecords(world, [...answering(seen), ...changedInstances(after, plan)])
  return {plan, outcomes, seen, state: after, idOf}
}

/** Those of which the plan changes what they keep, though it does not work on them; one that is silent would only be waited for. */
function changedInstances({instances}: State, {actions}: Plan): readonly InstanceId[] {
  const isLess = actions.some(({kind}) => kind === 'deregisterDefinition' || kind === 'deleteDefinition')
  const named = actions.flatMap((action) => (action.kind === 'joinInstance' || action.kind === 'updateInstance' ? action.instance.id : []))
  return (isLess ? Object.keys(instances) : named).filter((id) => instances[id]?.silentSince === undefined)
}

function planChanged(typed: readonly string[]): ConflictError {
  return new ConflictError('PlanChanged', 'The cluster changed after the plan was shown, and the plan with it; nothing was done.', {
    suggestions: [['berth', ...typed].map(shellWord).join(' '), 'berth task list'],
  })
}
