// Who keeps a cluster, and what is kept by whom.
import type {Cluster, ControllerRecord} from '../model/cluster.js'
import {isHealedByEngine} from '../model/healing.js'
import type {Workload} from '../model/service.js'
import {daemonsOf, recordAt, servicesOf, type State} from '../model/state.js'
import {isService, overviewOf} from '../model/workload-records.js'
import type {World} from '../world/world.js'
import {controllerInCharge} from './in-charge.js'
import {clusterNamed} from './resolve.js'

export interface ControllerStatus {
  readonly cluster: string
  readonly location: string
  /** Absent: none leads. */
  readonly leader?: ControllerRecord
  readonly healing: readonly Healing[]
}

export interface Healing {
  readonly workload: string
  readonly kind: 'daemon' | 'service'
  /** Whoever brings back a task of it that dies; nobody: the next command that settles it. */
  readonly by: 'controller' | 'engine' | 'nobody'
}

export async function controllerStatus(world: World, wanted: {readonly cluster: string | undefined}): Promise<ControllerStatus> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const leader = controllerInCharge(world, state, cluster.id)
  const workloads = [...daemonsOf(state, cluster.id), ...servicesOf(state, cluster.id)]
  return {
    cluster: cluster.name,
    location: world.store.location,
    ...(leader ? {leader} : {}),
    healing: workloads.map((one) => healingOf(world, state, cluster, one)),
  }
}

/** Who heals one service or daemon. */
export function healingOf(world: Pick<World, 'clients'>, state: State, cluster: Cluster, workload: Workload): Healing {
  const kind = isService(workload) ? 'service' : 'daemon'
  if (controllerInCharge(world, state, cluster.id)) return {workload: workload.name, kind, by: 'controller'}
  const definitionId = recordAt(state.deployments, workload.deploymentId)?.definitionId ?? ''
  const document = recordAt(state.definitions, definitionId)?.document
  const running = overviewOf(state)(workload.id).tasks.filter(({lastStatus}) => lastStatus === 'RUNNING')
  const isTheirs = document !== undefined && isHealedByEngine(document) && running.every(({engineRestarts}) => engineRestarts === true)
  return {workload: workload.name, kind, by: isTheirs ? 'engine' : 'nobody'}
}
