import {expect} from 'chai'
import fc from 'fast-check'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import {type ContainerPhase, type ContainerPhases, nextSteps} from './containers.js'

const document: TaskDefinitionDocument = {
  family: 'web',
  containerDefinitions: [
    {name: 'app', image: 'app:1', stopTimeout: 5},
    {name: 'log', image: 'log:1', essential: false},
  ],
}

const kinds = (desired: 'RUNNING' | 'STOPPED', phases: ContainerPhases) =>
  nextSteps(document, desired, phases).map((step) => `${step.kind} ${step.container.name}`)

describe('nextSteps', () => {
  it('creates every container of a new task', () => {
    expect(kinds('RUNNING', {})).to.deep.equal(['create app', 'create log'])
  })

  it('starts what is created and leaves what runs', () => {
    expect(kinds('RUNNING', {app: 'created', log: 'running'})).to.deep.equal(['start app'])
  })

  it('is done when all run', () => {
    expect(kinds('RUNNING', {app: 'running', log: 'running'})).to.deep.equal([])
  })

  it('leaves the task running when a container stops that is not essential', () => {
    expect(kinds('RUNNING', {app: 'running', log: 'stopped'})).to.deep.equal([])
  })

  it('stops the rest when an essential container has stopped', () => {
    expect(kinds('RUNNING', {app: 'stopped', log: 'running'})).to.deep.equal(['stop log'])
  })

  it('starts nothing for a task that is wanted stopped', () => {
    expect(kinds('STOPPED', {app: 'created'})).to.deep.equal([])
  })

  it('stops with the timeout of the definition, or thirty seconds', () => {
    const timeouts = nextSteps(document, 'STOPPED', {app: 'running', log: 'running'}).map((step) =>
      step.kind === 'stop' ? step.timeoutSeconds : undefined,
    )

    expect(timeouts).to.deep.equal([5, 30])
  })

  it('always comes to an end, whatever each step leads to', () => {
    const phase = fc.constantFrom<ContainerPhase>('none', 'created', 'running', 'stopped')

    fc.assert(
      fc.property(
        phase,
        phase,
        fc.constantFrom<'RUNNING' | 'STOPPED'>('RUNNING', 'STOPPED'),
        fc.array(fc.boolean(), {minLength: 12, maxLength: 12}),
        (app, log, desired, dies) => {
          let phases: ContainerPhases = {app, log}
          let rounds = 0
          for (let steps = nextSteps(document, desired, phases); steps.length > 0; steps = nextSteps(document, desired, phases)) {
            for (const step of steps) {
              const reached = step.kind === 'create' ? 'created' : step.kind === 'start' && !dies[rounds] ? 'running' : 'stopped'
              phases = {...phases, [step.container.name]: reached}
            }
            rounds += 1
            expect(rounds).to.be.lessThan(6)
          }
          if (desired === 'STOPPED') expect(Object.values(phases)).to.not.include('running')
        },
      ),
    )
  })
})
