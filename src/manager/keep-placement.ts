// What is kept of a placement, so that it can be asked for long after.
import {StateError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {Explanation} from '../model/explanation.js'
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest} from '../model/placement.js'
import {placementRecord} from '../model/placement-record.js'
import {needOf, type TaskDefinition} from '../model/task-definition.js'
import {timestamp} from '../model/time.js'
import type {World} from '../world/world.js'
import type {Settled} from './settled.js'

/** A run as placement saw it, before anything of it was placed. */
export interface PlacementBefore {
  readonly explanation: Explanation
  readonly definition: TaskDefinition
  readonly request: PlacementRequest
  readonly stateRevision: number
  /** Named by the person. */
  readonly onInstances?: readonly InstanceId[]
}

/**
 * Keeps why the tasks of a run went where they went, and what would have helped those that were refused: `after` tells it. Returns the id of the record;
 * `undefined` where it could not be written, which is said and is no part of the run.
 */
export async function keepPlacement(
  world: World,
  cluster: Cluster,
  {idOf, plan}: Settled,
  before: () => PlacementBefore,
  after: () => Explanation,
): Promise<string | undefined> {
  const {definition, explanation, onInstances, request, stateRevision} = before()
  const failures = Object.entries(request.recentFailures ?? {}).filter(([, count]) => count > 0)
  const runId = world.ids.next()
  const run = {
    runId,
    clusterId: cluster.id,
    at: timestamp(world.clock.now()),
    tasks: plan.actions.flatMap((action) => (action.kind === 'startTask' ? [{id: idOf(action.slot), instance: action.instance.name}] : [])),
    refusedCount: plan.refusals.length,
    definitionId: definition.id,
    group: request.group,
    constraints: onInstances ? [] : request.constraints,
    stateRevision,
    asked: {
      need: needOf(request.document),
      attributes: request.requiredAttributes,
      strategies: onInstances ? [] : request.strategies,
      seed: request.seed,
      ...(failures.length === 0 ? {} : {recentFailures: Object.fromEntries(failures)}),
      ...(onInstances ? {onInstances} : {}),
    },
  }
  try {
    await world.placements.keep(placementRecord(explanation, run, run.refusedCount > 0 ? after().changes : []))
    return runId
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    world.reporter.note(`why the tasks went where they went is not kept: ${error.message}`)
    return undefined
  }
}
