// Placement strategies: preferences in turn, each decides only where those before it found a tie (developer guide, "Task placement strategies", read
// 2026-11-23), and names decide last.
import {InvalidInputError} from '../errors.js'
import type {PlacementRequest, PlacementStrategy} from '../model/placement.js'
import type {Need} from '../model/resources.js'
import type {Candidate} from './fleet.js'
import {Race} from './race.js'

/** ECS takes at most so many. */
const MAX_STRATEGIES = 5

/** Where ECS spreads tasks of services that name no strategy: over zones, and inside the best one where the fewest tasks of the service are. */
export const SERVICE_STRATEGIES: readonly PlacementStrategy[] = [
  {type: 'spread', field: 'attribute:ecs.availability-zone'},
  {type: 'spread', field: 'instanceId'},
]

/** The strategies of a request, the weightiest first: without any ECS lets chance choose. Throws ECS's `InvalidParameterException` for more than five. */
export function strategiesOf({strategies}: Pick<PlacementRequest, 'strategies'>): readonly PlacementStrategy[] {
  if (strategies.length > MAX_STRATEGIES)
    throw new InvalidInputError(
      'InvalidParameterException',
      `A task takes at most ${MAX_STRATEGIES} placement strategies; ${strategies.length} were given.`,
      {suggestions: ['berth task run FAMILY --placement-strategy spread:attribute:ecs.availability-zone']},
    )
  return strategies.length === 0 ? [{type: 'random'}] : strategies
}

/** The attribute whose values are buckets; `undefined` of a strategy that looks at each instance by itself. */
export function bucketAttribute(strategy: PlacementStrategy): string | undefined {
  return strategy.type === 'spread' && strategy.field.startsWith('attribute:') ? strategy.field.slice('attribute:'.length) : undefined
}

/** The bucket of the candidate: `undefined` for all that lack the attribute, which are one bucket; one without a value is of the empty text. */
export function bucketOf({attributes}: Candidate, attribute: string): string | undefined {
  return Object.hasOwn(attributes, attribute) ? (attributes[attribute] ?? '') : undefined
}

/** What a candidate scores by itself: the lowest is preferred. `place`: where it stands among all of the fleet. */
export interface Score {
  /** Before it has taken any task of the request. */
  first(candidate: Candidate, place: number): number
  /** Once it has taken one more, the `taken`-th of the request. */
  next(score: number, taken: number, place: number): number
}

/**
 * The score of a strategy that looks at each instance by itself, in a fleet of so many. `binpack`: what remains of the resource; `spread` over instances: its
 * tasks of the group; `random`: when its clock strikes next.
 */
export function scoreOf(
  strategy: PlacementStrategy,
  need: Need,
  {group, seed}: Pick<PlacementRequest, 'group' | 'seed'>,
  fleetSize: number,
): Score {
  switch (strategy.type) {
    case 'random': {
      const race = new Race(seed, fleetSize)
      return {
        first: (_, place) => race.firstStrike(place),
        next: (score, taken, place) => score + race.pause(place, taken),
      }
    }
    case 'binpack':
      return strategy.field === 'cpu'
        ? {first: ({remaining}) => remaining.cpuUnits, next: (score) => score - need.cpuUnits}
        : {first: ({remaining}) => remaining.memoryMiB, next: (score) => score - need.memoryMiB}
    case 'spread':
      return {first: ({tasksInGroup}) => tasksInGroup.get(group) ?? 0, next: (score) => score + 1}
  }
}
