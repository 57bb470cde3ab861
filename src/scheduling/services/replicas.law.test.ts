// What holds for services whatever fails in between.
import {expect} from 'chai'
import fc from 'fast-check'
import {maximumTotal, minimumHealthy} from '../../model/deployment.js'
import type {Service} from '../../model/service.js'
import {put, type State} from '../../model/state.js'
import {overviewOf} from '../../model/workload-records.js'
import {aDefinition, aDeployment, aDocument, anInstance, aService, aState, anId} from '../../../test/support/build.js'
import {type Happening, ImaginedHosts} from '../../../test/support/imagined-hosts.js'
import {planUpdateService} from './requests.js'
import {type Standing, standingsOf} from './standing.js'

const HEALTH_CHECK = {command: ['CMD', 'true']}
const document = (healthCheck: boolean) => aDocument(healthCheck ? {healthCheck: HEALTH_CHECK} : {})

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {weight: 12, arbitrary: fc.record({kind: fc.constantFrom('start', 'healthy', 'stopped'), pick: fc.nat(50)})},
  {weight: 4, arbitrary: fc.record({kind: fc.constantFrom('failToStart', 'crash', 'unhealthy'), pick: fc.nat(50)})},
  {weight: 2, arbitrary: fc.record({kind: fc.constantFrom('silent', 'back'), pick: fc.nat(5)})},
  {weight: 4, arbitrary: fc.record({kind: fc.constant('later' as const), seconds: fc.nat(90)})},
)

/** A person's doing. */
type Wish =
  | {readonly kind: 'scale'; readonly to: number}
  | {readonly kind: 'deploy'}
  | {readonly kind: 'drain'; readonly pick: number}
  | {readonly kind: 'protect'; readonly pick: number}

const wish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({kind: fc.constant('scale' as const), to: fc.nat(8)}),
  fc.constant({kind: 'deploy' as const}),
  fc.record({kind: fc.constant('drain' as const), pick: fc.nat(3)}),
  fc.record({kind: fc.constant('protect' as const), pick: fc.nat(20)}),
)

const configuration = fc.constantFrom<readonly number[]>([100, 200], [50, 200], [50, 100], [0, 100], [75, 150], [100, 125])
const breaker = fc.record({
  enable: fc.boolean(),
  rollback: fc.boolean(),
  resetOnHealthyTask: fc.boolean(),
  threshold: fc.constant({type: 'BOUNDED_PERCENT' as const, value: 50}),
})

const story = fc.record({
  desiredCount: fc.nat(6),
  percents: configuration,
  breaker,
  isChecked: fc.boolean(),
  steps: fc.array(fc.oneof({weight: 6, arbitrary: happening}, {weight: 1, arbitrary: wish}), {maxLength: 60}),
})

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never

function begin({
  breaker: circuitBreaker,
  desiredCount,
  isChecked,
  percents: [minimumHealthyPercent = 100, maximumPercent = 200],
}: Story): ImaginedHosts {
  const definitions = [1, 2, 3].map((revision) => aDefinition({revision, document: document(isChecked), hash: String(revision).repeat(64)}))
  return new ImaginedHosts(
    aState({
      instances: ['a', 'b', 'c', 'd'].map((name) => anInstance({name})),
      definitions,
      services: [aService({desiredCount, deploymentConfiguration: {minimumHealthyPercent, maximumPercent, circuitBreaker}})],
      deployments: [aDeployment()],
    }),
  )
}

const SERVICE = aService().id
let deployments = 1

function grant(hosts: ImaginedHosts, one: Wish): void {
  const {state} = hosts
  switch (one.kind) {
    case 'scale':
      hosts.record(
        planUpdateService(state, {serviceId: SERVICE, deploymentId: '', settings: {desiredCount: one.to}, isForced: false}, hosts.now),
      )
      return
    case 'deploy': {
      deployments += 1
      const deploymentId = anId(deployments, 'd')
      hosts.record(planUpdateService(state, {serviceId: SERVICE, deploymentId, settings: {}, isForced: true}, hosts.now))
      return
    }
    case 'drain': {
      const instance = Object.values(state.instances)[one.pick % 3]
      if (instance)
        hosts.state = {
          ...state,
          instances: put(state.instances, instance.id, {...instance, status: instance.status === 'ACTIVE' ? 'DRAINING' : 'ACTIVE'}),
        }
      return
    }
    case 'protect': {
      const tasks = Object.values(state.tasks)
      const task = tasks[one.pick % Math.max(1, tasks.length)]
      const protectedUntil = new Date(hosts.now + 60_000).toISOString()
      if (task) hosts.state = {...state, tasks: put(state.tasks, task.id, {...task, protectedUntil})}
    }
  }
}

const isWish = (step: Happening | Wish): step is Wish => ['scale', 'deploy', 'drain', 'protect'].includes(step.kind)

const serviceOf = ({services}: State): Service => services[SERVICE] ?? aService()

function standing(hosts: ImaginedHosts): readonly Standing[] {
  const seen = {at: hosts.now, instances: {}}
  return standingsOf(hosts.state, serviceOf(hosts.state), overviewOf(hosts.state)(SERVICE).tasks, seen, hosts.now)
}

