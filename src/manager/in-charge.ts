// Whether a controller keeps a cluster, so that nobody else need bring back what dies.
import type {Cluster, ControllerRecord} from '../model/cluster.js'
import {recordAt, type State} from '../model/state.js'
import type {World} from '../world/world.js'

/** The controller that leads, as far as it lives. */
export function controllerInCharge({clients}: Pick<World, 'clients'>, state: State, clusterId: string): ControllerRecord | undefined {
  const {controller} = recordAt(state.clusters, clusterId) ?? {}
  return controller && clients.isAlive(controller.client) ? controller : undefined
}

/** After it the state says that this very process is in charge, or that nobody is where it was so. */
export async function recordCharge({clients, clock, store, why}: World, {id}: Cluster, charge: 'taken' | 'given up'): Promise<void> {
  const client = clients.self()
  const isOurs = (one: ControllerRecord | undefined) => one?.client.pid === client.pid && one.client.startedAt === client.startedAt
  await store.update({...why, because: `the charge of the cluster is ${charge}`}, (state) => {
    const known = recordAt(state.clusters, id)
    if (!known || (charge === 'given up' && !isOurs(known.controller))) return {state, result: undefined}
    const {controller: _, ...cluster} = known
    const taken = {client, by: why.by, since: new Date(clock.now()).toISOString()}
    const changed = {...cluster, ...(charge === 'taken' ? {controller: taken} : {}), version: cluster.version + 1}
    return {state: {...state, clusters: {...state.clusters, [id]: changed}}, result: undefined}
  })
}
