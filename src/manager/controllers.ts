// Which controllers of a cluster run, and what they keep.
import {requiredAttributes} from '../ecs/attributes.js'
import type {Cluster} from '../model/cluster.js'
import {type Controllers, controllersIn} from '../model/controller.js'
import type {Workload} from '../model/service.js'
import {daemonsOf, recordAt, servicesOf, type State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import {type RolloutProgress, rolloutProgress} from '../scheduling/services/progress.js'
import type {World} from '../world/world.js'
import {LIST_DEADLINE_MS} from './observe.js'
import {look} from './look.js'
import {clusterNamed} from './resolve.js'

/** What `controller status` tells. */
export interface ControllerStatus extends Controllers {
  readonly cluster: Cluster
  /** Where the state lies. */
  readonly location: string
  readonly now: Instant
  readonly state: State
  /** What it heals, or would. */
  readonly workloads: readonly Workload[]
  /** By the id of the service or daemon. */
  readonly progress: Readonly<Record<string, RolloutProgress>>
}

/** Who leads and who stands by, by the locks of the state; a controller that died counts as nobody, within seconds on a state that machines share. */
export async function controllerOf({store}: World, {name}: Cluster): Promise<Controllers> {
  return controllersIn(await store.locks(), name)
}

/** Throws as `clusterNamed`. */
export async function controllerStatus(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly cached: boolean},
): Promise<ControllerStatus> {
  const before = (await world.store.read()).state
  const found = await clusterNamed(world, before, wanted.cluster)
  const {seen, state} = await look(world, found, wanted.cached ? undefined : {deadlineMs: LIST_DEADLINE_MS})
  const cluster = recordAt(state.clusters, found.id) ?? found
  const workloads = [...daemonsOf(state, cluster.id), ...servicesOf(state, cluster.id)]
  const now = world.clock.now()
  return {
    ...(await controllerOf(world, cluster)),
    cluster,
    location: world.store.location,
    now,
    state,
    workloads,
    progress: Object.fromEntries(workloads.map((one) => [one.id, rolloutProgress({state, seen, now, requiredAttributes}, one)])),
  }
}
