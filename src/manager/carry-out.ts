// Does what a plan says, one handler an action. It decides nothing; what each action came to is recorded as soon as it is known.
import pLimit, {type LimitFunction} from 'p-limit'
import {ConflictError, InterruptedError, KnownError} from '../errors.js'
import {controllerContainerName} from '../model/controller-container.js'
import type {Instance, InstanceId} from '../model/instance.js'
import type {Action, Plan} from '../model/plan.js'
import {type State, without, withoutCluster} from '../model/state.js'
import {holdsResources, type TaskId} from '../model/task.js'
import {refuseUnlessEmpty} from '../scheduling/clusters.js'
import {withoutGoneDrift} from '../scheduling/drift/record.js'
import {healingHanded} from '../scheduling/services/record.js'
import {removeVolumes} from '../tasks/volumes.js'
import {Watches} from '../tasks/watch.js'
import type {Stage} from '../world/person.js'
import type {World} from '../world/world.js'
import {admit} from './admit.js'
import {inContext, reported} from './drive.js'
import {removeContainers, tagImage, updateContainer} from './drift-deeds.js'
import {handHealing} from './hand-healing.js'
import {closeTask} from './housekeeping.js'
import {withoutEndedIntent} from './intents.js'
import {dropRecords} from './keep-records.js'
import {staged} from './staged.js'
import {driveTo, undoStart} from './task-deeds.js'
import type {CarryOutOptions, Outcome, Work} from './work.js'

/** Container starts are bound by CPU: more of them at once only wait for each other. */
const STARTS_PER_CORE = 3

/** A stop is for the most part the container's own time to end, up to minutes: tasks of one host end together, and none waits for the patience that another needs. */
const STOPS_AT_ONCE = 32

/** What becomes true in the state once an action is done. */
type Record = (state: State) => State

type Handlers = {readonly [K in Action['kind']]: (work: Work, action: Extract<Action, {kind: K}>) => Promise<Record>}

const UNCHANGED: Record = (state) => state

/** An outcome for each action, in the order of the plan. An action whose forerunner failed is not begun; the others go on. */
export async function carryOut(world: World, plan: Plan, options: CarryOutOptions): Promise<readonly Outcome[]> {
  if (plan.actions.length === 0) return []
  const watches = new Watches(world.clock)
  const carryOutAll = (stage: Stage) => allOutcomes(workOf(world, options, stage, watches), plan).finally(() => watches.close())
  return staged(world.reporter, options.because, carryOutAll, (done) => {
    const failed = done.filter((outcome) => outcome.error).length
    return failed === 0 ? undefined : `${options.because}: ${failed} of ${done.length} failed`
  })
}

function allOutcomes(work: Work, plan: Plan): Promise<readonly Outcome[]> {
  const outcomes: Promise<Outcome>[] = []
  for (const action of plan.actions)
    outcomes.push(
      carryOutOne(
        work,
        action,
        (action.after ?? []).map((index) => outcomes[index]),
      ),
    )
  return Promise.all(outcomes)
}

async function carryOutOne(work: Work, action: Action, forerunners: readonly (Promise<Outcome> | undefined)[]): Promise<Outcome> {
  const outcome = await outcomeOf(work, action, forerunners)
  work.options.onOutcome?.(outcome)
  return outcome
}

async function outcomeOf(work: Work, action: Action, forerunners: readonly (Promise<Outcome> | undefined)[]): Promise<Outcome> {
  const before = await Promise.all(forerunners)
  const failed = before.find((outcome) => outcome?.error)?.error
  if (failed) return {action, error: failed}
  try {
    const record = await handle(work, action)
    if (record !== UNCHANGED)
      await work.world.store.update({...work.world.why, because: work.options.because}, (state) => ({
        state: withoutEndedIntent(record(state), work.options.intentId),
        result: undefined,
      }))
    return {action}
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return {action, error}
  }
}

function handle(work: Work, action: Action): Promise<Record> {
  const handler = HANDLERS[action.kind] as (work: Work, action: Action) => Promise<Record>
  return handler(work, action)
}

