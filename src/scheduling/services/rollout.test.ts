// How deployments end: what becomes of them, what is told, in ECS's words and in this order.
import {expect} from 'chai'
import {type CircuitBreaker, type Deployment, deploymentName, NO_BREAKER} from '../../model/deployment.js'
import {renderPlan} from '../../model/plan.js'
import type {ServiceEvent, Workload} from '../../model/service.js'
import {instant} from '../../model/time.js'
import {aDaemon, aDeployment, anId, aReplica, aService, LONG_AGO} from '../../../test/support/build.js'
import type {Failures} from './failures.js'
import {rollbackTarget, rolloutActions} from './rollout.js'

const NOW = instant(LONG_AGO)
const NONE: Failures = {count: 0, tasks: [], isThrottled: false}
const primary = aDeployment({id: anId(3, 'd'), definitionId: 'web:3', begunAt: '2026-01-02T00:00:03.000Z'})
const older = (id: number, said: Partial<Deployment> = {}) =>
  aDeployment({id: anId(id, 'd'), definitionId: `web:${id}`, rolloutState: 'COMPLETED', finishedAt: LONG_AGO, ...said})
const [P, O] = [deploymentName(primary.id), deploymentName(anId(2, 'd'))]

function withBreaker(said: Partial<CircuitBreaker>): Workload {
  const {deploymentConfiguration} = aService()
  return aService({deploymentConfiguration: {...deploymentConfiguration, circuitBreaker: {...NO_BREAKER, enable: true, ...said}}})
}

interface Said {
  readonly workload?: Workload
  readonly deployments?: readonly Deployment[]
  readonly events?: readonly ServiceEvent[]
  readonly primary?: Deployment
  readonly failures?: Failures
  readonly desiredCount?: number
  readonly isDone?: boolean
}

function actions({deployments = [], desiredCount = 2, events = [], failures = NONE, isDone = false, workload = aService(), ...said}: Said) {
  const now = said.primary ?? primary
  const records = {tasks: [], deployments: [now, ...deployments], events}
  return rolloutActions(workload, records, {primary: now, failures, desiredCount, isDone}, NOW)
}

/** A line for each, without why. */
const lines = (said: Said) =>
  renderPlan({actions: actions(said), notes: [], refusals: []})
    .split('\n')
    .map((line) => line.replace(/ \([^()]*\)$/, ''))

const failed = (count: number, said: Partial<Failures> = {}): Failures => ({
  count,
  tasks: Array.from({length: count}, (_, index) => aReplica(index + 1)),
  isThrottled: false,
  ...said,
})

