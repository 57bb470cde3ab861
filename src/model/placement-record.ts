// Why tasks of one run went where they went, in short: kept beside the state, to be asked when the cluster has long been another.
import type {Explanation} from './explanation.js'
import type {PlacementConstraint} from './placement.js'
import type {TaskId} from './task.js'
import type {Timestamp} from './time.js'

/** So many of those that fitted are told. */
const MOST_RANKED = 5

export interface PlacementRecord {
  readonly at: Timestamp
  /** The tasks that were placed, in the order of the request, each with the name of its instance. */
  readonly tasks: readonly {readonly id: TaskId; readonly instance: string}[]
  readonly refusedCount: number
  readonly definitionId: string
  readonly group: string
  readonly constraints: readonly PlacementConstraint[]
  readonly strategies: readonly string[]
  /** What decided for the first of the tasks. */
  readonly because?: string
  /** The best that fitted before the first was placed, with what each strategy counted. */
  readonly ranked: readonly {readonly instance: string; readonly counted: readonly string[]}[]
  readonly fittingCount: number
  /** By ECS's reason, how many instances did not fit for it. */
  readonly unfit: Readonly<Record<string, number>>
}

/** The record of a run, from its explanation before anything of it was placed. */
export function placementRecord(
  explanation: Explanation,
  run: Pick<PlacementRecord, 'at' | 'constraints' | 'definitionId' | 'group' | 'refusedCount' | 'tasks'>,
): PlacementRecord {
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
  }
}
