// What hosts keep of the state, brought up to date by whichever command has them open; never behind a lock.
import pLimit from 'p-limit'
import {epochOf} from '../model/cluster.js'
import type {Instance, InstanceId} from '../model/instance.js'
import type {WantedRecord} from '../model/kept-record.js'
import {put, type State} from '../model/state.js'
import {hashOfRecords, recordChanges, recordsWanted} from '../scheduling/kept-records.js'
import {within} from '../world/deadline.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'
import {quietly} from './quietly.js'

/** No command waits longer for what is only kept for the worst day. */
const KEEP_DEADLINE_MS = 2000

/** Engines answer one after another in any case. */
const CALLS_AT_ONCE = 16

/**
 * After it these instances keep the records that they should, as far as they answer; returns those that do not. Only those are asked whose records have changed
 * since they were last given any; with `anew` all of them, for somebody may have removed the volumes, and a host that bears no mark at all gets its own again.
 */
export async function keepRecords(
  world: World,
  ids: readonly InstanceId[],
  {anew}: {readonly anew: boolean} = {anew: false},
): Promise<readonly InstanceId[]> {
  const {state} = await world.store.read()
  const due = dueRecords(state, ids, anew)
  const given = await Promise.all(due.map(async (one) => ({one, isKept: await giveTo(world, state, one, anew)})))
  const changed = given.flatMap(({isKept, one}) => (isKept && one.instance.keptRecordsHash !== one.hash ? one : []))
  if (changed.length > 0)
    await quietly(() =>
      world.store.update({...world.why, because: 'the hosts keep what has changed'}, (current) => ({
        state: changed.reduce(withHash, current),
        result: undefined,
      })),
    )
  return given.flatMap(({isKept, one}) => (isKept ? [] : one.instance.id))
}

/** After it the host keeps nothing of the instance's cluster. */
export async function dropRecords(engine: Engine, {clusterId}: Instance, signal: AbortSignal): Promise<void> {
  const kept = await engine.keptRecords(signal)
  const limited = pLimit(CALLS_AT_ONCE)
  const own = kept.filter((one) => one.clusterId === clusterId)
  await Promise.all(own.map((one) => limited(() => engine.dropRecord(one, signal))))
}

interface Due {
  readonly instance: Instance
  readonly wanted: readonly WantedRecord[]
  readonly hash: string
}

function dueRecords(state: State, ids: readonly InstanceId[], anew: boolean): readonly Due[] {
  const clusterIds = new Set(ids.flatMap((id) => state.instances[id]?.clusterId ?? []))
  return [...clusterIds].flatMap((clusterId) => {
    const cluster = state.clusters[clusterId]
    const wantedOf = cluster ? recordsWanted(state, cluster) : new Map<InstanceId, readonly WantedRecord[]>()
    return ids.flatMap((id): readonly Due[] => {
      const [instance, wanted] = [state.instances[id], wantedOf.get(id)]
      if (!instance || !wanted) return []
      const hash = hashOfRecords(wanted)
      return anew || instance.keptRecordsHash !== hash ? [{instance, wanted, hash}] : []
    })
  })
}

/** Does it keep them now? New ones are written before old ones go: whoever dies in between leaves more than is needed. */
async function giveTo(world: World, {clusters, revision}: State, {instance, wanted}: Due, anew: boolean): Promise<boolean> {
  const {clusterId, id} = instance
  const cluster = clusters[clusterId]
  if (!cluster) return false
  const signal = within(world.signal, KEEP_DEADLINE_MS)
  let isOutdated = false
  const isGiven = await quietly(async () => {
    const engine = await world.engines.open(instance.address, {}, signal)
    const changes = recordChanges(await engine.keptRecords(signal), wanted, clusterId, epochOf(cluster, revision))
    ;({isOutdated} = changes)
    const limited = pLimit(CALLS_AT_ONCE)
    await Promise.all(changes.keep.map((one) => limited(() => engine.keepRecord(one, signal))))
    await Promise.all(changes.drop.map((one) => limited(() => engine.dropRecord(one, signal))))
    const mark = {kind: 'instance', cluster: cluster.name, clusterId, instanceId: id} as const
    if (anew && (await engine.marks(signal)).length === 0) await engine.writeMark(mark, signal)
    // One that has left meanwhile had dropped all of it before.
    const {status} = (await world.store.read()).state.instances[id] ?? {}
    if (status === 'ACTIVE' || status === 'DRAINING') return
    await dropRecords(engine, instance, signal)
    await engine.removeMark(mark, signal)
  })
  return isGiven && !isOutdated
}

function withHash(state: State, {hash, instance: {id}}: Due): State {
  const instance = state.instances[id]
  return instance ? {...state, instances: put(state.instances, id, {...instance, keptRecordsHash: hash})} : state
}
