// What holds when a circuit breaker trips: when it does, and where a rollback ends.
import {expect} from 'chai'
import fc from 'fast-check'
import {minimumHealthy, maximumTotal, NO_BREAKER} from '../../model/deployment.js'
import {renderPlan} from '../../model/plan.js'
import type {Service} from '../../model/service.js'
import {overviewOf} from '../../model/workload-records.js'
import {START_INTERRUPTED, type Task} from '../../model/task.js'
import {timestamp} from '../../model/time.js'
import {aDefinition, aDeployment, aDocument, anId, anInstance, aReplica, aService, aState} from '../../../test/support/build.js'
import {type Happening, ImaginedHosts} from '../../../test/support/imagined-hosts.js'
import {standingsOf} from './standing.js'
import {FAILED_HEALTH_CHECKS} from './stops.js'

const SERVICE = aService().id
const [GOOD, BAD] = [anId(1, 'd'), anId(2, 'd')]
const LATER = '2026-01-03T00:00:00.000Z'
const document = aDocument({healthCheck: {command: ['CMD', 'true']}})
const healthy = (task: Task): Task => ({...task, containers: task.containers.map((one) => ({...one, healthStatus: 'HEALTHY'}))})

/** A service that runs well, and has just been deployed another definition. */
function deployed(said: Partial<Service>): ImaginedHosts {
  const service = aService({...said, deploymentId: BAD})
  const instances = ['a', 'b', 'c', 'd'].map((name) => anInstance({name}))
  const tasks = Array.from({length: service.desiredCount}, (_, index) => {
    const instanceId = instances[index % instances.length]?.id ?? ''
    return healthy(aReplica(index + 1, {instanceId, deploymentId: GOOD}))
  })
  return new ImaginedHosts(
    aState({
      instances,
      definitions: [1, 2].map((revision) => aDefinition({revision, document, hash: String(revision).repeat(64)})),
      services: [service],
      deployments: [
        aDeployment({id: GOOD, rolloutState: 'COMPLETED'}),
        aDeployment({id: BAD, definitionId: 'web:2', cause: 'UPDATED', sourceId: GOOD, begunAt: LATER, createdAt: LATER}),
      ],
      tasks,
    }),
  )
}

const percents = fc.constantFrom<readonly [number, number]>([100, 200], [50, 200], [50, 100], [0, 100], [75, 150], [100, 125])
const failing: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({kind: fc.constantFrom('start', 'failToStart', 'crash', 'unhealthy'), pick: fc.nat(20)}),
  fc.record({kind: fc.constant('later' as const), seconds: fc.nat(90)}),
)

const story = fc.record({
  desiredCount: fc.integer({min: 1, max: 6}),
  percents,
  resetOnHealthyTask: fc.boolean(),
  steps: fc.array(failing, {minLength: 1, maxLength: 40}),
})

const isOf = (id: string) => (task: Task) => task.workload?.deploymentId === id

/** What it had before goes well, what was deployed fails as the story says, again and again, until the service has come to rest. */
function untilAtRest(hosts: ImaginedHosts, steps: readonly Happening[], each: () => void): void {
  for (let round = 0; round < 400; round += 1) {
    hosts.happen(steps[round % steps.length] ?? {kind: 'later', seconds: 1}, isOf(BAD))
    // The story may say nothing that ends a task.
    if (round % 5 === 4) hosts.happen({kind: 'failToStart', pick: 0}, isOf(BAD))
    if (round % 5 === 4) hosts.happen({kind: 'crash', pick: 0}, isOf(BAD))
    for (const kind of ['start', 'healthy'] as const) hosts.happen({kind, pick: 0}, isOf(GOOD))
    hosts.happen({kind: 'stopped', pick: round})
    each()
    hosts.record(hosts.decide().plan)
    each()
    const {deployments, services} = hosts.state
    if (deployments[services[SERVICE]?.deploymentId ?? '']?.rolloutState === 'COMPLETED') return
  }
}

function standings(hosts: ImaginedHosts) {
  const service = hosts.state.services[SERVICE] ?? aService()
  return standingsOf(hosts.state, service, overviewOf(hosts.state)(SERVICE).tasks, {at: hosts.now, instances: {}}, hosts.now)
}

