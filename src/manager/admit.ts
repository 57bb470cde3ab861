// The deed of a join: its mark on the host, and only then ACTIVE. One that may not stay leaves nothing behind.
import {ConflictError} from '../errors.js'
import {type HostAddress, hostText} from '../model/host-address.js'
import type {Instance} from '../model/instance.js'
import {typedDocker} from '../model/typed-docker.js'
import type {InstanceMark} from '../model/ownership.js'
import {put, type State, without} from '../model/state.js'
import {requireCluster} from '../scheduling/instances.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'

/** A person who pressed Ctrl-C waits no longer than this. */
const WITHDRAW_DEADLINE_MS = 5000

/**
 * After it the host bears the instance's mark, and the instance is ACTIVE. Throws `InstanceAlreadyJoined` when another join has left its mark there,
 * `ClusterNotFoundException` or `InstanceLeft` when the cluster was deleted or the instance taken out meanwhile; then, as after any other failure,
 * mark and instance are gone again. Where the mark cannot be taken back the instance stays REGISTERING, and the next join takes it up.
 */
export async function admit(world: World, open: () => Promise<Engine>, instance: Instance): Promise<void> {
  const {clusterId, id} = instance
  let withdraw = async (): Promise<boolean> => true
  try {
    const cluster = requireCluster((await world.store.read()).state, clusterId)
    const engine = await open()
    const mark: InstanceMark = {kind: 'instance', cluster: cluster.name, clusterId, instanceId: id}
    withdraw = () => withdrawn(engine, mark)
    await engine.writeMark(mark, world.signal)
    await refuseRival(world, engine, instance)
    await world.store.update({...world.why, because: `${instance.name} has joined`}, (state) => ({
      state: activated(state, instance),
      result: undefined,
    }))
  } catch (error) {
    if (await withdraw()) await forget(world, instance)
    throw error
  }
}

/** An instance that this state does not know is another's, or was lost with its state: then only the mark on its host is left to remove. */
export function alreadyJoined(record: InstanceMark, address: HostAddress, instance: Instance | undefined): ConflictError {
  const name = instance ? `"${instance.name}"` : record.instanceId
  const said = `The engine at ${hostText(address)} is in cluster "${record.cluster}" already, as instance ${name}`
  if (instance)
    return new ConflictError('InstanceAlreadyJoined', `${said}.`, {
      suggestions: ['describe', 'leave'].map((verb) => `berth instance ${verb} ${instance.name} -c ${record.cluster}`),
    })
  return new ConflictError('InstanceAlreadyJoined', `${said}, of which this state knows nothing.`, {
    suggestions: ['berth cluster list --state FILE', typedDocker(address, 'volume ls')],
  })
}

/**
 * Of two joins at once each leaves its mark before it looks, so at least one of them sees the other's; whoever sees one withdraws. The age of the
 * marks could not decide it: the engine tells it in whole seconds.
 */
async function refuseRival({signal}: World, engine: Engine, instance: Instance): Promise<void> {
  const rival = (await engine.marks(signal)).find((record) => record.instanceId !== instance.id)
  if (rival) throw alreadyJoined(rival, instance.address, undefined)
}

function activated(state: State, {clusterId, id, name}: Instance): State {
  const cluster = requireCluster(state, clusterId)
  const instance = state.instances[id]
  if (instance?.status === 'REGISTERING') return {...state, instances: put(state.instances, id, {...instance, status: 'ACTIVE'})}
  throw new ConflictError('InstanceLeft', `Instance "${name}" was taken out of cluster "${cluster.name}" while it joined.`, {
    suggestions: [`berth instance list -c ${cluster.name}`],
  })
}

/** Is the mark gone from the host? Not stopped by the signal that may have ended the join. */
async function withdrawn(engine: Engine, mark: InstanceMark): Promise<boolean> {
  try {
    await engine.removeMark(mark, AbortSignal.timeout(WITHDRAW_DEADLINE_MS))
    return true
  } catch {
    // The join's own failure is told; a mark that stays proves the join that it belongs to.
    return false
  }
}

async function forget({store, why}: World, {id, name}: Instance): Promise<void> {
  await store.update({...why, because: `${name} could not join`}, (state) => ({
    state: {...state, instances: without(state.instances, id)},
    result: undefined,
  }))
}
