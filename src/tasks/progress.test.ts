import {expect} from 'chai'
import fc from 'fast-check'
import {aDocument, anId, aTask, LONG_AGO} from '../../test/support/build.js'
import type {ContainerSeen} from '../model/observation.js'
import {exitCodeOf, TASK_STATUSES, type Task} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {ContainersSeen} from './facts.js'
import {observed} from './progress.js'
import {containerFailed, failedToStart, mergeReport} from './reports.js'

const NOW = Date.parse('2026-01-02T03:05:00.000Z')
const document = aDocument({name: 'app'})

function aPendingTask(said: Partial<Task> = {}): Task {
  return aTask({
    lastStatus: 'PENDING',
    containers: [{name: 'app', containerName: 'berth-web-1-app-1', image: 'busybox:test', lastStatus: 'PENDING'}],
    ...said,
  })
}

function seenAs(said: Partial<ContainerSeen> = {}): ContainersSeen {
  const container: ContainerSeen = {
    runtimeId: 'r1',
    name: 'berth-web-1-app-1',
    image: 'busybox:test',
    imageId: 'sha256:1',
    status: 'running',
    outOfMemory: false,
    error: '',
    createdAt: LONG_AGO,
    startedAt: '2026-01-02T03:04:06.000Z',
    ports: [],
    memoryMiB: 64,
    command: [],
    limits: {cpuShares: 0, cpuCores: 0, memoryBytes: 0, memoryReservationBytes: 0, memoryAndSwapBytes: 0},
    restartPolicy: 'no',
    restartCount: 0,
    terminal: false,
    ...said,
  }
  return {app: container}
}

const exited = (exitCode: number, said: Partial<ContainerSeen> = {}) =>
  seenAs({status: 'exited', exitCode, finishedAt: '2026-01-02T03:04:09.000Z', ...said})

describe('observed', () => {
  it('calls a task RUNNING when its container runs, from the moment it started', () => {
    const task = observed(aPendingTask(), document, seenAs(), NOW)

    expect(task.lastStatus).to.equal('RUNNING')
    expect(task.startedAt).to.equal('2026-01-02T03:04:06.000Z')
    expect(task.containers[0]).to.include({lastStatus: 'RUNNING', runtimeId: 'r1', imageDigest: 'sha256:1'})
  })

  it('tells the host ports the engine gave', () => {
    const task = observed(
      aPendingTask(),
      document,
      seenAs({ports: [{ip: '0.0.0.0', hostPort: 32_768, containerPort: 80, protocol: 'tcp'}]}),
      NOW,
    )

    expect(task.containers[0]?.networkBindings).to.deep.equal([{bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768, protocol: 'tcp'}])
  })

  it('ends a task with the exit code of its essential container', () => {
    const task = observed(aPendingTask({lastStatus: 'RUNNING'}), document, exited(3), NOW)

    expect(task).to.include({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      stoppedAt: '2026-01-02T03:04:09.000Z',
    })
    expect(task.containers[0]?.exitCode).to.equal(3)
  })

  it('keeps the reason of a person who asked for the stop', () => {
    const wanted = aPendingTask({lastStatus: 'RUNNING', desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'moving house'})

    expect(observed(wanted, document, exited(143), NOW)).to.include({stopCode: 'UserInitiated', stoppedReason: 'moving house'})
  })

  it('says that the memory ran out', () => {
    const task = observed(aPendingTask({lastStatus: 'RUNNING'}), document, exited(137, {outOfMemory: true}), NOW)

    expect(task.containers[0]).to.include({outOfMemory: true, reason: 'OutOfMemoryError: Container killed due to memory usage'})
  })

  it('ends a running task whose container somebody removed', () => {
    const running = observed(aPendingTask(), document, seenAs(), NOW)

    const task = observed(running, document, {app: 'missing'}, NOW)

    expect(task.lastStatus).to.equal('STOPPED')
    expect(task.containers[0]?.reason).to.match(/^ContainerVanishedError: .*berth-web-1-app-1/)
  })

  it('leaves a task alone whose container is not made yet', () => {
    const task = aPendingTask()

    expect(observed(task, document, {app: 'missing'}, NOW)).to.equal(task)
  })

  it('stops at once what is wanted stopped before any container was made', () => {
    const task = observed(aPendingTask({desiredStatus: 'STOPPED', stopCode: 'UserInitiated'}), document, {app: 'missing'}, NOW)

    expect(task).to.include({lastStatus: 'STOPPED', stopCode: 'UserInitiated'})
  })

  it('is the same task when nothing is new', () => {
    const running = observed(aPendingTask(), document, seenAs(), NOW)

    expect(observed(running, document, seenAs(), NOW + 1000)).to.equal(running)
  })

  it('never lets a status fall, in whatever order and however often reports come', () => {
    const report = fc.constantFrom<ContainersSeen>(
      {},
      {app: 'missing'},
      seenAs({status: 'created'}),
      seenAs(),
      exited(0),
      exited(1),
      seenAs({status: 'paused'}),
    )

    fc.assert(
      fc.property(fc.array(report, {maxLength: 12}), (reports) => {
        let task = aPendingTask()
        for (const [index, one] of reports.entries()) {
          const next = observed(task, document, one, NOW + index)
          expect(TASK_STATUSES.indexOf(next.lastStatus)).to.be.at.least(TASK_STATUSES.indexOf(task.lastStatus))
          if (task.lastStatus === 'STOPPED') expect(next).to.equal(task)
          task = next
        }
      }),
    )
  })
})

