import {expect} from 'chai'
import {aCluster, aDefinition, anId, anInstance, aState, aTask, LONG_AGO} from '../../test/support/build.js'
import type {LeaveInstance, Plan, StartTask} from '../model/plan.js'
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

  it('keeps an instance that leaves until it is gone, DEREGISTERING', () => {
    const state = aState({instances: [anInstance()]})
    const leave: LeaveInstance = {kind: 'leaveInstance', instance: anInstance(), orphans: [], forget: false, because: 'test'}

    const once = recordPlan(state, {actions: [leave], notes: [], refusals: []}, idOf, NOW)
    const twice = recordPlan(once, {actions: [leave], notes: [], refusals: []}, idOf, NOW)

    expect(once.instances).to.deep.equal({[anInstance().id]: {...anInstance(), status: 'DEREGISTERING', version: 2}})
    expect(twice).to.equal(once)
  })

  it('deletes a cluster at once when no instance is in it, and keeps it until they have left', () => {
    const plan: Plan = {actions: [{kind: 'deleteCluster', cluster: aCluster(), because: 'test'}], notes: [], refusals: []}
    const full = aState({instances: [anInstance()]})

    expect(recordPlan(aState(), plan, idOf, NOW).clusters).to.deep.equal({})
    expect(recordPlan(full, plan, idOf, NOW)).to.equal(full)
  })
})
