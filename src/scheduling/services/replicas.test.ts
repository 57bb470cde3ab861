// ECS's worked numbers, and what a service does in each plain case.
import {expect} from 'chai'
import type {DeploymentConfiguration} from '../../model/deployment.js'
import {NO_BREAKER} from '../../model/deployment.js'
import {renderPlan} from '../../model/plan.js'
import type {Service} from '../../model/service.js'
import {put, type State} from '../../model/state.js'
import type {Task} from '../../model/task.js'
import {aDefinition, aDeployment, aDocument, anId, anInstance, aReplica, aService, aState} from '../../../test/support/build.js'
import {ImaginedHosts} from '../../../test/support/imagined-hosts.js'

const OLD = anId(9, 'd')

function configuration(minimumHealthyPercent: number, maximumPercent: number): DeploymentConfiguration {
  return {minimumHealthyPercent, maximumPercent, circuitBreaker: NO_BREAKER}
}

/** Four instances, and the service with these tasks. */
function scene(service: Partial<Service>, tasks: readonly Task[], document = aDocument()): State {
  return aState({
    instances: ['a', 'b', 'c', 'd'].map((name) => anInstance({name})),
    definitions: [aDefinition({document}), aDefinition({revision: 2, document})],
    services: [aService(service)],
    deployments: [
      aDeployment(),
      aDeployment({id: OLD, definitionId: 'web:2', rolloutState: 'COMPLETED', begunAt: '2025-01-01T00:00:00.000Z'}),
    ],
    tasks,
  })
}

const counts = (state: State) => {
  const {actions} = new ImaginedHosts(state).decide().plan
  const of = (kind: string) => actions.filter((action) => action.kind === kind).length
  return {starts: of('startTask'), stops: of('stopTask')}
}

const old = (slot: number, said: Partial<Task> = {}) => aReplica(slot, {deploymentId: OLD, ...said})
const four = [1, 2, 3, 4].map((slot) => old(slot))

describe('keepReplicas, by the percentages', () => {
  it('starts all at once where nothing is there yet', () => {
    expect(counts(scene({desiredCount: 4}, []))).to.deep.equal({starts: 4, stops: 0})
  })

  it('starts four first of four with a maximum of 200 %, and stops none', () => {
    expect(counts(scene({desiredCount: 4}, four))).to.deep.equal({starts: 4, stops: 0})
  })

  it('stops two first of four with 50 % and 100 %, and starts none', () => {
    expect(counts(scene({desiredCount: 4, deploymentConfiguration: configuration(50, 100)}, four))).to.deep.equal({starts: 0, stops: 2})
  })

  it('may stop none of two with a minimum of 75 %, which is 1.5 rounded up', () => {
    const state = scene({desiredCount: 2, deploymentConfiguration: configuration(75, 100)}, four.slice(0, 2))

    expect(counts(state)).to.deep.equal({starts: 0, stops: 0})
  })

  it('may start none of three with a maximum of 125 %, which is 3.75 rounded down, and says that it is stuck', () => {
    const state = scene({desiredCount: 3, deploymentConfiguration: configuration(100, 125)}, four.slice(0, 3))

    expect(renderPlan(new ImaginedHosts(state).decide().plan)).to.match(
      /^tell: \(service web\) was unable to stop or start tasks during a deployment because of the service deployment configuration\. /,
    )
  })

  it('counts those that stop as there', () => {
    const stopping = [3, 4].map((slot) => old(slot, {desiredStatus: 'STOPPED'}))

    expect(
      counts(scene({desiredCount: 4, deploymentConfiguration: configuration(50, 100)}, [...four.slice(0, 2), ...stopping])),
    ).to.deep.equal({
      starts: 0,
      stops: 0,
    })
  })

  it('stops an old task for each new one that is healthy', () => {
    const now = [5, 6].map((slot) => aReplica(slot, {id: anId(slot, 'b')}))

    expect(counts(scene({desiredCount: 4}, [...four, ...now])).stops).to.equal(2)
  })
})

