// Look at a cluster's hosts and keep what is new: what every command that shows something begins with.
import {StateError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {InstanceId} from '../model/instance.js'
import type {Observation} from '../model/observation.js'
import {unobserved} from '../model/observation.js'
import {instancesOf, type State} from '../model/state.js'
import {recordObservation} from '../tasks/record-observation.js'
import type {World} from '../world/world.js'
import {helpOn} from './help-on.js'
import {tidyUp} from './housekeeping.js'
import {keepRecords} from './keep-records.js'
import {answering, newerEpoch} from './newer-epoch.js'
import {type LookOptions, observe} from './observe.js'

export interface Look {
  readonly state: State
  readonly seen: Observation
  /** Instances that answered and do not keep what they should of the state. */
  readonly unkept?: readonly InstanceId[]
}

/** The state after a look at every host of the cluster; `undefined` options: the state as recorded, no host is asked. */
export async function look(world: World, cluster: Cluster, options: LookOptions | undefined): Promise<Look> {
  const {state} = await world.store.read()
  if (options === undefined) return {state, seen: unobserved(world.clock.now())}
  const seen = await observe(world, state, instancesOf(state, cluster.id), options)
  const outdated = await newerEpoch(world, seen)
  if (outdated) return shownOnly(world, state, seen, outdated)
  const recorded = await record(world, state, seen)
  const after = await helpOn(world, recorded, seen)
  await tidyUp(world, {before: state, after, seen})
  const unkept = await keepRecords(world, answering(seen), {anew: options.recordsAnew ?? false})
  return {state: after, seen, unkept}
}

/** Whoever has an old state may look, and does nothing on the hosts. */
function shownOnly(world: World, state: State, seen: Observation, {message, suggestions}: StateError): Look {
  world.reporter.note(`${message} ${suggestions[0] ?? ''}`)
  return {state: recordObservation(state, seen, state), seen}
}

async function record(world: World, state: State, seen: Observation): Promise<State> {
  const observed = recordObservation(state, seen, state)
  if (observed === state) return state
  try {
    return await world.store.update({...world.why, because: 'the hosts were looked at'}, (current) => {
      const changed = recordObservation(current, seen, state)
      return {state: changed, result: changed}
    })
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    // Whoever only looks need not be able to write: what was seen is shown all the same, and the next look sees it again.
    world.reporter.note(`not recorded: ${error.message}`)
    return observed
  }
}
