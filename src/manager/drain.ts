// Instances emptied: what services keep running there starts elsewhere first, as far as their percentages allow, and daemons are the last to stop.
import {DeadlineError, InvalidInputError, UnreachableError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {InstanceId} from '../model/instance.js'
import {quoted} from '../model/names.js'
import type {Plan} from '../model/plan.js'
import {instancesOf, type State, tasksOf, the} from '../model/state.js'
import {holdsResources, type Task} from '../model/task.js'
import {planStatus} from '../scheduling/instances.js'
import {planStop} from '../scheduling/stop.js'
import {type Instant, instant} from '../model/time.js'
import type {Stage} from '../world/person.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {withFirstStep} from './first-step.js'
import {handToEngines} from './healing.js'
import {type FoundInstances, foundInstances} from './instances.js'
import {observe, PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed, findInstance} from './resolve.js'
import {keepRounds} from './rounds.js'
import {settle} from './settle.js'
import {staged} from './staged.js'

export interface DrainWanted {
  readonly cluster: string | undefined
  readonly names: readonly string[]
  /** Until nothing is left on them. */
  readonly wait: boolean
  /** Tasks that no service or daemon keeps are stopped too. */
  readonly stopTasks: boolean
  readonly timeoutSeconds: number
  readonly dryRun: boolean
}

const FULL_LOOK_EVERY_MS = 5000
const LOOK = {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true}
const DRAINED = 'The container instance is being drained'

/** The instances, which take no new tasks; with `wait` empty too. Throws `NotDrainedInTime`, naming what is left and why. */
export async function drainInstances(world: World, wanted: DrainWanted): Promise<Done<FoundInstances>> {
  if (wanted.names.length === 0)
    throw new InvalidInputError('MissingArgument', 'Name the instances to drain.', {suggestions: ['berth instance list']})
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const ids = wanted.names.map((name) => findInstance(state, cluster, name).id)
  const settled = await settle(world, {
    about: cluster.id,
    because: `set ${wanted.names.join(', ')} to DRAINING`,
    question: `Stop what no service keeps on ${wanted.names.join(', ')}?`,
    ...(wanted.dryRun ? {observe: (current: State) => observe(world, current, instancesOf(current, cluster.id), LOOK)} : {}),
    decide: (current, seen, now) => {
      const asked = planDrain(current, ids, wanted.stopTasks)
      return wanted.dryRun && wanted.wait ? withFirstStep(world, {state: current, seen, now}, asked, {clusterId: cluster.id}) : asked
    },
    dryRun: wanted.dryRun,
  })
  if (!wanted.dryRun && wanted.wait) await untilEmpty(world, cluster, ids, wanted)
  const {state: after} = await world.store.read()
  if (!wanted.dryRun) tellOfRest(world, after, ids)
  return done(settled, wanted.dryRun, () => foundInstances(after, cluster, ids))
}

function planDrain(state: State, ids: readonly InstanceId[], stopTasks: boolean): Plan {
  const status = planStatus(
    ids.map((id) => the(state.instances, id)),
    'DRAINING',
  )
  if (!stopTasks) return status
  const tasks = leftOn(state, ids).filter(({desiredStatus, workload}) => workload === undefined && desiredStatus === 'RUNNING')
  const stops = planStop(state, {tasks, stopCode: 'UserInitiated', stoppedReason: DRAINED})
  // Nobody named them one by one: the person is asked.
  return {...status, actions: [...status.actions, ...stops.actions.map((stop) => ({...stop, destructive: true as const}))]}
}

async function untilEmpty(world: World, cluster: Cluster, ids: readonly InstanceId[], wanted: DrainWanted): Promise<void> {
  const deadline = world.clock.now() + wanted.timeoutSeconds * 1000
  await staged(world.reporter, `draining ${wanted.names.join(', ')}`, (stage: Stage) =>
    keepRounds(world, {
      cluster,
      because: `drain ${wanted.names.join(', ')}`,
      fullLookEveryMs: FULL_LOOK_EVERY_MS,
      isOver: ({now, state}) => {
        const left = leftOn(state, ids)
        stage.progress(`${left.length} tasks left`)
        refuseSilent(state, cluster, left)
        if (left.length > 0 && now >= deadline) throw notDrained(state, cluster, left, wanted, now)
        return left.length === 0
      },
    }),
  )
  await handToEngines(world, cluster)
}

/** Nobody can stop what is on a host that does not answer: waiting for it helps nobody once all the rest is done. */
function refuseSilent(state: State, {name: cluster}: Cluster, left: readonly Task[]): void {
  const silent = left.filter(({instanceId}) => state.instances[instanceId]?.silentSince !== undefined)
  if (left.length === 0 || silent.length < left.length) return
  const names = [...new Set(silent.map(({instanceId}) => the(state.instances, instanceId).name))]
  throw new UnreachableError(
    'InstanceSilent',
    `${names.join(', ')} cannot be emptied: the host does not answer. Its tasks of services are replaced elsewhere once its silence lasts.`,
    {suggestions: names.map((name) => `berth instance leave ${name} --force -c ${cluster}`)},
  )
}

/** Whoever did not wait is told what stays, and what moves it. */
function tellOfRest({reporter}: World, state: State, ids: readonly InstanceId[]): void {
  for (const id of ids) {
    const left = leftOn(state, [id])
    if (left.length === 0) continue
    const {name} = the(state.instances, id)
    const kept = left.filter(({workload}) => workload !== undefined).length
    const words = [
      ...(kept > 0 ? [`${kept} of services and daemons`] : []),
      ...(kept < left.length ? [`${left.length - kept} others`] : []),
    ]
    reporter.note(`tasks on ${name}: ${words.join(', ')}; "berth instance drain ${name} --wait" empties it, as a controller does`)
  }
}

/** Tasks that still hold a part of these instances, the oldest first. */
function leftOn(state: State, ids: readonly InstanceId[]): readonly Task[] {
  const [first] = ids
  if (first === undefined) return []
  const {clusterId} = the(state.instances, first)
  return tasksOf(state, clusterId).filter((task) => ids.includes(task.instanceId) && holdsResources(task))
}

function notDrained(state: State, {name: cluster}: Cluster, left: readonly Task[], wanted: DrainWanted, now: Instant): DeadlineError {
  const told = left.map((task) => `${task.id.slice(0, 12)} (${whyLeft(state, task, now)})`)
  return new DeadlineError(
    'NotDrainedInTime',
    `After ${wanted.timeoutSeconds} s tasks are left on ${wanted.names.join(', ')}: ${told.join(', ')}.`,
    {
      suggestions: [
        `berth instance drain ${wanted.names.join(' ')} --wait -c ${cluster}`,
        ...(left.some(({workload}) => workload === undefined)
          ? [`berth instance drain ${wanted.names.join(' ')} --wait --stop-tasks -c ${cluster}`]
          : []),
      ],
    },
  )
}

function whyLeft(state: State, {desiredStatus, instanceId, protectedUntil, workload}: Task, now: Instant): string {
  if (state.instances[instanceId]?.silentSince !== undefined) return 'its host is silent'
  if (desiredStatus === 'STOPPED') return 'it is stopping'
  if (workload === undefined) return 'no service keeps it'
  if (protectedUntil !== undefined && instant(protectedUntil) > now) return `protected until ${protectedUntil}`
  const {deploymentId} = (workload.kind === 'service' ? state.services : state.daemons)[workload.id] ?? {}
  if (deploymentId !== undefined && state.deployments[deploymentId]?.rolloutState === 'FAILED')
    return `the deployment of ${workload.kind} ${quoted(workload.name)} has failed, and nothing of it is started`
  return `${workload.kind} ${quoted(workload.name)} has no place for another, or waits for one to be healthy`
}