describe('keepReplicas, one task after the other', () => {
  it('replaces a task that stopped in its own slot', () => {
    const stopped = aReplica(2, {lastStatus: 'STOPPED', desiredStatus: 'STOPPED'})
    const {plan} = new ImaginedHosts(scene({desiredCount: 3}, [aReplica(1), stopped, aReplica(3)])).decide()

    expect(renderPlan(plan)).to.match(/^start web\/2 of web:1 on /m)
  })

  it('waits for 40 s before a task without a health check counts as healthy', () => {
    const hosts = new ImaginedHosts(scene({desiredCount: 1}, [old(1)]))
    const young = aReplica(1, {id: anId(7, 'b'), startedAt: new Date(hosts.now - 30_000).toISOString()})
    hosts.state = {...hosts.state, tasks: put(hosts.state.tasks, young.id, young)}

    const {plan, wakeAt} = hosts.decide()

    expect(plan.actions.filter(({kind}) => kind === 'stopTask')).to.deep.equal([])
    expect(wakeAt).to.equal(hosts.now + 10_000)
  })

  it('starts another first where a health check fails, then stops the one that fails', () => {
    const document = aDocument({healthCheck: {command: ['CMD', 'true']}})
    const health = (task: Task, healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN') => ({
      ...task,
      containers: task.containers.map((one) => ({...one, healthStatus})),
    })
    const bad = health(aReplica(1), 'UNHEALTHY')
    const before = scene({desiredCount: 1}, [bad], document)
    const during = scene({desiredCount: 1}, [bad, health(aReplica(2), 'UNKNOWN')], document)
    const after = scene({desiredCount: 1}, [bad, health(aReplica(2), 'HEALTHY')], document)

    expect([before, during, after].map(counts)).to.deep.equal([
      {starts: 1, stops: 0},
      {starts: 0, stops: 0},
      {starts: 0, stops: 1},
    ])
    expect(counts(scene({desiredCount: 1, deploymentConfiguration: configuration(0, 100)}, [bad], document))).to.deep.equal({
      starts: 0,
      stops: 1,
    })
    expect(counts(scene({desiredCount: 1, healthCheckGracePeriodSeconds: 10 ** 9}, [bad], document))).to.deep.equal({starts: 0, stops: 0})
  })

  it('has an old task make way where its port is the only place, and nobody said the percentages', () => {
    const document = aDocument({portMappings: [{containerPort: 80, hostPort: 8080}]})
    const state = scene({desiredCount: 4, deploymentConfiguration: {...configuration(100, 200), isInferred: true}}, [], document)
    const hosts = new ImaginedHosts(state)
    hosts.record(hosts.decide().plan)
    hosts.allGoesWell()
    hosts.state = {...hosts.state, tasks: Object.fromEntries(Object.entries(hosts.state.tasks).map(([id, task]) => [id, asOld(task)]))}

    const text = renderPlan(hosts.decide().plan)

    expect(text.match(/^stop task/gm)).to.have.length(1)
    expect(text).to.contain('note: service web: old tasks stop first: no instance has room or a free port for a new one beside them')
    expect(text).not.to.contain('unable to place')
  })

  it('neither counts nor replaces a task of a silent host within the grace period, and replaces it after', () => {
    const hosts = new ImaginedHosts(scene({desiredCount: 1}, [aReplica(1)]))
    hosts.happen({kind: 'silent', pick: 0})

    expect(counts(hosts.state)).to.deep.equal({starts: 0, stops: 0})
    hosts.happen({kind: 'later', seconds: 61})
    expect(hosts.decide().plan.actions.map(({kind}) => kind)).to.deep.equal(['startTask'])
  })

  it('stops the surplus once a host that was given up answers again', () => {
    expect(counts(scene({desiredCount: 1}, [aReplica(1), aReplica(2)])).stops).to.equal(1)
  })

  it('never stops the last healthy task for a deployment that has failed', () => {
    const document = aDocument({healthCheck: {command: ['CMD', 'true']}})
    const health = (task: Task, healthStatus: 'HEALTHY' | 'UNHEALTHY') => ({
      ...task,
      containers: task.containers.map((one) => ({...one, healthStatus})),
    })
    const tasks = [health(aReplica(1), 'HEALTHY'), health(old(2), 'HEALTHY'), health(old(3), 'UNHEALTHY')]
    const state = scene({desiredCount: 2}, tasks, document)
    const failed = {...state, deployments: put(state.deployments, anId(1, 'd'), aDeployment({rolloutState: 'FAILED'}))}

    expect(renderPlan(new ImaginedHosts(failed).decide().plan)).to.match(
      /^stop task 0{7}3b+ on a \(more tasks are there than are wanted\)$/,
    )
  })

  it('spares what is protected', () => {
    const protectedUntil = '2099-01-01T00:00:00.000Z'
    const tasks = [1, 2].map((slot) => aReplica(slot, {protectedUntil}))

    expect(counts(scene({desiredCount: 0}, tasks))).to.deep.equal({starts: 0, stops: 0})
  })
})

function asOld(task: Task): Task {
  return task.workload ? {...task, workload: {...task.workload, deploymentId: OLD}} : task
}
