import {expect} from 'chai'
import {aDefinition, aDeployment, anId, anInstance, aReplica, aService, aState} from '../../test/support/build.js'
import {type Plan, renderPlan} from '../model/plan.js'
import type {State} from '../model/state.js'
import {overviewOf} from '../model/workload-records.js'
import {instant} from '../model/time.js'
import {unobserved} from '../model/observation.js'
import {completedFirst} from './completion.js'
import {recordPlan} from './record-plan.js'
import {planUpdateService} from './services/requests.js'
import {rollbackTarget} from './services/rollout.js'
import {planRollback} from './services/workload-requests.js'

const NOW = instant('2026-06-01T00:00:00.000Z')
const NEXT = anId(5, 'd')
const service = aService({desiredCount: 1})
const SCOPE = {clusterId: service.clusterId, only: new Set([service.id]), requiredAttributes: () => []}

/** One task of `web:1`, which has run since then. */
function scene(startedAt: string, deployments = [aDeployment()]): State {
  const one = anInstance({name: 'a'})
  return aState({
    instances: [one],
    definitions: [aDefinition()],
    services: [service],
    deployments,
    tasks: [aReplica(1, {instanceId: one.id, startedAt})],
  })
}

const seen = unobserved(NOW)
const update = (state: State): Plan =>
  planUpdateService(state, {serviceId: service.id, deploymentId: NEXT, settings: {}, isForced: true}, NOW)
const back = (state: State): Plan => planRollback(state, {kind: 'service', id: service.id}, NOW)

describe('completedFirst', () => {
  it('completes what has run well since nobody looked, so that the next deployment can go back to it', () => {
    const state = scene('2026-05-01T00:00:00.000Z')
    const plan = completedFirst({state, seen, now: NOW}, update, SCOPE)
    const after = recordPlan(state, plan, () => anId(7), NOW)

    expect(rollbackTarget(overviewOf(after)(service.id), NEXT)?.definitionId).to.equal('web:1')
    expect(renderPlan(plan).split('\n').at(-1)).to.contain(`a new deployment was forced`)
  })

  it('leaves a deployment that has not yet proved itself, and one of which nothing is asked', () => {
    const young = scene('2026-05-31T23:59:50.000Z')

    expect(completedFirst({state: young, seen, now: NOW}, update, SCOPE)).to.deep.equal(update(young))
    const none: Plan = {actions: [], notes: [], refusals: []}
    expect(completedFirst({state: scene('2026-05-01T00:00:00.000Z'), seen, now: NOW}, () => none, SCOPE)).to.equal(none)
  })

  it('lets a rollback that has long proved itself be followed by another, and the same words again be the same', () => {
    const rolled = (begunAt: string) =>
      scene('2026-05-31T23:00:00.000Z', [
        aDeployment({cause: 'ROLLBACK', begunAt}),
        aDeployment({id: anId(6, 'd'), rolloutState: 'COMPLETED', begunAt: '2026-01-01T00:00:00.000Z'}),
      ])
    const plan = (begunAt: string) => completedFirst({state: rolled(begunAt), seen, now: NOW}, back, SCOPE).actions.map(({kind}) => kind)

    expect(plan('2026-05-31T22:59:00.000Z')).to.deep.equal(['endDeployment', 'tellEvent', 'tellEvent', 'beginDeployment', 'tellEvent'])
    expect(plan('2026-05-31T23:30:00.000Z')).to.deep.equal([])
  })
})
