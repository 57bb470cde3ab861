// `cluster refresh`: a look at every host, and what it changed in the state.
import type {Cluster} from '../model/cluster.js'
import type {State} from '../model/state.js'
import {type RecordChange, recordsChanged} from '../model/state-changes.js'
import type {World} from '../world/world.js'
import {look} from './look.js'
import {PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed} from './resolve.js'

export interface Refreshed {
  readonly cluster: Cluster
  readonly before: State
  /** What became of its instances and tasks. */
  readonly records: readonly RecordChange[]
  /** Those that did not answer, by name, with the reason. */
  readonly silent: Readonly<Record<string, string>>
  /** Those that answered and took no records of the state, by name: it could not be made anew from them. */
  readonly unkept: readonly string[]
}

/** After it the state says what the hosts said; a host that is silent is marked so, and its tasks stay as they were last seen. */
export async function refreshCluster(world: World, name: string | undefined): Promise<Refreshed> {
  const {state: before} = await world.store.read()
  const cluster = await clusterNamed(world, before, name)
  const {seen, state, unkept = []} = await look(world, cluster, {deadlineMs: PLACE_DEADLINE_MS, recordsAnew: true})
  const silent = Object.entries(seen.instances).flatMap(([id, look]) =>
    look.answered ? [] : [[state.instances[id]?.name ?? id, look.why]],
  )
  const names = unkept.map((id) => state.instances[id]?.name ?? id)
  return {cluster, before, records: recordsChanged(before, state), silent: Object.fromEntries(silent), unkept: names}
}