const HANDLERS: Handlers = {
  recordTask: async () => UNCHANGED,

  ignoreDrift: async () => UNCHANGED,

  heedDrift: async () => UNCHANGED,

  updateContainer: (work, action) => updateContainer(work, action).then(() => UNCHANGED),

  removeContainers: (work, action) => removeContainers(work, action).then(() => UNCHANGED),

  tagImage: (work, action) => tagImage(work, action).then(() => UNCHANGED),

  createCluster: async () => UNCHANGED,

  putService: async () => UNCHANGED,

  putDaemon: async () => UNCHANGED,

  beginDeployment: async () => UNCHANGED,

  endDeployment: async () => UNCHANGED,

  pinImages: async () => UNCHANGED,

  deleteWorkload: async () => UNCHANGED,

  forgetWorkload: async () => UNCHANGED,

  tellEvent: async () => UNCHANGED,

  protectTask: async () => UNCHANGED,

  moveTask: async () => UNCHANGED,

  handHealing: (work, action) => handHealing(work, action).then(() => (state) => healingHanded(state, action)),

  deleteCluster: async (_work, {cluster}) => {
    return (state) => {
      if (!state.clusters[cluster.id]) return state
      // A host that joined meanwhile would be left with a mark of nothing.
      refuseUnlessEmpty(state, cluster)
      return withoutCluster(state, cluster.id)
    }
  },

  joinInstance: async ({open, world}, {instance}) => {
    await admit(world, () => open(instance), instance)
    return UNCHANGED
  },

  updateInstance: async () => UNCHANGED,

  leaveInstance: async (work, {forget, instance, orphans}) => {
    const {state: before} = await work.world.store.read()
    refuseUnlessLeaving(before, instance, orphans)
    const cluster = before.clusters[instance.clusterId]
    const record = {kind: 'instance', cluster: '', clusterId: instance.clusterId, instanceId: instance.id} as const
    if (!forget) {
      const engine = await work.open(instance)
      // The mark last: as long as it stands the host can still be told whose it was.
      await dropRecords(engine, instance, work.world.signal)
      // Of a controller whose end was cut off: its key does not outlive the cluster there.
      if (cluster) await engine.removeVolume(controllerContainerName(cluster), work.world.signal)
      await engine.removeMark(record, work.world.signal)
    }
    return (state) => {
      refuseUnlessLeaving(state, instance, orphans)
      return forgetInstance(state, instance.id)
    }
  },

  registerDefinition: async () => UNCHANGED,

  restoreState: async () => UNCHANGED,

  rebuildState: async () => UNCHANGED,

  deregisterDefinition: async () => UNCHANGED,

  deleteDefinition: async () => UNCHANGED,

  startTask: async (work, {instance, pull, slot}) =>
    work.limited(instance, 'start', async (release) => {
      const taskId = work.options.idOf(slot)
      try {
        const how = {goal: 'started', onWait: release, ...(pull === undefined ? {} : {pull})} as const
        return reported(await driveTo(work, instance, taskId, how))
      } catch (error) {
        if (error instanceof InterruptedError) await undoStart(work.world, instance, taskId)
        throw error
      }
    }),

  stopTask: async (work, {instance, taskId, timeoutSeconds}) =>
    work.limited(instance, 'stop', async (release) => {
      const wanted = {
        goal: 'stopped',
        onWait: release,
        ...(timeoutSeconds === undefined ? {} : {stopTimeoutSeconds: timeoutSeconds}),
      } as const
      // A host that does not answer at all is told at once; one that falls silent meanwhile is waited for.
      await work.open(instance)
      const task = await driveTo(work, instance, taskId, wanted)
      await closeTask(work.world, await work.open(instance), inContext((await work.world.store.read()).state, task), work.world.clock.now())
      return reported(task)
    }),

  removeTask: async (work, {containerNames, instance, taskId, volumeNames}) => {
    const engine = await work.open(instance)
    for (const name of containerNames) await engine.remove(name, work.world.signal)
    await removeVolumes(engine, volumeNames, work.world.signal)
    await work.world.records.forget([taskId])
    return (state) => ({...state, tasks: without(state.tasks, taskId)})
  },
}

/** Nobody loses a task that was placed after the leave was decided: who was made ACTIVE again meanwhile stays. */
function refuseUnlessLeaving(state: State, {clusterId, id, name}: Instance, orphans: readonly TaskId[]): void {
  const instance = state.instances[id]
  if (!instance) return
  const others = Object.values(state.tasks).filter((task) => task.instanceId === id && holdsResources(task) && !orphans.includes(task.id))
  if (instance.status === 'DEREGISTERING' && others.length === 0) return
  const cluster = state.clusters[clusterId]?.name ?? clusterId
  throw new ConflictError('LeaveTakenBack', `Instance "${name}" was made ACTIVE again while it was about to leave; it stays.`, {
    suggestions: [`berth instance describe ${name} -c ${cluster}`, `berth instance leave ${name} -c ${cluster}`],
  })
}

/** `state` without the instance and its tasks. */
function forgetInstance(state: State, instanceId: InstanceId): State {
  const tasks = Object.entries(state.tasks).filter(([, task]) => task.instanceId !== instanceId)
  return withoutGoneDrift({...state, instances: without(state.instances, instanceId), tasks: Object.fromEntries(tasks)})
}

function workOf(world: World, options: CarryOutOptions, stage: Stage, watches: Watches): Work {
  const limits = new Map<string, LimitFunction>()
  return {
    world,
    options,
    stage,
    watches,
    open: (instance) => world.engines.open(instance.address, {}, world.signal),
    limited: (instance, kind, deed) => {
      const key = `${kind} ${instance.id}`
      const most = kind === 'stop' ? STOPS_AT_ONCE : Math.max(2, instance.engine.cpuCount * STARTS_PER_CORE)
      const limit = limits.get(key) ?? pLimit(most)
      limits.set(key, limit)
      return new Promise((resolve, reject) => {
        const held = () => new Promise<void>((release) => void deed(release).then(resolve, reject).finally(release))
        void limit(held)
      })
    },
  }
}
