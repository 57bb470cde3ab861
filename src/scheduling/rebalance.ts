// The fewest moves that bring tasks of services to where their strategies would place them now: after a host has joined, or is back. A move is a mark on a task; the ordinary rule
// then starts another first, elsewhere, and stops the marked one once that is healthy.
import type {RequiredAttribute} from '../model/attributes.js'
import {maximumTotal} from '../model/deployment.js'
import type {Observation} from '../model/observation.js'
import type {Note, Plan} from '../model/plan.js'
import type {MoveTask} from '../model/service-actions.js'
import {groupOf, type Service} from '../model/service.js'
import {instancesOf, servicesOf, type State, the, without} from '../model/state.js'
import type {Task} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {Instant} from '../model/time.js'
import {overviewOf, primaryOf} from '../model/workload-records.js'
import {buildFleet, type Candidate, type Fleet} from '../placement/fleet.js'
import {place} from '../placement/place.js'
import {tasksToStop} from '../placement/scale-in.js'
import {bucketAttribute, bucketOf, SERVICE_STRATEGIES} from '../placement/strategies.js'
import {ownConstraints} from './run.js'
import {type Standing, standingsOf} from './services/standing.js'

export interface RebalanceWanted {
  readonly clusterId: string
  /** Only this service, by id; absent: all of them. */
  readonly only?: string
  readonly maxMoves: number
  readonly requiredAttributes: (document: TaskDefinitionDocument) => readonly RequiredAttribute[]
}

/** What is known of a service while its moves are sought. */
interface Scene {
  readonly state: State
  readonly seen: Observation
  readonly service: Service
  readonly document: TaskDefinitionDocument
  readonly requiredAttributes: readonly RequiredAttribute[]
}

/**
 * Moves in the order in which they are to be made, services by name; a note for each service with its score before and after. Only services of which all tasks are healthy
 * and of the PRIMARY deployment move, only where their percentages leave room for one more, and never a protected task.
 */
export function planRebalance(state: State, seen: Observation, wanted: RebalanceWanted, now: Instant): Plan {
  const overview = overviewOf(state)
  const notes: Note[] = []
  const moves: MoveTask[] = []
  let current = state
  for (const service of servicesOf(state, wanted.clusterId).filter(({id}) => wanted.only === undefined || wanted.only === id)) {
    const records = overview(service.id)
    const standings = standingsOf(state, service, records.tasks, seen, now)
    const obstacle = obstacleTo(service, standings)
    if (obstacle !== undefined) {
      notes.push({said: `service ${service.name} stays as it is: ${obstacle}`})
      continue
    }
    const {document} = the(state.definitions, primaryOf(service, records).definitionId)
    const scene = {state: current, seen, service, document, requiredAttributes: wanted.requiredAttributes(document)}
    const found = movesOf(scene, standings, wanted.maxMoves - moves.length)
    moves.push(...found.moves)
    current = found.state
    notes.push({said: `service ${service.name}: score ${found.before.join('/')} -> ${found.after.join('/')} (lower is better)`})
  }
  return {actions: moves, notes, refusals: []}
}

function obstacleTo({deploymentConfiguration, desiredCount, status}: Service, standings: readonly Standing[]): string | undefined {
  if (status !== 'ACTIVE') return 'it is being deleted'
  if (standings.length !== desiredCount || standings.some(({health, isCurrent}) => health !== 'HEALTHY' || !isCurrent))
    return 'not all of its tasks are healthy and of its newest deployment'
  return maximumTotal(desiredCount, deploymentConfiguration) > desiredCount
    ? undefined
    : 'its maximum percent leaves no room for one more task'
}

function movesOf(first: Scene, standings: readonly Standing[], most: number) {
  const moves: MoveTask[] = []
  let scene = first
  const before = scoreOf(scene)
  let score = before
  while (moves.length < most) {
    const next = bestMove(
      scene,
      standings.filter(({task}) => !moves.some(({taskId}) => taskId === task.id)),
    )
    if (!next) break
    const after = scoreOf({...scene, state: next.state})
    if (!isLower(after, score)) break
    moves.push(next.move)
    score = after
    scene = {...scene, state: next.state}
  }
  return {moves, state: scene.state, before, after: score}
}

/** The task that scaling in would stop first, and where another of its kind would go without it. */
function bestMove(scene: Scene, standings: readonly Standing[]): {readonly move: MoveTask; readonly state: State} | undefined {
  const {document, requiredAttributes, seen, service, state} = scene
  const fleet = buildFleet(state, service.clusterId, seen)
  const stoppable = standings.map(({isProtected, task}) => ({...task, isOld: false, isUnhealthy: false, isProtected}))
  const [id] = tasksToStop(stoppable, 1, {fleet, seed: service.id, strategies: service.placementStrategies})
  const task = id === undefined ? undefined : state.tasks[id]
  if (!task) return undefined
  const rest = {...state, tasks: without(state.tasks, task.id)}
  const request = {
    document,
    count: 1,
    group: groupOf('service', service.name),
    constraints: [...ownConstraints(document), ...service.placementConstraints],
    strategies: strategiesOf(service),
    requiredAttributes,
    seed: `${service.clusterId}/${service.name}/${task.workload?.slot}`,
  }
  const [seat] = place(request, buildFleet(rest, service.clusterId, seen)).placed
  if (!seat || seat.instanceId === task.instanceId) return undefined
  const [from, to] = [the(state.instances, task.instanceId), the(state.instances, seat.instanceId)]
  const moved: Task = {...task, instanceId: to.id}
  return {
    move: {kind: 'moveTask', taskId: task.id, from: from.name, to: to.name, because: `service ${service.name} lies better so`},
    state: {...rest, tasks: {...rest.tasks, [task.id]: moved}},
  }
}

function strategiesOf({placementStrategies}: Service): Service['placementStrategies'] {
  return placementStrategies.length === 0 ? SERVICE_STRATEGIES : placementStrategies
}

/** One number a strategy, in their order: of `spread` the sum of the squares of its buckets' tasks, of `binpack` the instances in use; of `random` nothing. */
function scoreOf({seen, service, state}: Scene): readonly number[] {
  const fleet = buildFleet(state, service.clusterId, seen)
  const group = groupOf('service', service.name)
  return strategiesOf(service).map((strategy) => {
    if (strategy.type === 'random') return 0
    if (strategy.type === 'binpack') return instancesInUse(state, service)
    const attribute = bucketAttribute(strategy)
    return squares(fleet, (one) => (attribute === undefined ? one.instance.id : bucketOf(one, attribute)), group)
  })
}

function squares({candidates}: Fleet, bucket: (candidate: Candidate) => string | undefined, group: string): number {
  const counts = new Map<string | undefined, number>()
  for (const one of candidates) counts.set(bucket(one), (counts.get(bucket(one)) ?? 0) + (one.tasksInGroup.get(group) ?? 0))
  return [...counts.values()].reduce((sum, count) => sum + count ** 2, 0)
}

function instancesInUse(state: State, {clusterId}: Service): number {
  const used = new Set(Object.values(state.tasks).flatMap(({instanceId, lastStatus}) => (lastStatus === 'STOPPED' ? [] : instanceId)))
  return instancesOf(state, clusterId).filter(({id}) => used.has(id)).length
}

/** By the first number that differs. */
function isLower(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((one, index) => one !== b[index])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}
