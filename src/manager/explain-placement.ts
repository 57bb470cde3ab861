// A placement explained before anything is placed.
import type {Explanation} from '../model/explanation.js'
import {explainRun} from '../scheduling/run.js'
import type {World} from '../world/world.js'
import {look} from './look.js'
import {PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed} from './resolve.js'
import {runRequest, type RunTasksWanted} from './run-request.js'

/** Why the next task of such a run would go where it would go, or nowhere, after a look at all hosts, or as the state has it where it is `cached`. Nothing is placed. Throws as `runTasks`. */
export async function explainPlacement(world: World, wanted: RunTasksWanted, {cached}: {readonly cached: boolean}): Promise<Explanation> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  const {seen, state} = await look(world, cluster, cached ? undefined : {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true})
  const {run} = await runRequest(world, state, cluster, {...wanted, dryRun: true})
  return explainRun(state, seen, run, world.clock.now())
}
