import {expect} from 'chai'
import {aDefinition, aDeployment, anId, anInstance, aReplica, aService, aState} from '../../test/support/build.js'
import {type Plan, renderPlan} from '../model/plan.js'
import type {State} from '../model/state.js'
import {overviewOf} from '../model/workload-records.js'
import {instant} from '../model/time.js'
import {completedFirst} from './completion.js'
import {recordPlan} from './record-plan.js'
import {planUpdateService} from './services/requests.js'
import {rollbackTarget} from './services/rollout.js'

const NOW = instant('2026-06-01T00:00:00.000Z')
const NEXT = anId(5, 'd')
const service = aService({desiredCount: 1})
const SCOPE = {clusterId: service.clusterId, only: new Set([service.id]), requiredAttributes: () => []}

/** One task of `web:1`, which has run since then. */
function scene(startedAt: string): State {
  const one = anInstance({name: 'a'})
  return aState({
    instances: [one],
    definitions: [aDefinition()],
    services: [service],
    deployments: [aDeployment()],
    tasks: [aReplica(1, {instanceId: one.id, startedAt})],
  })
}

const update = (state: State): Plan =>
  planUpdateService(state, {serviceId: service.id, deploymentId: NEXT, settings: {}, isForced: true}, NOW)

describe('completedFirst', () => {
  it('completes what has run well since nobody looked, so that the next deployment can go back to it', () => {
    const state = scene('2026-05-01T00:00:00.000Z')
    const plan = completedFirst(state, update(state), SCOPE, NOW)
    const after = recordPlan(state, plan, () => anId(7), NOW)

    expect(rollbackTarget(overviewOf(after)(service.id), NEXT)?.definitionId).to.equal('web:1')
    expect(renderPlan(plan).split('\n').at(-1)).to.contain(`a new deployment was forced`)
  })

  it('leaves a deployment that has not yet proved itself, and a plan that begins none', () => {
    const state = scene('2026-05-31T23:59:50.000Z')
    const plan = update(state)

    expect(completedFirst(state, plan, SCOPE, NOW)).to.equal(plan)
    const none: Plan = {actions: [], notes: [], refusals: []}
    expect(completedFirst(scene('2026-05-01T00:00:00.000Z'), none, SCOPE, NOW)).to.equal(none)
  })
})