/** `app`, essential, with a `proxy` that is not and an `init` that it waits for. */
const trio: TaskDefinitionDocument = {
  family: 'web',
  containerDefinitions: [
    {name: 'app', image: 'app:1', dependsOn: [{containerName: 'init', condition: 'SUCCESS'}], healthCheck: {command: ['CMD', 'true']}},
    {name: 'proxy', image: 'proxy:1', essential: false, restartPolicy: {enabled: true, restartAttemptPeriod: 60}},
    {name: 'init', image: 'init:1', essential: false},
  ],
}

function aTrio(said: Partial<Task> = {}): Task {
  const containers = ['app', 'proxy', 'init'].map((name) => ({
    name,
    containerName: `berth-web-1-${name}-1`,
    image: `${name}:1`,
    lastStatus: 'PENDING' as const,
  }))
  return aTask({lastStatus: 'PENDING', containers, ...said})
}

const SECOND = 1000
const START = Date.parse('2026-01-02T03:04:06.000Z')
const at = (seconds: number) => new Date(START + seconds * SECOND).toISOString()

/** A container as its engine tells it, started and ended at these seconds. */
function one(said: {
  readonly from?: number
  readonly to?: number
  readonly code?: number
  readonly health?: ContainerSeen['health']
}): ContainerSeen {
  const {code, from, health, to} = said
  const {app} = seenAs({status: from === undefined ? 'created' : to === undefined ? 'running' : 'exited'})
  const {startedAt: _, ...made} = app as ContainerSeen
  return {
    ...made,
    ...(from === undefined ? {} : {startedAt: at(from)}),
    ...(to === undefined ? {} : {finishedAt: at(to), exitCode: code ?? 0}),
    ...(health === undefined ? {} : {health}),
  }
}

