// One instance for another: the new host joins, the old one is emptied, then it leaves. Each step is left out that was done before, so the same words go on where they were cut off.
import {ConflictError} from '../errors.js'
import {hostText, parseHost} from '../model/host-address.js'
import type {Cluster} from '../model/cluster.js'
import type {Instance} from '../model/instance.js'
import {quoted} from '../model/names.js'
import {instancesOf, type State} from '../model/state.js'
import {refuseController} from '../scheduling/instances.js'
import type {World} from '../world/world.js'
import type {Done} from './done.js'
import {drainInstances} from './drain.js'
import {type FoundInstances, foundInstances, leaveInstance} from './instances.js'
import {type JoinWanted, joinInstance} from './join.js'
import {look} from './look.js'
import {LIST_DEADLINE_MS} from './observe.js'
import {clusterNamed, findInstance} from './resolve.js'

export interface ReplaceInstanceWanted {
  readonly cluster: string | undefined
  readonly name: string
  /** The host that joins in its place. */
  readonly join: JoinWanted & {readonly host: string}
  readonly stopTasks: boolean
  readonly timeoutSeconds: number
  readonly dryRun: boolean
}

/** The new instance; the old one is gone. Throws as the three steps do: what was done stands. */
export async function replaceInstance(world: World, wanted: ReplaceInstanceWanted): Promise<Done<FoundInstances>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const {cluster: inCluster, dryRun, stopTasks, timeoutSeconds} = wanted
  const address = await world.hosts.resolve(parseHost(wanted.join.host, wanted.join.tls))
  const known = instancesOf(state, cluster.id).find((one) => hostText(one.address) === hostText(address) && one.status !== 'REGISTERING')
  if (known && isGone(state, cluster, wanted.name)) return alreadyDone(world, wanted, state, cluster, known)
  const old = findInstance(state, cluster, wanted.name)
  const {id, name} = old
  // It could not leave in the end: better nothing is begun.
  refuseController(cluster, [old], (await look(world, cluster, {deadlineMs: LIST_DEADLINE_MS})).seen)
  if (known) refuseUnfit(known, id, cluster)
  const drain = {cluster: inCluster, names: [name], wait: true, stopTasks, timeoutSeconds, dryRun}
  if (dryRun) return planned(world, wanted, known !== undefined, drain)
  const joined = known ? undefined : await joinInstance(world, wanted.join)
  world.reporter.note(known ? `${known.name} has joined already` : `${wanted.join.host} has joined; ${name} is being emptied`)
  await drainInstances(world, drain)
  const left = await leaveInstance(world, {cluster: inCluster, name, force: false, dryRun})
  return joined ?? left
}

/** Whoever was cut off after the last step types the same words again. */
function isGone(state: State, cluster: Cluster, name: string): boolean {
  return !instancesOf(state, cluster.id).some((one) => one.name === name || one.id.startsWith(name))
}

function alreadyDone(
  world: World,
  {dryRun, name}: ReplaceInstanceWanted,
  state: State,
  cluster: Cluster,
  known: Instance,
): Done<FoundInstances> {
  const plan = {actions: [], notes: [{said: `${name} is gone, and ${known.name} is there`}], refusals: []}
  if (dryRun) return {dryRun, plan}
  world.reporter.note(plan.notes[0]?.said ?? '')
  return {dryRun, plan, value: foundInstances(state, cluster, [known.id])}
}

/** Throws `SameInstance`, and `InstanceNotActive` for one that could take nothing. */
function refuseUnfit({id, name, status}: Instance, oldId: string, {name: cluster}: Cluster): void {
  if (id === oldId)
    throw new ConflictError('SameInstance', `Instance ${quoted(name)} is that very host: it cannot take its own place.`, {
      suggestions: [`berth instance replace ${name} --with ssh://another.example -c ${cluster}`],
    })
  if (status !== 'ACTIVE')
    throw new ConflictError('InstanceNotActive', `Instance ${quoted(name)} is ${status} and takes nothing.`, {
      suggestions: [`berth instance activate ${name} -c ${cluster}`],
    })
}

/** What the steps would do, as far as it can be told before the host has joined. */
async function planned(
  world: World,
  {cluster, join, name}: ReplaceInstanceWanted,
  hasJoined: boolean,
  drain: Parameters<typeof drainInstances>[1],
): Promise<Done<FoundInstances>> {
  const plans = [...(hasJoined ? [] : [await joinInstance(world, {...join, dryRun: true})]), await drainInstances(world, drain)].map(
    ({plan}) => plan,
  )
  const leave = {said: `then ${name} leaves the cluster${cluster === undefined ? '' : ` ${cluster}`}`}
  return {
    dryRun: true,
    plan: {
      actions: plans.flatMap(({actions}) => actions),
      notes: [...plans.flatMap(({notes}) => notes), leave],
      refusals: plans.flatMap(({refusals}) => refusals),
    },
  }
}
