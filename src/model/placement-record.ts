// Why tasks of one run went where they went, in short: kept beside the state, to be asked when the cluster has long been another.
import type {ClusterId} from './cluster.js'
import type {InstanceId} from './instance.js'
import type {Change, Explanation} from './explanation.js'
import type {RequiredAttribute} from './attributes.js'
import type {PlacementConstraint, PlacementStrategy} from './placement.js'
import type {Need} from './resources.js'
import type {TaskId} from './task.js'
import type {Timestamp} from './time.js'

/** So many of those that fitted are told. */
const MOST_RANKED = 5
/** So many changes are told, each with so many of the instances that it opens. */
const MOST_CHANGES = 3

export interface PlacementRecord {
  /** 32 hex digits. */
  readonly runId: string
  readonly clusterId: ClusterId
  readonly at: Timestamp
  /** The tasks that were placed, in the order of the request, each with the name of its instance. */
  readonly tasks: readonly {readonly id: TaskId; readonly instance: string}[]
  readonly refusedCount: number
  readonly definitionId: string
  readonly group: string
  readonly constraints: readonly PlacementConstraint[]
  readonly strategies: readonly string[]
  /** The revision of the state that it was decided on: while that is kept, the whole table can be told again. */
  readonly stateRevision?: number
  /** What each task of the run asked for. */
  readonly asked?: {
    readonly need: Need
    readonly attributes: readonly RequiredAttribute[]
    readonly strategies: readonly PlacementStrategy[]
    readonly seed: string
    readonly recentFailures?: Readonly<Record<InstanceId, number>>
    /** They were named by the person: no strategy chose, and no constraint was asked. */
    readonly onInstances?: readonly InstanceId[]
  }
  /** What decided for the first of the tasks. */
  readonly because?: string
  /** The best that fitted before the first was placed, with what each strategy counted. */
  readonly ranked: readonly {readonly instance: string; readonly counted: readonly string[]}[]
  readonly fittingCount: number
  /** By ECS's reason, how many instances did not fit for it. */
  readonly unfit: Readonly<Record<string, number>>
  /** Where tasks were refused: what would have let an instance take one, the smallest first. */
  readonly changes?: readonly Change[]
}

/** What is told of any placement: all that was kept of a run, and of what a service or a daemon had started at once as much as the history still tells. */
export type ToldPlacement = Partial<PlacementRecord> &
  Pick<PlacementRecord, 'at' | 'clusterId' | 'definitionId' | 'group' | 'refusedCount' | 'runId' | 'tasks'> & {
    /** Who asked: `run`, `service:web`, `daemon:agent`. Of the latter two the `runId` is the id of the first task. */
    readonly by: string
  }

/** What a run asked of placement, and what it was given. */
export type PlacedRun = Pick<
  PlacementRecord,
  'at' | 'clusterId' | 'constraints' | 'definitionId' | 'group' | 'refusedCount' | 'runId' | 'tasks'
>

/** The record of a run, from its explanation before anything of it was placed, and what would have helped those that were not. */
export function placementRecord(explanation: Explanation, run: PlacedRun, changes: readonly Change[]): PlacementRecord {
  const {chosen, instances, strategies} = explanation
  const fitting = instances.filter(({fits}) => fits).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
  const unfit: {[code: string]: number} = {}
  for (const {checks, fits} of instances)
    for (const code of fits ? [] : new Set(checks.flatMap(({code, isMet}) => (isMet ? [] : code)))) unfit[code] = (unfit[code] ?? 0) + 1
  return {
    ...run,
    strategies,
    ...(chosen ? {because: chosen.because} : {}),
    ranked: fitting.slice(0, MOST_RANKED).map(({instance, keys = []}) => ({instance, counted: keys.map(({said}) => said)})),
    fittingCount: fitting.length,
    unfit,
    ...(run.refusedCount === 0
      ? {}
      : {
          changes: changes
            .slice(0, MOST_CHANGES)
            .map(({instances: names, text}) => ({text, instances: [...names.slice(0, MOST_CHANGES), ...moreThan(names)]})),
        }),
  }
}

/** In place of the names that are left out. */
function moreThan(names: readonly string[]): readonly string[] {
  return names.length > MOST_CHANGES ? [`and ${names.length - MOST_CHANGES} more`] : []
}