describe('a deployment that is under way', () => {
  it('goes on without a word while not all is done', () => {
    expect(actions({})).to.deep.equal([])
  })

  it('is COMPLETED once all is done, then told so, then that all is steady', () => {
    expect(lines({isDone: true})).to.deep.equal([
      `deployment ${P} of web is COMPLETED`,
      `tell: (service web) (deployment ${P}) deployment completed.`,
      'tell: (service web) has reached a steady state.',
    ])
    expect(actions({isDone: true})[0]).to.include({reason: `ECS deployment ${P} completed.`})
  })

  it('is told of as a daemon’s where it is one', () => {
    expect(lines({isDone: true, workload: aDaemon()}).at(-1)).to.equal('tell: (daemon agent) has reached a steady state.')
  })

  it('is FAILED by its circuit breaker, and stays PRIMARY where nothing is rolled back', () => {
    expect(lines({workload: withBreaker({}), failures: failed(3), deployments: [older(2)]})).to.deep.equal([
      `deployment ${P} of web is FAILED`,
      `tell: (service web) (deployment ${P}) deployment failed: tasks failed.`,
    ])
  })

  it('says that tasks failed to start where none ever ran', () => {
    const never = failed(3, {tasks: [1, 2, 3].map((slot) => withoutStart(aReplica(slot)))})

    expect(actions({workload: withBreaker({}), failures: never})[0]).to.include({
      rolloutState: 'FAILED',
      reason: 'ECS deployment circuit breaker: tasks failed to start.',
    })
  })

  it('is rolled back to the one that was completed before, which is under way again', () => {
    const said = {workload: withBreaker({rollback: true}), failures: failed(3), deployments: [older(2, {version: 4}), older(1)]}

    expect(lines(said)).to.deep.equal([
      `deployment ${P} of web is FAILED`,
      `tell: (service web) (deployment ${P}) deployment failed: tasks failed.`,
      `deploy web:2 to web as ${O}`,
      `tell: (service web) rolling back to deployment ${O}.`,
    ])
    const begun = actions(said).find((action) => action.kind === 'beginDeployment')
    expect(begun?.deployment).to.include({
      id: anId(2, 'd'),
      cause: 'ROLLBACK',
      sourceId: primary.id,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: `ECS deployment circuit breaker: rolling back to deployment ${O}.`,
      begunAt: LONG_AGO,
      version: 5,
    })
    expect(begun?.deployment).not.to.have.property('finishedAt')
  })

  it('is not rolled back where none was ever completed', () => {
    const said = {workload: withBreaker({rollback: true}), failures: failed(3), deployments: [older(2, {rolloutState: 'FAILED'})]}

    expect(actions(said).map(({kind}) => kind)).to.deep.equal(['endDeployment', 'tellEvent'])
  })

  it('does not fail without a breaker, with a failure less, or while nothing is wanted', () => {
    expect(actions({failures: failed(99)})).to.deep.equal([])
    expect(actions({workload: withBreaker({}), failures: failed(2)})).to.deep.equal([])
    expect(actions({workload: withBreaker({}), failures: failed(99), desiredCount: 0})).to.deep.equal([])
  })

  it('fails rather than completes where both could be said', () => {
    expect(lines({workload: withBreaker({}), failures: failed(3), isDone: true})[0]).to.equal(`deployment ${P} of web is FAILED`)
  })
})

describe('what is told besides', () => {
  const completed = {...primary, rolloutState: 'COMPLETED'} as const
  const event = (message: string): ServiceEvent => ({id: 'e', workloadId: aService().id, number: 1, at: LONG_AGO, message})

  it('is that tasks fail again and again, once', () => {
    const message = '(service web) is unable to consistently start tasks successfully.'
    const failures = failed(3, {isThrottled: true})

    expect(lines({failures})).to.deep.equal([`tell: ${message}`])
    expect(actions({failures, events: [event(message)]})).to.deep.equal([])
  })

  it('is that all is steady again, where it was not, and nothing of a deployment that has failed', () => {
    expect(lines({primary: completed, isDone: true})).to.deep.equal(['tell: (service web) has reached a steady state.'])
    expect(actions({primary: completed, isDone: true, events: [event('(service web) has reached a steady state.')]})).to.deep.equal([])
    expect(actions({primary: {...primary, rolloutState: 'FAILED'}, isDone: true})).to.deep.equal([])
  })
})

describe('rollbackTarget', () => {
  it('is the newest that was completed, never the current one, nor one that is on its way back itself', () => {
    const records = (...deployments: readonly Deployment[]) => ({tasks: [], events: [], deployments})

    expect(rollbackTarget(records(older(3), older(2), older(1)), anId(3, 'd'))?.id).to.equal(anId(2, 'd'))
    expect(rollbackTarget(records(older(3), older(2, {rolloutState: 'IN_PROGRESS'}), older(1)), anId(3, 'd'))?.id).to.equal(anId(1, 'd'))
    expect(rollbackTarget(records(older(3)), anId(3, 'd'))).to.equal(undefined)
  })
})

function withoutStart<T extends object>(task: T): T {
  const {startedAt: _, ...never} = task as T & {readonly startedAt?: string}
  return never as T
}
