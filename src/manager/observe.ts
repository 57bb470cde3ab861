// One look at the hosts of a cluster, all at once. It chooses nothing and changes nothing.
import {setMaxListeners} from 'node:events'
import pLimit from 'p-limit'
import {InterruptedError, KnownError} from '../errors.js'
import type {Instance} from '../model/instance.js'
import type {ControllerOwnership} from '../model/ownership.js'
import type {ContainerSeen, ForeignHolding, InstanceSeen, Observation} from '../model/observation.js'
import type {State} from '../model/state.js'
import type {TaskContainer} from '../model/task.js'
import {type Instant, instant, timestamp} from '../model/time.js'
import {within} from '../world/deadline.js'
import type {ContainerListed, Engine} from '../world/engine.js'
import type {World} from '../world/world.js'

export interface LookOptions {
  /** A host that has not answered by then is silent; one that is known to be silent is waited for no longer than `LIST_DEADLINE_MS`. */
  readonly deadlineMs: number
  /** Ask for the memory of foreign containers too, a call for each: placement needs it. */
  readonly foreignMemory?: boolean
  /** What the hosts keep is held against what they should, though nothing of it has changed since. */
  readonly recordsAnew?: boolean
  /**
   * Runtime ids of containers that are inspected whatever the listing says: Docker 20.10 tells of a death by an event some milliseconds before its listing knows of it, and
   * only an inspection waits until all is written down.
   */
  readonly suspects?: ReadonlySet<string>
}

/** Listing commands wait so long for the slowest host. */
export const LIST_DEADLINE_MS = 2000

/** Commands that place wait longer: a host that is left out takes nothing. */
export const PLACE_DEADLINE_MS = 10_000

/** More of them only wait for each other, and each holds a connection. */
const INSPECTS_AT_ONCE = 32

/** What each instance answered; the look takes as long as the slowest, and never longer than the deadline. */
export async function observe(world: World, state: State, instances: readonly Instance[], options: LookOptions): Promise<Observation> {
  const at = world.clock.now()
  const seen = await Promise.all(
    instances.map(async (instance) => [instance.id, await lookAtInstance(world, state, instance, options)] as const),
  )
  return {at, instances: Object.fromEntries(seen)}
}

function lookAtInstance(world: World, state: State, instance: Instance, options: LookOptions): Promise<InstanceSeen> {
  return askHost(world, instance, options.deadlineMs, (engine, signal) =>
    lookAtEngine(engine, state, instance, {...options, now: world.clock.now()}, signal),
  )
}

/** A host that said nothing of use, since when, and why. */
export type Silence = Extract<InstanceSeen, {readonly answered: false}>

/** What the instance's engine answers to `ask`; its silence where it does not by the deadline, which is a short one where it is known to be silent. */
export async function askHost<T>(
  world: World,
  instance: Instance,
  mostMs: number,
  ask: (engine: Engine, signal: AbortSignal) => Promise<T>,
): Promise<T | Silence> {
  const deadlineMs = instance.silentSince === undefined ? mostMs : Math.min(mostMs, LIST_DEADLINE_MS)
  const signal = within(world.signal, deadlineMs)
  // Each call to the engine listens to it: a busy host is no leak.
  setMaxListeners(0, signal)
  try {
    const engine = await untilAborted(world.engines.open(instance.address, {fresh: instance.silentSince !== undefined}, signal), signal)
    return await untilAborted(ask(engine, signal), signal)
  } catch (error) {
    // A host that cannot be reached, or whose engine answers with an error, is an answer of its own: its tasks stay as they were last seen, and the
    // other hosts are served.
    if (world.signal.aborted || error instanceof InterruptedError || !(error instanceof KnownError || signal.aborted)) throw error
    const why = error instanceof KnownError ? error.message : `no answer within ${deadlineMs / 1000} s`
    return {answered: false, since: instance.silentSince ?? timestamp(world.clock.now()), why}
  }
}

async function lookAtEngine(
  engine: Engine,
  state: State,
  instance: Instance,
  {now, ...options}: LookOptions & {readonly now: Instant},
  signal: AbortSignal,
): Promise<InstanceSeen> {
  const listed = await engine.list(signal)
  const ours = listed.filter((container) => isKnown(state, instance, container))
  const [details, foreign] = await Promise.all([
    inspectAll(
      engine,
      ours.filter((container) => options.suspects?.has(container.runtimeId) || mayHaveMovedOn(state, container, now)),
      signal,
    ),
    foreignHoldings(engine, strangersAmong(state, instance, listed), options.foreignMemory ?? false, signal),
  ])
  return {
    answered: true,
    containers: ours,
    details: Object.fromEntries(details.map((one) => [one.runtimeId, one])),
    foreign,
    ...controllersAmong(listed),
    ...newestEpochOf(instance, listed),
  }
}