describe('a rollback', () => {
  it('always ends with as many healthy tasks of what ran before as are wanted and none of what failed, and never falls under the minimum on its way', () => {
    fc.assert(
      fc.property(story, ({desiredCount, percents: [minimumHealthyPercent, maximumPercent], resetOnHealthyTask, steps}) => {
        const circuitBreaker = {...NO_BREAKER, enable: true, rollback: true, resetOnHealthyTask}
        const deploymentConfiguration = {minimumHealthyPercent, maximumPercent, circuitBreaker}
        const least = minimumHealthy(desiredCount, deploymentConfiguration)
        // Nothing of the new could ever be started.
        fc.pre(maximumTotal(desiredCount, deploymentConfiguration) > least)
        const hosts = deployed({desiredCount, deploymentConfiguration})

        untilAtRest(hosts, steps, () => {
          expect(standings(hosts).filter(({health, isStopping}) => health === 'HEALTHY' && !isStopping)).to.have.length.at.least(least)
        })

        const {deployments, services} = hosts.state
        expect(services[SERVICE]?.deploymentId).to.equal(GOOD)
        expect(deployments[GOOD]).to.include({rolloutState: 'COMPLETED', cause: 'ROLLBACK', sourceId: BAD})
        expect(deployments[BAD]?.rolloutState).to.equal('FAILED')
        const end = standings(hosts).map(({health, task}) => [health, task.definitionId])
        expect(end).to.deep.equal(Array.from({length: desiredCount}, () => ['HEALTHY', 'web:1']))
      }),
      {numRuns: 100},
    )
  })
})

/** Ends of tasks that are failures of their deployment, and such that are none. */
const FAILURES: readonly Partial<Task>[] = [
  {stopCode: 'TaskFailedToStart'},
  {stopCode: 'EssentialContainerExited', startedAt: LATER},
  {stopCode: 'ServiceSchedulerInitiated', stoppedReason: FAILED_HEALTH_CHECKS, startedAt: LATER},
]
const OTHERS: readonly Partial<Task>[] = [
  {stopCode: 'UserInitiated', startedAt: LATER},
  {stopCode: 'TaskFailedToStart', stoppedReason: START_INTERRUPTED},
  {stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)', startedAt: LATER},
]

describe('a circuit breaker', () => {
  const ended = fc.tuple(
    fc.integer({min: 1, max: 600}),
    fc.array(fc.nat(2), {minLength: 1, maxLength: 8}),
    fc.array(fc.nat(2), {maxLength: 20}),
  )

  it('trips at half of the desired count, no less than 3 and no more than 200, of failures and of nothing else, and not one before', () => {
    fc.assert(
      fc.property(ended, ([desiredCount, kinds, others]) => {
        // ECS's formula, as the developer guide has it.
        const threshold = Math.min(200, Math.max(3, Math.ceil(0.5 * desiredCount)))

        expect(isTripped(desiredCount, failuresOf(threshold - 1, kinds), others)).to.equal(false)
        expect(isTripped(desiredCount, failuresOf(threshold, kinds), others)).to.equal(true)
      }),
      {numRuns: 100},
    )
  })

  function failuresOf(count: number, kinds: readonly number[]): readonly Partial<Task>[] {
    return Array.from({length: count}, (_, index) => FAILURES[kinds[index % kinds.length] ?? 0] ?? {})
  }

  function isTripped(desiredCount: number, failures: readonly Partial<Task>[], others: readonly number[]): boolean {
    const ends = [...failures, ...others.map((kind) => OTHERS[kind] ?? {})]
    const tasks = ends.map((end, index) => {
      const {startedAt: _, ...task} = aReplica(index + 1, {createdAt: LATER, stoppedAt: LATER, deploymentId: BAD})
      return {...task, lastStatus: 'STOPPED', desiredStatus: 'STOPPED', ...end} as const
    })
    const deploymentConfiguration = {minimumHealthyPercent: 100, maximumPercent: 200, circuitBreaker: {...NO_BREAKER, enable: true}}
    const state = aState({
      definitions: [aDefinition({document})],
      services: [aService({desiredCount, deploymentConfiguration, deploymentId: BAD})],
      deployments: [aDeployment({id: BAD, begunAt: timestamp(Date.parse(LATER) - 1000)})],
      tasks,
    })
    return renderPlan(new ImaginedHosts(state).decide().plan).includes('is FAILED')
  }
})
