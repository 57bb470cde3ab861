// What counts as a failure of a deployment, when it is enough, and how long the pauses are.
import {expect} from 'chai'
import type {CircuitBreaker} from '../../model/deployment.js'
import {NO_BREAKER} from '../../model/deployment.js'
import {START_INTERRUPTED, type Task} from '../../model/task.js'
import {instant, timestamp} from '../../model/time.js'
import {aDefinition, aDeployment, anId, aReplica, aService, aState, LONG_AGO} from '../../../test/support/build.js'
import {breakerThreshold, failuresOf} from './failures.js'

const BEGIN = instant(LONG_AGO)

/** The `n`-th try, a minute after the one before it. */
function ended(n: number, said: Partial<Task>): Task {
  const at = timestamp(BEGIN + n * 60_000)
  const {startedAt: _, ...task} = aReplica(1, {id: anId(n, 'b'), createdAt: at, stoppedAt: at})
  return {...task, lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stopCode: 'TaskFailedToStart', ...said}
}

function failures(tasks: readonly Task[], breaker: Partial<CircuitBreaker> = {}, now = BEGIN + 24 * 60 * 60 * 1000) {
  const service = aService({
    deploymentConfiguration: {minimumHealthyPercent: 100, maximumPercent: 200, circuitBreaker: {...NO_BREAKER, ...breaker}},
  })
  return failuresOf(aState({definitions: [aDefinition()]}), service, aDeployment(), tasks, now)
}

const crash = {stopCode: 'EssentialContainerExited'} as const
const startedAt = (n: number, seconds = 0) => ({startedAt: timestamp(BEGIN + n * 60_000 + seconds * 1000)})

describe('failuresOf', () => {
  it('counts what never ran, and what ended by itself before it was ever healthy', () => {
    expect(failures([ended(1, {}), ended(2, {...crash, ...startedAt(2)})]).count).to.equal(2)
  })

  it('counts neither what a person or the scheduler stopped, nor a start that was taken back', () => {
    const tasks = [
      ended(1, {stopCode: 'UserInitiated'}),
      ended(2, {stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)'}),
      ended(3, {stoppedReason: START_INTERRUPTED}),
    ]

    expect(failures(tasks).count).to.equal(0)
  })

  it('counts what the scheduler stopped for its health', () => {
    expect(
      failures([ended(1, {stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks'})]).count,
    ).to.equal(1)
  })

  it('does not count the end of a task that had run for 40 s', () => {
    expect(failures([ended(2, {...crash, ...startedAt(1)})]).count).to.equal(0)
  })

  it('counts what ended before the deployment began by the clock of its host, but was made after it', () => {
    const slow = ended(1, {stoppedAt: timestamp(BEGIN - 5 * 60_000)})
    const earlier = ended(2, {createdAt: timestamp(BEGIN - 60_000), stoppedAt: timestamp(BEGIN - 30_000)})

    expect(failures([slow, earlier]).tasks).to.deep.equal([slow])
  })

  it('begins anew with each task that gets healthy, unless told otherwise', () => {
    const tasks = [ended(1, {}), aReplica(2, startedAt(2)), ended(5, {})]

    expect(failures(tasks).count).to.equal(1)
    expect(failures(tasks, {resetOnHealthyTask: false}).count).to.equal(2)
  })

  it('lets three tries go at once, then waits 10, 20, 40 s, and never longer than 27 minutes', () => {
    const pauses = [2, 3, 4, 5, 20].map((tries) => {
      const tasks = Array.from({length: tries}, (_, index) => ended(index + 1, {}))
      const last = BEGIN + tries * 60_000
      return ((failures(tasks, {}, last).retryAt ?? last) - last) / 1000
    })

    expect(pauses).to.deep.equal([0, 10, 20, 40, 27 * 60])
  })

  it('counts tasks that were started at once as one try', () => {
    const tasks = Array.from({length: 30}, (_, index) => ({...ended(1, {}), id: anId(index, 'b')}))

    expect(failures(tasks, {}, BEGIN + 60_000))
      .to.include({count: 30, isThrottled: false})
      .and.not.to.have.property('retryAt')
  })

  it('makes short pauses in a crash loop, as no throttle of ECS does', () => {
    const tasks = [1, 2, 3].map((n) => ended(n, {...crash, ...startedAt(n)}))
    const last = BEGIN + 3 * 60_000

    expect(failures(tasks, {}, last)).to.include({retryAt: last + 1000, isThrottled: false})
  })
})

describe('breakerThreshold', () => {
  const threshold = (type: CircuitBreaker['threshold']['type'], value: number, desiredCount: number) =>
    breakerThreshold({...NO_BREAKER, threshold: {type, value}}, desiredCount)

  it('is half of the desired count, from 3 to 200', () => {
    expect([1, 25, 400, 800].map((count) => threshold('BOUNDED_PERCENT', 50, count))).to.deep.equal([3, 13, 200, 200])
  })

  it('is unbounded, or a plain number, where that is said', () => {
    expect([threshold('UNBOUNDED_PERCENT', 10, 1), threshold('UNBOUNDED_PERCENT', 50, 800), threshold('COUNT', 7, 1)]).to.deep.equal([
      1, 400, 7,
    ])
  })
})
