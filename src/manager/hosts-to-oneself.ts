// Hosts that a long deed has to itself: so that two people with copies of one state, or with none in common, do not take one host apart together.
import {ConflictError, type KnownError, UnreachableError} from '../errors.js'
import type {Instance} from '../model/instance.js'
import {shellWord} from '../model/names.js'
import type {Action} from '../model/plan.js'
import {timestamp} from '../model/time.js'
import type {HeldHostLock, HostLockHolder, HostLockRefusal} from '../world/host-locks.js'
import type {World} from '../world/world.js'

/** Who waits for longer is told for whom. */
const TOLD_AFTER_MS = 2000
const PAUSE_MS = 500
const TAKES_APART: ReadonlySet<Action['kind']> = new Set(['leaveInstance', 'deleteCluster'])

/**
 * What `deed` returns, done while nobody else holds the instances that the actions take apart on their hosts, of which one machine may have several; where a lock is lost in the middle the world's signal fires in it. A host
 * without a shell that we reach has no such lock, and a silent one cannot be asked: there the lease of the state alone guards. Throws `HostLocked` when another's
 * lock was waited for in vain.
 */
export async function withHostsToOneself<T>(world: World, actions: readonly Action[], deed: (alone: World) => Promise<T>): Promise<T> {
  const instances = hostsOf(actions)
  if (instances.length === 0) return deed(world)
  const held: HeldHostLock[] = []
  try {
    // In one order everywhere: two that want the same hosts never wait for each other.
    for (const instance of instances.toSorted((a, b) => (a.id < b.id ? -1 : 1))) held.push(...(await hold(world, instance)))
    const signal = AbortSignal.any([world.signal, ...held.map((lock) => lock.signal)])
    return await deed(Object.create(world, {signal: {value: signal}}) as World)
  } finally {
    await Promise.all(held.map((lock) => lock.release()))
  }
}

/** None where no host is taken apart: starts and stops of tasks bear company. */
function hostsOf(actions: readonly Action[]): readonly Instance[] {
  if (!actions.some(({kind}) => TAKES_APART.has(kind))) return []
  const named = actions.flatMap((action) =>
    'instance' in action && !(action.kind === 'leaveInstance' && action.forget) ? [action.instance] : [],
  )
  return [...new Map(named.map((instance) => [instance.id, instance])).values()]
}

async function hold(world: World, instance: Instance): Promise<readonly HeldHostLock[]> {
  if (instance.silentSince !== undefined) return []
  const holder: HostLockHolder = {by: world.why.by, command: world.why.command, since: timestamp(world.clock.now())}
  const began = world.clock.now()
  let isTold = false
  for (;;) {
    const answer = await asked(world, instance, holder)
    if (answer.kind === 'mine') return [answer.lock]
    if (answer.kind !== 'held') return []
    const waitedMs = world.clock.now() - began
    if (waitedMs >= world.lockWaitMs) throw locked(instance, answer.holder)
    if (!isTold && waitedMs >= TOLD_AFTER_MS) world.reporter.note(`waiting for ${instance.name}, which ${told(answer.holder)}`)
    isTold ||= waitedMs >= TOLD_AFTER_MS
    await world.clock.sleep(PAUSE_MS, world.signal)
  }
}

/** A host that does not say whether its lock is free is as one that has none: a shell that runs nothing but docker, say. */
async function asked(
  world: World,
  {address, id}: Instance,
  holder: HostLockHolder,
): Promise<{readonly kind: 'mine'; readonly lock: HeldHostLock} | HostLockRefusal> {
  try {
    return await world.hostLocks.hold(address, id, holder, world.signal)
  } catch (error) {
    if (error instanceof UnreachableError) return {kind: 'unable'}
    throw error
  }
}

function told(holder: HostLockHolder | undefined): string {
  return holder ? `${holder.by} holds with "berth ${holder.command}" since ${holder.since}` : 'somebody holds'
}

function locked({name}: Instance, holder: HostLockHolder | undefined): KnownError {
  return new ConflictError('HostLocked', `Instance "${name}" is one that ${told(holder)}; nothing was done.`, {
    suggestions: [`berth instance describe ${shellWord(name)}`, 'berth state lock list'],
  })
}
