// A look at the hosts of a cluster container by container, all hosts at once, as drift is found in it. It chooses nothing and records nothing.
import type {Cluster} from '../model/cluster.js'
import type {HostInspected, Inspection} from '../model/inspection.js'
import type {Instance} from '../model/instance.js'
import {instancesOf, type State, tasksOf} from '../model/state.js'
import {holdsResources} from '../model/task.js'
import type {ContainerListed, Engine} from '../world/engine.js'
import type {World} from '../world/world.js'
import {foundContainers} from './found-containers.js'
import {askHost, foreignHoldings, PLACE_DEADLINE_MS, strangersAmong} from './observe.js'

/** What each host holds; it takes as long as the slowest, and never longer than a command that places waits. */
export async function inspectCluster(world: World, state: State, cluster: Cluster): Promise<Inspection> {
  const at = world.clock.now()
  const hosts = await Promise.all(
    instancesOf(state, cluster.id).map(async (instance) => [instance.id, await inspectHost(world, state, instance)] as const),
  )
  return {at, hosts: Object.fromEntries(hosts)}
}

/** How far the engine's clock is ahead of ours, in milliseconds; half of the way is taken to be the way there. */
export async function clockAhead({clock}: World, engine: Engine, signal: AbortSignal): Promise<number> {
  const asked = clock.now()
  const theirs = await engine.time(signal)
  return theirs - (asked + clock.now()) / 2
}

function inspectHost(world: World, state: State, instance: Instance): Promise<HostInspected> {
  return askHost(world, instance, PLACE_DEADLINE_MS, async (engine, signal) => {
    const tasks = tasksOf(state, instance.clusterId).filter((task) => task.instanceId === instance.id && holdsResources(task))
    const recorded = tasks.flatMap(({containers}) => containers)
    const names = new Set(recorded.map(({containerName}) => containerName))
    const listed = await engine.list(signal)
    const ours = ({name, owner}: ContainerListed) => owner?.clusterId === instance.clusterId || names.has(name)
    const [facts, containers, foreign, imageIds] = await Promise.all([
      engine.facts(signal),
      foundContainers(engine, listed.filter(ours), signal),
      foreignHoldings(engine, strangersAmong(state, instance, listed), true, signal),
      imagesOf(
        engine,
        recorded.filter(({internal}) => !internal).map(({image}) => image),
        signal,
      ),
    ])
    // Alone, since an engine that does much at once would seem to be late.
    return {answered: true, facts, clockAheadMs: await clockAhead(world, engine, signal), containers, foreign, imageIds}
  })
}

async function imagesOf(engine: Engine, references: readonly string[], signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const images = await Promise.all(
    [...new Set(references)].map(async (reference) => [reference, (await engine.image(reference, signal))?.id] as const),
  )
  return Object.fromEntries(images.flatMap(([reference, id]) => (id === undefined ? [] : [[reference, id]])))
}
