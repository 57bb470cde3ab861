// The fence between two copies of one state: what a client makes bears the epoch of its state, and whoever meets a newer one has the older copy.
import {StateError} from '../errors.js'
import {epochOf} from '../model/cluster.js'
import type {Instance, InstanceId} from '../model/instance.js'
import type {InstanceSeen, Observation} from '../model/observation.js'
import type {Action} from '../model/plan.js'
import {within} from '../world/deadline.js'
import type {World} from '../world/world.js'
import {newestEpochOf} from './observe.js'
import {quietly} from './quietly.js'

/** What does nothing on a host that is there already. */
const OF_STATE_ALONE: ReadonlySet<Action['kind']> = new Set(['joinInstance', 'updateInstance'])

/** Who only looks whether a host was worked on waits no longer. */
const EPOCH_DEADLINE_MS = 2000

/** Throws `StateOutdated` where a host that the actions work on, or that was seen, was worked on by somebody with a newer state than that of now. */
export async function refuseOutdated(world: World, seen: Observation, actions: readonly Action[]): Promise<void> {
  const unseen = new Map(
    actions.flatMap((action) => (worksOn(action) && !seen.instances[action.instance.id] ? [[action.instance.id, action.instance]] : [])),
  )
  const looked = await Promise.all([...unseen].map(async ([id, instance]) => [id, await lookForEpoch(world, instance)] as const))
  const outdated = await newerEpoch(world, {
    ...seen,
    instances: {...seen.instances, ...Object.fromEntries(looked.flatMap(([id, look]) => (look ? [[id, look]] : [])))},
  })
  if (outdated) throw outdated
}

/** `StateOutdated` where a host that answered was worked on by somebody with a newer state than that of now; else nothing. */
export async function newerEpoch(world: World, seen: Observation): Promise<StateError | undefined> {
  const epochs = Object.entries(seen.instances).flatMap(([id, one]) =>
    one.answered && one.newestEpoch !== undefined ? [{id, epoch: one.newestEpoch}] : [],
  )
  if (epochs.length === 0) return undefined
  // Others commit while the hosts answer: the state of now counts.
  const {state} = await world.store.read()
  for (const {epoch, id} of epochs) {
    const instance = state.instances[id]
    const cluster = instance && state.clusters[instance.clusterId]
    if (cluster && epoch > epochOf(cluster, state.revision))
      return outdated(world.store.location, instance.name, epoch, epochOf(cluster, state.revision))
  }
  return undefined
}

/** Those that answered. */
export function answering({instances}: Observation): readonly InstanceId[] {
  return Object.entries(instances).flatMap(([id, one]) => (one.answered ? id : []))
}

function worksOn(action: Action): action is Extract<Action, {readonly instance: Instance}> {
  return 'instance' in action && !OF_STATE_ALONE.has(action.kind) && !(action.kind === 'leaveInstance' && action.forget)
}

/** `undefined` for a host that does not answer: whoever works on it will say so. */
async function lookForEpoch(world: World, instance: Instance): Promise<InstanceSeen | undefined> {
  if (instance.silentSince !== undefined) return undefined
  const signal = within(world.signal, EPOCH_DEADLINE_MS)
  let newest: {readonly newestEpoch?: number} | undefined
  await quietly(async () => {
    newest = newestEpochOf(instance, await (await world.engines.open(instance.address, {}, signal)).list(signal))
  })
  return newest && {answered: true, containers: [], details: {}, foreign: [], ...newest}
}

function outdated(location: string, instance: string, theirs: number, ours: number): StateError {
  return new StateError(
    'StateOutdated',
    `Instance "${instance}" bears what a newer copy of this state has made (epoch ${theirs}; the one at ${location} is at ${ours}): use that one, or bring this one up to the hosts.`,
    {suggestions: ['berth state rebuild --dry-run', 'berth state rebuild', 'berth state path']},
  )
}
