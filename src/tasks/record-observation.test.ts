import {expect} from 'chai'
import {aCluster, aDefinition, aState, aTask, anInstance} from '../../test/support/build.js'
import type {Observation} from '../model/observation.js'
import type {State} from '../model/state.js'
import type {Task} from '../model/task.js'
import {recordObservation} from './record-observation.js'

const instance = anInstance()
const nothingThere: Observation = {at: 0, instances: {[instance.id]: {answered: true, containers: [], details: {}, foreign: []}}}

function stateOf(task?: Task): State {
  return aState({clusters: [aCluster()], instances: [instance], definitions: [aDefinition()], tasks: task ? [task] : []})
}

describe('recordObservation', () => {
  const running = aTask({lastStatus: 'RUNNING', instanceId: instance.id, version: 4})
  const statusOf = (state: State) => state.tasks[running.id]?.lastStatus

  it('ends a task that ran before the look and whose container the look found missing', () => {
    const state = stateOf(running)

    expect(statusOf(recordObservation(state, nothingThere, state))).to.equal('STOPPED')
  })

  it('leaves a task alone that was started, or went on, after the look began', () => {
    const now = stateOf(running)

    expect(recordObservation(now, nothingThere, stateOf())).to.equal(now)
    expect(recordObservation(now, nothingThere, stateOf({...running, lastStatus: 'PENDING', version: 3}))).to.equal(now)
  })

  it('marks an instance that is silent, and leaves its tasks as they were', () => {
    const state = stateOf(running)
    const silent: Observation = {at: 0, instances: {[instance.id]: {answered: false, since: '2026-11-26T00:00:00.000Z', why: 'no answer'}}}

    const after = recordObservation(state, silent, state)
    expect(after.instances[instance.id]?.silentSince).to.equal('2026-11-26T00:00:00.000Z')
    expect(statusOf(after)).to.equal('RUNNING')
  })
})
