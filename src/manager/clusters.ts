// Use cases of clusters.
import {checkName} from '../model/names.js'
import type {Cluster} from '../model/cluster.js'
import type {Observation} from '../model/observation.js'
import {clustersOf, instancesOf, type State} from '../model/state.js'
import {planCreateCluster, planDeleteCluster} from '../scheduling/clusters.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {look} from './look.js'
import {LIST_DEADLINE_MS, observe, PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed, findCluster} from './resolve.js'
import {settle} from './settle.js'

/** Clusters, and the state in which they stand. */
export interface FoundClusters {
  readonly state: State
  readonly clusters: readonly Cluster[]
  /** The name of the one in use. */
  readonly current?: string
  /** What the hosts said, where they were asked. */
  readonly seen?: Observation
}

/** A cluster of this name, made now or there already; the first one becomes the one in use. Throws `InvalidName`. */
export async function createCluster(world: World, wanted: {readonly name: string; readonly dryRun: boolean}): Promise<Done<FoundClusters>> {
  const name = checkName('cluster', wanted.name)
  const settled = await settle(world, {
    because: `create cluster ${name}`,
    decide: (state) => planCreateCluster(state, name),
    dryRun: wanted.dryRun,
  })
  const settings = await world.settings.read()
  if (!wanted.dryRun && settings.currentCluster === undefined) await world.settings.write({...settings, currentCluster: name})
  return done(settled, wanted.dryRun, () => ({state: settled.state, clusters: [findCluster(clustersOf(settled.state), name)]}))
}

/** All clusters, by name, as recorded. */
export async function listClusters(world: World): Promise<FoundClusters> {
  const {state} = await world.store.read()
  const {currentCluster} = await world.settings.read()
  return {state, clusters: clustersOf(state), ...(currentCluster === undefined ? {} : {current: currentCluster})}
}

/** The cluster named, or the one in use, after a look at its hosts. Throws `ClusterNotFoundException`. */
export async function describeCluster(
  world: World,
  wanted: {readonly name: string | undefined; readonly cached: boolean},
): Promise<FoundClusters> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.name)
  const {seen, state} = await look(world, cluster, wanted.cached ? undefined : {deadlineMs: LIST_DEADLINE_MS, foreignMemory: true})
  return {state, clusters: [cluster], seen}
}

/** After it the cluster is the one that commands mean when none is named. */
export async function useCluster(world: World, name: string): Promise<FoundClusters> {
  const {state} = await world.store.read()
  const cluster = findCluster(clustersOf(state), name)
  await world.settings.write({...(await world.settings.read()), currentCluster: cluster.name})
  return {state, clusters: [cluster], current: cluster.name}
}

/** After it the cluster is gone; with `force` its tasks and instances with it. Throws as `planDeleteCluster`. */
export async function deleteCluster(
  world: World,
  wanted: {readonly name: string; readonly force: boolean; readonly dryRun: boolean},
): Promise<Done<FoundClusters>> {
  const {state} = await world.store.read()
  const cluster = findCluster(clustersOf(state), wanted.name)
  const settled = await settle(world, {
    about: cluster.id,
    because: `delete cluster ${cluster.name}`,
    question: `Delete cluster ${cluster.name}?`,
    observe: (current) => observe(world, current, wanted.force ? instancesOf(current, cluster.id) : [], {deadlineMs: PLACE_DEADLINE_MS}),
    decide: (current, seen) => planDeleteCluster(current, cluster, wanted.force, seen),
    dryRun: wanted.dryRun,
  })
  const deleted = done(settled, wanted.dryRun, () => ({state, clusters: [cluster]}))
  const {currentCluster, ...others} = await world.settings.read()
  if (!wanted.dryRun && currentCluster === cluster.name) await world.settings.write(others)
  return deleted
}
