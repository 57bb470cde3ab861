// What a person's requests of services come to: what is recorded, what begins a deployment and what does not, and what is refused.
import {expect} from 'chai'
import {KnownError} from '../../errors.js'
import {deploymentName, NO_BREAKER} from '../../model/deployment.js'
import {type Plan, renderPlan} from '../../model/plan.js'
import type {Service} from '../../model/service.js'
import type {State} from '../../model/state.js'
import {instant} from '../../model/time.js'
import {aCluster, aDefinition, aDeployment, aDocument, anId, aReplica, aService, aState, LONG_AGO} from '../../../test/support/build.js'
import {recordPlan} from '../record-plan.js'
import {planCreateService, planUpdateService, type ServiceSettings, type UpdateWanted} from './requests.js'
import {planDeleteWorkload, planRollback} from './workload-requests.js'

const NOW = instant(LONG_AGO) + 1000
const DRAWN = {serviceId: anId(1, '5'), deploymentId: anId(2, 'd')}
const NAMED = {kind: 'service', id: DRAWN.serviceId} as const
const definitions = [1, 2].map((revision) => aDefinition({revision, hash: String(revision).repeat(64)}))
const running = (said: Partial<Service> = {}) =>
  aState({definitions, services: [aService(said)], deployments: [aDeployment({rolloutState: 'COMPLETED'})]})

const SETTINGS: ServiceSettings = {
  desiredCount: 2,
  deploymentConfiguration: {minimumHealthyPercent: 100, maximumPercent: 200, circuitBreaker: NO_BREAKER},
  placementConstraints: [],
  placementStrategies: [],
  healthCheckGracePeriodSeconds: 0,
  healthyAfterSeconds: 40,
  silenceGraceSeconds: 60,
  tags: {},
  propagateTags: 'NONE',
}
const registered = (revision: number) => ({kind: 'registered', reference: {family: 'web', revision}}) as const

const create = (state: State, said: Partial<ServiceSettings> = {}, revision = 1) =>
  planCreateService(
    state,
    {...DRAWN, cluster: aCluster(), name: 'web', source: registered(revision), settings: {...SETTINGS, ...said}, by: 'ada@desk'},
    NOW,
  )

const update = (state: State, said: Partial<UpdateWanted>) =>
  planUpdateService(state, {...DRAWN, settings: {}, isForced: false, ...said}, NOW)

const recorded = (state: State, plan: Plan) => recordPlan(state, plan, () => anId(9, 'b'), NOW)
const lines = (plan: Plan) => renderPlan(plan).split('\n').filter(Boolean)

function codeOf(deed: () => unknown): string {
  try {
    deed()
  } catch (error) {
    if (error instanceof KnownError) return error.code
    throw error
  }
  return 'none'
}

describe('planCreateService', () => {
  it('records the service and its first deployment, and starts nothing itself', () => {
    const plan = create(aState({definitions}))

    expect(lines(plan)).to.deep.equal([
      'create service web: 2 of web:1 (asked for)',
      `deploy web:1 to web as ${deploymentName(DRAWN.deploymentId)} (asked for)`,
    ])
    const {deployments, services, tasks} = recorded(aState({definitions}), plan)
    expect(services[DRAWN.serviceId]).to.include({
      name: 'web',
      status: 'ACTIVE',
      desiredCount: 2,
      deploymentId: DRAWN.deploymentId,
      createdBy: 'ada@desk',
    })
    expect(deployments[DRAWN.deploymentId]).to.include({
      definitionId: 'web:1',
      cause: 'CREATED',
      rolloutState: 'IN_PROGRESS',
      workloadId: DRAWN.serviceId,
    })
    expect(tasks).to.deep.equal({})
  })

  it('registers a document that no revision says, and takes the revision that does', () => {
    const of = (document: ReturnType<typeof aDocument>, hash: string) =>
      planCreateService(
        aState({definitions}),
        {...DRAWN, cluster: aCluster(), name: 'web', source: {kind: 'document', document, hash}, settings: SETTINGS, by: ''},
        NOW,
      ).actions.map(({kind}) => kind)

    expect(of(aDocument({memory: 128}), 'e'.repeat(64))).to.deep.equal(['registerDefinition', 'putService', 'beginDeployment'])
    expect(of(aDocument(), '1'.repeat(64))).to.deep.equal(['putService', 'beginDeployment'])
  })

  it('is nothing where the service is just so already, so that it can be typed again', () => {
    const state = recorded(aState({definitions}), create(aState({definitions})))

    expect(create(state)).to.deep.equal({actions: [], notes: [{said: 'service web is so already'}], refusals: []})
  })

  it('refuses a name that is taken by another, also by one that is being deleted', () => {
    const state = recorded(aState({definitions}), create(aState({definitions})))

    expect(codeOf(() => create(state, {desiredCount: 3}))).to.equal('ServiceAlreadyExists')
    expect(codeOf(() => create(state, {}, 2))).to.equal('ServiceAlreadyExists')
    expect(codeOf(() => create(running({status: 'DRAINING'}), {desiredCount: 1}))).to.equal('ServiceAlreadyExists')
  })
})