function controllersAmong(listed: readonly ContainerListed[]): {readonly controllers?: readonly ControllerOwnership[]} {
  const controllers = listed.flatMap(({controller}) => controller ?? [])
  return controllers.length === 0 ? {} : {controllers}
}

/** The newest epoch that a container of the instance's cluster bears. */
export function newestEpochOf({clusterId}: Instance, listed: readonly ContainerListed[]): {readonly newestEpoch?: number} {
  const epochs = listed.flatMap(({owner}) => (owner?.clusterId === clusterId ? (owner.epoch ?? []) : []))
  return epochs.length === 0 ? {} : {newestEpoch: epochs.reduce((most, one) => Math.max(most, one))}
}

/** Running containers that are of no unstopped task of the instance's cluster: placement counts what they hold as taken. */
export function strangersAmong(state: State, instance: Instance, listed: readonly ContainerListed[]): readonly ContainerListed[] {
  return listed.filter((container) => isUp(container) && !(isKnown(state, instance, container) && isAccountedFor(state, container)))
}

/** Of a task that the state knows. One that an instance left behind when it was taken out by force holds its part of the host as any stranger does. */
function isKnown(state: State, {clusterId}: Instance, {owner}: ContainerListed): boolean {
  return owner?.clusterId === clusterId && state.tasks[owner.taskId] !== undefined
}

/** The need of a task that has stopped is given back: what of it runs all the same was started by a client that did not live to see the stop. */
function isAccountedFor(state: State, {owner}: ContainerListed): boolean {
  return owner !== undefined && state.tasks[owner.taskId]?.lastStatus !== 'STOPPED'
}

/** A listing tells no exit code: a container is inspected when its record and the listing differ. */
function mayHaveMovedOn(state: State, container: ContainerListed, now: Instant): boolean {
  const task = container.owner && state.tasks[container.owner.taskId]
  const recorded = task?.containers.find((one) => one.containerName === container.name)
  if (!recorded || task?.lastStatus === 'STOPPED' || recorded.lastStatus === 'STOPPED') return false
  if (recorded.lastStatus !== 'RUNNING') return container.status !== 'created'
  return (
    !isUp(container) || hasOtherHealth(recorded, container) || (task?.engineRestarts === true && wasRestarted(recorded, container, now))
  )
}

/** Clocks differ; whoever is a little late only asks once more. */
const CLOCK_SLACK_MS = 5000

/** Is it up for less long than its record says? */
function wasRestarted({startedAt}: TaskContainer, {status, upAtMostMs}: ContainerListed, now: Instant): boolean {
  if (status === 'restarting') return true
  return startedAt !== undefined && upAtMostMs !== undefined && now - instant(startedAt) > upAtMostMs + CLOCK_SLACK_MS
}

/** Only of a container whose definition has a check is health recorded. */
function hasOtherHealth({healthStatus}: TaskContainer, {health}: ContainerListed): boolean {
  if (healthStatus === undefined || health === undefined) return false
  return healthStatus !== (health === 'healthy' ? 'HEALTHY' : health === 'unhealthy' ? 'UNHEALTHY' : 'UNKNOWN')
}

/** Does it run, or may it at any moment? */
export function isUp(container: Pick<ContainerListed, 'status'>): boolean {
  return container.status === 'running' || container.status === 'paused' || container.status === 'restarting'
}

/** What they are now; one that is gone meanwhile is left out. */
export async function inspectAll(
  engine: Engine,
  containers: readonly ContainerListed[],
  signal: AbortSignal,
): Promise<readonly ContainerSeen[]> {
  const limited = pLimit(INSPECTS_AT_ONCE)
  const seen = await Promise.all(containers.map(({runtimeId}) => limited(() => engine.inspect(runtimeId, signal))))
  return seen.flatMap((one) => one ?? [])
}

/** What they hold; their memory costs a call each. */
export async function foreignHoldings(
  engine: Engine,
  containers: readonly ContainerListed[],
  withMemory: boolean,
  signal: AbortSignal,
): Promise<readonly ForeignHolding[]> {
  const inspected = withMemory ? await inspectAll(engine, containers, signal) : []
  const memoryOf = new Map(inspected.map((one) => [one.runtimeId, one.memoryMiB]))
  return containers.map((container) => ({
    name: container.name,
    memoryMiB: memoryOf.get(container.runtimeId) ?? 0,
    tcpPorts: portsOf(container, 'tcp'),
    udpPorts: portsOf(container, 'udp'),
  }))
}

function portsOf(container: ContainerListed, protocol: 'tcp' | 'udp'): readonly number[] {
  const ports = container.ports.filter((port) => port.protocol === protocol && port.hostPort > 0).map((port) => port.hostPort)
  return [...new Set(ports)].sort((a, b) => a - b)
}

/** `promise`, or the signal's reason as soon as it fires, whatever the promise still waits for. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let onAbort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, {once: true})
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
