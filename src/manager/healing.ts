// Handing the healing of tasks over, to their engines and back: an update of running containers, clean in both directions.
import type {Cluster} from '../model/cluster.js'
import {planHealing} from '../scheduling/services/healing.js'
import type {World} from '../world/world.js'
import {carryOut} from './carry-out.js'
import {controllerOf} from './controllers.js'
import {drawnIds, INTENT} from './intents.js'
import type {Outcome} from './work.js'
import {quietWorld} from './world-with.js'

/** After it these services and daemons, or all of the cluster, are brought back by their engines as far as those can, unless a controller replaces what dies. */
export async function handToEngines(world: World, cluster: Cluster, only?: ReadonlySet<string>): Promise<void> {
  if ((await controllerOf(world, cluster)).leader) return
  await handAllHealing(world, cluster, {to: 'engine', ...(only === undefined ? {} : {only})})
}

/**
 * After it the running tasks of these services and daemons, or of all of the cluster, are the engines' to start again as far as they can, or nobody's but ours. A host that
 * does not answer, or a task that has gone meanwhile, is left out: the outcomes say so, and the next time finds it.
 */
export async function handAllHealing(
  world: World,
  cluster: Cluster,
  {only, to}: {readonly only?: ReadonlySet<string>; readonly to: 'engine' | 'us'},
): Promise<readonly Outcome[]> {
  const {state} = await world.store.read()
  const plan = planHealing(state, {clusterId: cluster.id, to, ...(only === undefined ? {} : {only})})
  const idOf = drawnIds(world)
  const because = to === 'engine' ? 'the engines bring back what ends' : 'what ends is replaced'
  return carryOut(quietWorld(world), plan, {because, idOf, intentId: idOf(INTENT)})
}
