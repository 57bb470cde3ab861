// Which tasks of a service are stopped when it has too many (developer guide, "Task placement", how ECS chooses tasks to stop): the strategies read
// backwards, so that what is left lies as the service would place it.
import type {InstanceId} from '../model/instance.js'
import type {PlacementStrategy} from '../model/placement.js'
import type {Need} from '../model/resources.js'
import type {TaskId} from '../model/task.js'
import type {Candidate, Fleet} from './fleet.js'
import {hashText} from './rank.js'
import {bucketAttribute, bucketOf, SERVICE_STRATEGIES} from './strategies.js'

/** A task of the service that may be stopped. */
export interface Stoppable {
  readonly id: TaskId
  readonly instanceId: InstanceId
  readonly need: Need
  /** Of a deployment that is being replaced. */
  readonly isOld: boolean
  readonly isUnhealthy: boolean
  /** Task protection: it is never chosen. */
  readonly isProtected: boolean
}

/**
 * So many tasks, in the order in which they are chosen; fewer where the others are protected. Tasks of old deployments go first, then unhealthy ones, then by
 * the strategies in turn: of a `spread` the bucket with the most tasks of the service, of `binpack` the instance that would have the most of the resource left,
 * and among equals chance, the same for the same seed. Without strategies as ECS's default for services. Each choice counts for the next.
 */
export function tasksToStop(
  tasks: readonly Stoppable[],
  count: number,
  {fleet, seed, strategies}: {readonly fleet: Fleet; readonly seed: string; readonly strategies: readonly PlacementStrategy[]},
): readonly TaskId[] {
  const candidates = new Map(fleet.candidates.map((candidate) => [candidate.instance.id, candidate]))
  const inTurn = strategies.length === 0 ? SERVICE_STRATEGIES : strategies
  const left = [...tasks]
  const chosen: Stoppable[] = []
  while (chosen.length < count) {
    let finalists: readonly Stoppable[] = left.filter(({isProtected}) => !isProtected)
    finalists = most(finalists, ({isOld}) => Number(isOld))
    finalists = most(finalists, ({isUnhealthy}) => Number(isUnhealthy))
    for (const strategy of inTurn) finalists = most(finalists, scoreOf(strategy, left, chosen, candidates))
    const [next] = most(finalists, ({id}) => hashText(`${seed}/${id}`))
    if (!next) break
    chosen.push(next)
    left.splice(left.indexOf(next), 1)
  }
  return chosen.map(({id}) => id)
}

/** The higher, the sooner it is stopped. */
function scoreOf(
  strategy: PlacementStrategy,
  left: readonly Stoppable[],
  chosen: readonly Stoppable[],
  candidates: ReadonlyMap<InstanceId, Candidate>,
): (task: Stoppable) => number {
  const attribute = bucketAttribute(strategy)
  if (strategy.type === 'random') return () => 0
  if (strategy.type === 'spread') {
    const bucket = ({instanceId}: Stoppable) => {
      const candidate = candidates.get(instanceId)
      return attribute === undefined || !candidate ? instanceId : bucketOf(candidate, attribute)
    }
    return (task) => left.filter((one) => bucket(one) === bucket(task)).length
  }
  const amount = (need: Need) => (strategy.field === 'cpu' ? need.cpuUnits : need.memoryMiB)
  return (task) => {
    const remaining = candidates.get(task.instanceId)?.remaining
    const freed = [...chosen.filter(({instanceId}) => instanceId === task.instanceId), task].reduce((sum, {need}) => sum + amount(need), 0)
    return freed + ((strategy.field === 'cpu' ? remaining?.cpuUnits : remaining?.memoryMiB) ?? 0)
  }
}

/** Those with the highest score, in their order. */
function most<T>(items: readonly T[], score: (item: T) => number): readonly T[] {
  const scores = items.map(score)
  const highest = Math.max(...scores)
  return items.filter((_, index) => scores[index] === highest)
}
