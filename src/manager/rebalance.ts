// `cluster rebalance`: moves one after the other, each begun only when the one before has come to its end.
import {requiredAttributes} from '../ecs/attributes.js'
import type {Plan} from '../model/plan.js'
import type {Workload} from '../model/service.js'
import {instancesOf, type State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import type {Observation} from '../model/observation.js'
import {planRebalance} from '../scheduling/rebalance.js'
import type {World} from '../world/world.js'
import {untilSteady} from './change-workload.js'
import type {Done} from './done.js'
import {observe, PLACE_DEADLINE_MS} from './observe.js'
import {clusterNamed} from './resolve.js'
import {findService} from './services.js'
import {settle} from './settle.js'

export interface RebalanceClusterWanted {
  readonly cluster: string | undefined
  /** Only this service; absent: all of them. */
  readonly service: string | undefined
  readonly maxMoves: number
  readonly timeoutSeconds: number
  readonly dryRun: boolean
}

/** The services of which tasks were moved. */
export interface Rebalanced {
  readonly workloads: readonly Workload[]
  readonly moves: Plan['actions']
}

const LOOK = {deadlineMs: PLACE_DEADLINE_MS, foreignMemory: true}

/** After it no move would bring any service nearer to what its strategies want, or so many were made. Throws as `untilSteady`; what was moved stays. */
export async function rebalanceCluster(world: World, wanted: RebalanceClusterWanted): Promise<Done<Rebalanced>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const only = wanted.service === undefined ? {} : {only: findService(state, cluster, wanted.service).id}
  const decide = (maxMoves: number) => (current: State, seen: Observation, now: Instant) =>
    planRebalance(current, seen, {clusterId: cluster.id, ...only, maxMoves, requiredAttributes}, now)
  const step = (maxMoves: number, dryRun: boolean) =>
    settle(world, {
      about: cluster.id,
      because: `rebalance cluster ${cluster.name}`,
      observe: (current) => observe(world, current, instancesOf(current, cluster.id), LOOK),
      decide: decide(maxMoves),
      dryRun,
    })
  if (wanted.dryRun) return {dryRun: true, plan: (await step(wanted.maxMoves, true)).plan}
  const moved = new Map<string, Workload>()
  const moves: Plan['actions'][number][] = []
  let notes: Plan['notes'] = []
  while (moves.length < wanted.maxMoves) {
    const settled = await step(1, false)
    notes = settled.plan.notes
    const [move] = settled.plan.actions
    const task = move?.kind === 'moveTask' ? settled.state.tasks[move.taskId] : undefined
    const service = task?.workload && settled.state.services[task.workload.id]
    if (!move || !service) break
    moves.push(move)
    moved.set(service.id, service)
    const {id: workloadId, name} = service
    await untilSteady(world, {cluster, kind: 'service', workloadId, name, timeoutSeconds: wanted.timeoutSeconds})
  }
  for (const {said} of notes) world.reporter.note(said)
  return {dryRun: false, plan: {actions: moves, notes, refusals: []}, value: {workloads: [...moved.values()], moves}}
}