describe('planUpdateService', () => {
  it('begins a deployment of another definition, and keeps the one before to go back to', () => {
    const state = running()
    const plan = update(state, {source: registered(2)})

    expect(plan.actions.map(({because, kind}) => [kind, because])).to.deep.equal([['beginDeployment', 'it ran web:1']])
    const {deployments, services} = recorded(state, plan)
    expect(services[DRAWN.serviceId]?.deploymentId).to.equal(DRAWN.deploymentId)
    expect(deployments[DRAWN.deploymentId]).to.include({
      definitionId: 'web:2',
      cause: 'UPDATED',
      sourceId: anId(1, 'd'),
      rolloutState: 'IN_PROGRESS',
    })
    expect(deployments[anId(1, 'd')]?.rolloutState).to.equal('COMPLETED')
  })

  it('begins none where only the count, the placement or the percentages change, as ECS', () => {
    const plan = update(running(), {
      settings: {desiredCount: 5, placementStrategies: [{type: 'random'}]},
      configuration: {minimumHealthyPercent: 50, circuitBreaker: {enable: true}},
    })

    expect(lines(plan)).to.deep.equal([
      'update service web: desired count 1 -> 5, deployment configuration, placement strategies (asked for)',
    ])
    expect(recorded(running(), plan).services[DRAWN.serviceId]).to.deep.include({
      desiredCount: 5,
      deploymentId: anId(1, 'd'),
      version: 2,
      deploymentConfiguration: {minimumHealthyPercent: 50, maximumPercent: 200, circuitBreaker: {...NO_BREAKER, enable: true}},
    })
  })

  it('begins one of the same definition where that is forced', () => {
    const [begun] = update(running(), {isForced: true}).actions

    expect(begun?.kind === 'beginDeployment' && begun.deployment).to.include({definitionId: 'web:1', cause: 'FORCED'})
  })

  it('keeps percentages as inferred until somebody says them', () => {
    const inferred = running({
      deploymentConfiguration: {minimumHealthyPercent: 100, maximumPercent: 200, isInferred: true, circuitBreaker: NO_BREAKER},
    })
    const isInferred = (said: Partial<UpdateWanted>) =>
      recorded(inferred, update(inferred, said)).services[DRAWN.serviceId]?.deploymentConfiguration.isInferred

    expect(isInferred({configuration: {circuitBreaker: {enable: true}}})).to.equal(true)
    expect(isInferred({configuration: {maximumPercent: 150}})).to.equal(undefined)
  })

  it('is nothing where all is so already, and refused where the service is being deleted', () => {
    expect(update(running(), {source: registered(1), settings: {desiredCount: 1}})).to.deep.equal({
      actions: [],
      notes: [{said: 'service web is so already'}],
      refusals: [],
    })
    expect(codeOf(() => update(running({status: 'DRAINING'}), {isForced: true}))).to.equal('ServiceNotActiveException')
  })
})

describe('planRollback', () => {
  const rolled = (said: Partial<Service> = {}) => {
    const state = running(said)
    return recorded(state, update(state, {source: registered(2)}))
  }

  it('goes back to what was completed, and gives up what is under way', () => {
    const state = recorded(rolled(), planRollback(rolled(), NAMED, NOW))

    expect(state.services[DRAWN.serviceId]?.deploymentId).to.equal(anId(1, 'd'))
    expect(state.deployments[anId(1, 'd')]).to.include({cause: 'ROLLBACK', rolloutState: 'IN_PROGRESS', sourceId: DRAWN.deploymentId})
    expect(state.deployments[DRAWN.deploymentId]?.rolloutState).to.equal('FAILED')
  })

  it('is nothing where it is on its way back already: typed again it never goes forward', () => {
    const state = recorded(rolled(), planRollback(rolled(), NAMED, NOW))

    expect(planRollback(state, NAMED, NOW)).to.deep.equal({
      actions: [],
      notes: [{said: 'service web is being rolled back to web:1 already'}],
      refusals: [],
    })
  })

  it('is refused where nothing else was ever completed', () => {
    expect(codeOf(() => planRollback(running(), NAMED, NOW))).to.equal('NothingToRollBackTo')
  })
})

describe('planDeleteWorkload', () => {
  const withTask = {...running({desiredCount: 0}), tasks: {[aReplica(1).id]: aReplica(1)}}

  it('is refused while tasks are wanted or run, unless forced, and then a person is asked', () => {
    expect(codeOf(() => planDeleteWorkload(running(), NAMED, {force: false}))).to.equal('ServiceNotEmpty')
    expect(codeOf(() => planDeleteWorkload(withTask, NAMED, {force: false}))).to.equal('ServiceNotEmpty')
    expect(planDeleteWorkload(withTask, NAMED, {force: true}).actions[0]).to.include({
      kind: 'deleteWorkload',
      because: 'asked for, with its task',
      destructive: true,
    })
    expect(planDeleteWorkload(running({desiredCount: 0}), NAMED, {force: false}).actions[0]).not.to.have.property('destructive')
  })

  it('makes it DRAINING, wanting nothing, and is nothing when it is typed again', () => {
    const state = recorded(withTask, planDeleteWorkload(withTask, NAMED, {force: true}))

    expect(state.services[DRAWN.serviceId]).to.include({status: 'DRAINING', desiredCount: 0})
    expect(planDeleteWorkload(state, NAMED, {force: true})).to.deep.include({
      actions: [],
      notes: [{said: 'service web is being deleted already'}],
    })
    expect(planDeleteWorkload(aState(), NAMED, {force: true})).to.deep.include({
      actions: [],
      notes: [{said: 'the service is gone already'}],
    })
  })
})
