import {expect} from 'chai'
import fc from 'fast-check'
import {aDocument, anId, aTask, LONG_AGO} from '../../test/support/build.js'
import type {ContainerSeen} from '../model/observation.js'
import {TASK_STATUSES, type Task} from '../model/task.js'
import {type ContainersSeen, failedToStart, mergeReport, observed} from './progress.js'

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
    restartCount: 0,
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