/** Holds one decision against what must never be. */
function check(hosts: ImaginedHosts): void {
  const {actions} = hosts.decide().plan
  const service = serviceOf(hosts.state)
  const standings = standing(hosts)
  const byId = new Map(standings.map((one) => [one.task.id, one]))
  const stopped = actions.flatMap((action) => (action.kind === 'stopTask' ? [byId.get(action.taskId)] : []))
  const starts = actions.filter(({kind}) => kind === 'startTask')
  const healthy = standings.filter(({health, isLost, isStopping}) => health === 'HEALTHY' && !isStopping && !isLost).length
  const healthyAfter = healthy - stopped.filter((one) => one?.health === 'HEALTHY').length
  const total = standings.filter(({isLost}) => !isLost).length

  expect(healthyAfter).to.be.at.least(Math.min(healthy, minimumHealthy(service.desiredCount, service.deploymentConfiguration)))
  if (starts.length > 0) expect(total + starts.length).to.be.at.most(maximumTotal(service.desiredCount, service.deploymentConfiguration))
  for (const one of stopped) expect(one).to.include({isProtected: false, isSilent: false, isStopping: false})
  for (const action of actions) {
    if (action.kind !== 'startTask') continue
    expect(action.instance).to.include({status: 'ACTIVE'})
    expect(action.instance.silentSince).to.equal(undefined)
  }
  const slots = actions.flatMap((action) => (action.kind === 'startTask' ? [action.slot] : []))
  expect(new Set(slots).size).to.equal(slots.length)
}

function play(hosts: ImaginedHosts, {steps}: Story, each: (hosts: ImaginedHosts) => void): void {
  for (const step of steps) {
    if (isWish(step)) grant(hosts, step)
    else hosts.happen(step)
    each(hosts)
    hosts.record(hosts.decide().plan)
  }
}

/** Goes on while all goes well, until nothing is left to do however long one waits; the number of rounds, 0 where there is no end. */
function settle(hosts: ImaginedHosts): number {
  for (let round = 1; round < 200; round += 1) {
    hosts.allGoesWell()
    const {plan} = hosts.decide()
    hosts.record(plan)
    if (plan.actions.length > 0) continue
    // Only time may be left to pass: a pause between tries, a protection.
    hosts.happen({kind: 'later', seconds: 30 * 60})
    hosts.allGoesWell()
    if (hosts.decide().plan.actions.length === 0) return round
  }
  return 0
}

/** May neither one task less be healthy nor one more be there? Then, as on ECS, nothing of an older deployment can be replaced, and an event says so. */
function isStuck({deploymentConfiguration, desiredCount}: Service): boolean {
  return (
    minimumHealthy(desiredCount, deploymentConfiguration) === desiredCount &&
    maximumTotal(desiredCount, deploymentConfiguration) === desiredCount
  )
}

describe('keepReplicas', () => {
  it('never lets our stops bring the healthy tasks under the minimum nor our starts bring all tasks over the maximum, never touches what is protected or silent', () => {
    fc.assert(
      fc.property(story, (one) => {
        play(begin(one), one, check)
      }),
      {numRuns: 300},
    )
  })

  it('ends with as many good tasks as are wanted once nothing fails any more, or with a deployment that has failed for good', () => {
    fc.assert(
      fc.property(story, (one) => {
        const hosts = begin(one)
        play(hosts, one, () => {})
        for (const instance of Object.values(hosts.state.instances))
          hosts.state = {...hosts.state, instances: put(hosts.state.instances, instance.id, {...instance, status: 'ACTIVE'})}

        expect(settle(hosts)).to.be.greaterThan(0)

        const service = serviceOf(hosts.state)
        const primary = hosts.state.deployments[service.deploymentId]
        const live = standing(hosts)
        if (primary?.rolloutState === 'FAILED') return
        if (isStuck(service) && live.some(({isCurrent}) => !isCurrent)) {
          const said = Object.values(hosts.state.serviceEvents).map(({message}) => message)
          expect(said.some((message) => message.includes('was unable to stop or start tasks during a deployment'))).to.equal(true)
          return
        }
        expect(live.map(({health, isCurrent}) => [health, isCurrent])).to.deep.equal(live.map(() => ['HEALTHY', true]))
        expect(live).to.have.length(service.desiredCount)
        expect(primary?.rolloutState).to.equal('COMPLETED')
      }),
      {numRuns: 300},
    )
  })

  it('decides the same whatever the order of the tables', () => {
    fc.assert(
      fc.property(story, fc.nat(), (one, seed) => {
        const hosts = begin(one)
        play(hosts, one, () => {})
        const shuffled = <T>(table: Readonly<Record<string, T>>) =>
          Object.fromEntries(Object.entries(table).sort(([a], [b]) => ((hash(a) ^ seed) >>> 0) - ((hash(b) ^ seed) >>> 0)))
        const {deployments: all, instances, serviceEvents, tasks} = hosts.state

        const other = hosts.decide({
          ...hosts.state,
          deployments: shuffled(all),
          instances: shuffled(instances),
          serviceEvents: shuffled(serviceEvents),
          tasks: shuffled(tasks),
        })

        expect(other.plan).to.deep.equal(hosts.decide().plan)
      }),
      {numRuns: 100},
    )
  })
})

const hash = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7)
