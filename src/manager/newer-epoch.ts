// The fence between two copies of one state: what a client makes bears the epoch of its state, and whoever meets a newer one has the older copy.
import {StateError} from '../errors.js'
import {epochOf} from '../model/cluster.js'
import type {InstanceId} from '../model/instance.js'
import type {Observation} from '../model/observation.js'
import type {World} from '../world/world.js'

/** `StateOutdated` where a host was worked on by somebody with a newer state than that of now; else nothing. */
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

function outdated(location: string, instance: string, theirs: number, ours: number): StateError {
  return new StateError(
    'StateOutdated',
    `Instance "${instance}" bears what a newer copy of this state has made (epoch ${theirs}; the one at ${location} is at ${ours}): use that one, or bring this one up to the hosts.`,
    {suggestions: ['berth state rebuild --dry-run', 'berth state rebuild', 'berth state path']},
  )
}