describe('observed, of several containers', () => {
  const initDone = one({from: 0, to: 1})

  it('keeps a task PENDING until its last container has been started', () => {
    const early = observed(aTrio(), trio, {app: 'missing', proxy: one({from: 0}), init: one({from: 0})}, NOW)
    const late = observed(early, trio, {app: one({from: 2, health: 'starting'}), proxy: one({from: 0}), init: initDone}, NOW)

    expect(early.lastStatus).to.equal('PENDING')
    expect(early.startedAt).to.equal(undefined)
    expect(late).to.include({lastStatus: 'RUNNING', startedAt: at(2)})
    expect(late.containers.map(({healthStatus, lastStatus}) => [lastStatus, healthStatus])).to.deep.equal([
      ['RUNNING', 'UNKNOWN'],
      ['RUNNING', undefined],
      ['STOPPED', undefined],
    ])
  })

  it('is STOPPING while others still run, then STOPPED with the code of the essential container that ended first', () => {
    const running = observed(aTrio(), trio, {app: one({from: 2}), proxy: one({from: 0}), init: initDone}, NOW)
    const stopping = observed(running, trio, {app: one({from: 2, to: 5, code: 3}), proxy: one({from: 0}), init: initDone}, NOW)
    const stopped = observed(
      stopping,
      trio,
      {app: one({from: 2, to: 5, code: 3}), proxy: one({from: 0, to: 6, code: 137}), init: initDone},
      NOW,
    )

    expect(stopping.lastStatus).to.equal('STOPPING')
    expect(stopped).to.include({
      lastStatus: 'STOPPED',
      endedBy: 'app',
      executionStoppedAt: at(5),
      stoppedAt: at(6),
      stopCode: 'EssentialContainerExited',
    })
    expect(exitCodeOf([stopped])).to.equal(3)
  })

  it('calls containers that were never started STOPPED, without a code, when the task is over', () => {
    const wanted = aTrio({desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'enough'})

    const stopped = observed(wanted, trio, {app: 'missing', proxy: 'missing', init: one({from: 0, to: 1, code: 143})}, NOW)

    expect(stopped.lastStatus).to.equal('STOPPED')
    expect(stopped.containers.map(({exitCode, lastStatus}) => [lastStatus, exitCode])).to.deep.equal([
      ['STOPPED', undefined],
      ['STOPPED', undefined],
      ['STOPPED', 143],
    ])
  })

  it('keeps a container RUNNING that its policy starts again, and counts the restart when it is seen', () => {
    const running = observed(aTrio(), trio, {app: one({from: 2}), proxy: one({from: 0}), init: initDone}, NOW)
    const between = observed(running, trio, {proxy: one({from: 0, to: 70, code: 1})}, NOW)
    const again = observed(between, trio, {proxy: one({from: 71})}, NOW)

    expect(between.containers[1]).to.include({lastStatus: 'RUNNING'}).and.not.have.property('exitCode')
    expect(again.containers[1]).to.include({lastStatus: 'RUNNING', restartCount: 1, startedAt: at(71)})
    expect(observed(again, trio, {proxy: one({from: 0})}, NOW)).to.equal(again)
    expect(observed(again, trio, {proxy: one({from: 0, to: 5, code: 1})}, NOW)).to.equal(again)
  })

  it('never lets the status of the task or of any container fall, whatever reports are lost, repeated or late', () => {
    const reports: readonly ContainerSeen[] = [
      one({}),
      one({from: 0}),
      one({from: 0, health: 'healthy'}),
      one({from: 0, to: 5, code: 1}),
      one({from: 0, to: 70}),
      one({from: 71}),
    ]
    const report = fc.record({
      who: fc.constantFrom('app', 'proxy', 'init'),
      what: fc.constantFrom<ContainerSeen | 'missing'>('missing', ...reports),
      merges: fc.boolean(),
    })
    const order = ['PENDING', 'RUNNING', 'STOPPED']

    fc.assert(
      fc.property(fc.array(report, {maxLength: 25}), (told) => {
        let task = aTrio()
        for (const {merges, what, who} of told) {
          const report = observed(merges ? aTrio() : task, trio, {[who]: what}, NOW)
          const next = merges ? mergeReport(task, report) : report
          expect(TASK_STATUSES.indexOf(next.lastStatus)).to.be.at.least(TASK_STATUSES.indexOf(task.lastStatus))
          for (const [index, {lastStatus}] of next.containers.entries())
            expect(order.indexOf(lastStatus)).to.be.at.least(order.indexOf(task.containers[index]?.lastStatus ?? ''))
          task = next
        }
      }),
    )
  })
})

describe('containerFailed', () => {
  it('ends the task of an essential container, and only itself of another', () => {
    const app = containerFailed(aTrio(), trio, 'app', 'CannotStartContainerError: no', NOW)
    const proxy = containerFailed(aTrio(), trio, 'proxy', 'CannotStartContainerError: no', NOW)

    expect(app).to.include({desiredStatus: 'STOPPED', stopCode: 'TaskFailedToStart', stoppedReason: 'CannotStartContainerError: no'})
    expect(proxy.desiredStatus).to.equal('RUNNING')
    expect(proxy.containers[1]).to.include({lastStatus: 'STOPPED', reason: 'CannotStartContainerError: no'})
  })
})

describe('failedToStart', () => {
  it('says what failed and on which container', () => {
    const task = failedToStart(aPendingTask(), 'app', 'CannotPullContainerError: no such image', NOW)

    expect(task).to.include({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: no such image',
    })
    expect(task.containers[0]).to.include({lastStatus: 'STOPPED', reason: 'CannotPullContainerError: no such image'})
  })
})

describe('mergeReport', () => {
  const current = aPendingTask({id: anId(1)})
  const running = observed(current, document, seenAs(), NOW)

  it('never undoes a wish to stop that came in meanwhile', () => {
    const wished: Task = {...current, desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'enough', stoppingAt: LONG_AGO}

    expect(mergeReport(wished, running)).to.include({
      desiredStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
      lastStatus: 'RUNNING',
    })
  })

  it('never wakes a task that has stopped', () => {
    const stopped = failedToStart(current, 'app', 'gone', NOW)

    expect(mergeReport(stopped, running)).to.equal(stopped)
  })

  it('never falls behind what another client has seen', () => {
    expect(mergeReport(running, current).lastStatus).to.equal('RUNNING')
  })
})
