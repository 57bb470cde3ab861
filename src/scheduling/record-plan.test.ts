import {expect} from 'chai'
import {aDefinition, anId, anInstance, aState, aTask, LONG_AGO} from '../../test/support/build.js'
import type {StartTask} from '../model/plan.js'
import {recordPlan} from './record-plan.js'

const NOW = Date.parse('2026-01-02T04:00:00.000Z')
const idOf = (slot: string) => (slot === 'run/1' ? anId(1) : anId(2))

const start: StartTask = {
  kind: 'startTask',
  slot: 'run/1',
  instance: anInstance(),
  definition: aDefinition(),
  need: {cpuUnits: 0, memoryMiB: 64, tcpPorts: [], udpPorts: [], gpuCount: 0},
  group: 'family:web',
  because: 'test',
}

describe('recordPlan', () => {
  it('holds the resources of a task before anything is started', () => {
    const state = recordPlan(aState({instances: [anInstance()]}), {actions: [start], notes: [], refusals: []}, idOf, NOW)

    expect(state.tasks[anId(1)]).to.deep.include({
      lastStatus: 'PENDING',
      desiredStatus: 'RUNNING',
      need: start.need,
      createdAt: '2026-01-02T04:00:00.000Z',
    })
  })

  it('chooses the name of every container, so that it can be found whatever happens', () => {
    const state = recordPlan(aState({instances: [anInstance()]}), {actions: [start], notes: [], refusals: []}, idOf, NOW)

    const [container] = state.tasks[anId(1)]?.containers ?? []
    expect(container?.containerName).to.equal(`berth-web-1-${container?.name}-${anId(1).slice(0, 16)}`)
  })

  it('wants a task stopped, and never takes back the first reason', () => {
    const task = aTask({id: anId(5), lastStatus: 'RUNNING'})
    const stop = (stoppedReason: string) =>
      ({kind: 'stopTask', taskId: task.id, instance: anInstance(), stopCode: 'UserInitiated', stoppedReason, because: 'test'}) as const

    const once = recordPlan(aState({tasks: [task]}), {actions: [stop('first')], notes: [], refusals: []}, idOf, NOW)
    const twice = recordPlan(once, {actions: [stop('second')], notes: [], refusals: []}, idOf, NOW)

    expect(twice.tasks[task.id]).to.include({
      desiredStatus: 'STOPPED',
      stoppedReason: 'first',
      lastStatus: 'RUNNING',
      version: task.version + 1,
    })
    expect(twice.tasks[task.id]?.createdAt).to.equal(task.createdAt ?? LONG_AGO)
  })

  it('keeps what is to be deleted until it is gone', () => {
    const state = aState({instances: [anInstance()]})

    const recorded = recordPlan(
      state,
      {actions: [{kind: 'leaveInstance', instance: anInstance(), orphans: [], forget: false, because: 'test'}], notes: [], refusals: []},
      idOf,
      NOW,
    )

    expect(recorded).to.equal(state)
  })
})
