// What is told of services, in ECS's words, in which order, and when it is no news.
import {expect} from 'chai'
import type {Action, Plan} from '../../model/plan.js'
import type {State} from '../../model/state.js'
import {needOf} from '../../model/task-definition.js'
import {instant} from '../../model/time.js'
import {aDefinition, aDocument, anId, anInstance, aReplica, aService, aState, LONG_AGO} from '../../../test/support/build.js'
import {eventsOf, isNews, withEvent, withoutEvents, withTaskEvents} from './events.js'

const NOW = instant(LONG_AGO)
const HOURS = 60 * 60 * 1000
const SERVICE = aService().id
const STEADY = '(service web) has reached a steady state.'
const STUCK = '(service web) was unable to place a task because no container instance met all of its requirements.'

const messages = (state: State, id = SERVICE) => eventsOf(state, id).map(({message}) => message)

describe('the events of a service', () => {
  it('are told the newest first, each with its number and time, apart from those of others', () => {
    const first = withEvent(aState(), SERVICE, 'one', NOW)
    const state = withEvent(withEvent(first, SERVICE, 'two', NOW + 1000), 'other', 'three', NOW)

    expect(eventsOf(state, SERVICE)).to.deep.equal([
      {id: `${SERVICE}-000002`, workloadId: SERVICE, number: 2, at: '2026-01-02T03:04:06.000Z', message: 'two'},
      {id: `${SERVICE}-000001`, workloadId: SERVICE, number: 1, at: LONG_AGO, message: 'one'},
    ])
    expect(messages(state, 'other')).to.deep.equal(['three'])
    expect(messages(withoutEvents(state, SERVICE), 'other')).to.deep.equal(['three'])
    expect(messages(withoutEvents(state, SERVICE))).to.deep.equal([])
  })

  it('are a hundred at most: the oldest are forgotten, and numbers go on', () => {
    const state = Array.from({length: 130}).reduce<State>(
      (before, _, index) => withEvent(before, SERVICE, `event ${index + 1}`, NOW),
      aState(),
    )

    const numbers = eventsOf(state, SERVICE).map(({number}) => number)
    expect(numbers).to.have.length(100)
    expect([numbers[0], numbers.at(-1)]).to.deep.equal([130, 31])
  })
})

describe('isNews', () => {
  const told = (...all: readonly string[]) => all.reduce((state, message) => withEvent(state, SERVICE, message, NOW), aState())

  it('lets a message be told again only after six hours', () => {
    const state = told(STUCK)

    expect(isNews(state, SERVICE, STUCK, NOW + 6 * HOURS - 1)).to.equal(false)
    expect(isNews(state, SERVICE, STUCK, NOW + 6 * HOURS)).to.equal(true)
    expect(isNews(state, SERVICE, 'another', NOW)).to.equal(true)
    expect(isNews(state, 'other', STUCK, NOW)).to.equal(true)
  })

  it('keeps it back though others were told in between', () => {
    expect(isNews(told(STUCK, 'another'), SERVICE, STUCK, NOW)).to.equal(false)
  })

  it('lets it be told again once all was well meanwhile', () => {
    expect(isNews(told(STUCK, STEADY), SERVICE, STUCK, NOW)).to.equal(true)
    expect(isNews(told(STUCK, STEADY, STUCK), SERVICE, STUCK, NOW)).to.equal(false)
  })

  it('says that all is well once, and again after something else was told', () => {
    expect(isNews(told(STEADY), SERVICE, STEADY, NOW)).to.equal(false)
    expect(isNews(told(STEADY, STUCK), SERVICE, STEADY, NOW)).to.equal(true)
    expect(isNews(told(STEADY, STUCK, STEADY), SERVICE, STEADY, NOW)).to.equal(false)
  })
})

describe('what a plan tells', () => {
  const idOf = (slot: string) => anId(Number(slot.slice(-1)), 'e')
  const {workload} = aReplica(1)
  const start = (slot: string): Action => ({
    kind: 'startTask',
    slot,
    instance: anInstance(),
    definition: aDefinition(),
    need: needOf(aDocument()),
    group: 'service:web',
    because: '',
    ...(workload ? {workload} : {}),
  })
  const stop = (taskId: string, stopCode: 'ServiceSchedulerInitiated' | 'UserInitiated' = 'ServiceSchedulerInitiated'): Action => ({
    kind: 'stopTask',
    taskId,
    instance: anInstance(),
    stopCode,
    stoppedReason: '',
    because: '',
  })
  const planOf = (...actions: readonly Action[]): Plan => ({actions, notes: [], refusals: []})
  const state = aState({services: [aService()], tasks: [aReplica(1), aReplica(2)]})

  it('is one event for all stops of a service and then one for all its starts, in ECS’s words', () => {
    const plan = planOf(start('web/3'), stop(anId(1, 'b')), start('web/4'), stop(anId(2, 'b')))

    expect(messages(withTaskEvents(state, plan, idOf, NOW)).toReversed()).to.deep.equal([
      `(service web) has stopped 2 running tasks: (task ${anId(1, 'b')}) (task ${anId(2, 'b')}).`,
      `(service web) has started 2 tasks: (task ${anId(3, 'e')}) (task ${anId(4, 'e')}).`,
    ])
  })

  it('names a daemon as one', () => {
    const daemon = {kind: 'daemon', id: anId(2, '5'), name: 'agent', deploymentId: anId(1, 'd')} as const
    const plan = planOf({...start('agent/3'), workload: daemon} as Action)

    expect(messages(withTaskEvents(state, plan, idOf, NOW), daemon.id)).to.deep.equal([
      `(daemon agent) has started 1 tasks: (task ${anId(3, 'e')}).`,
    ])
  })

  it('is nothing of a stop that a person asked for, nor of a task that is of no service', () => {
    const {workload: _, ...alone} = aReplica(3)
    const {workload: __, ...run} = start('run/1') as Extract<Action, {kind: 'startTask'}>
    const plan = planOf(stop(anId(1, 'b'), 'UserInitiated'), stop(alone.id), run)

    expect(withTaskEvents({...state, tasks: {...state.tasks, [alone.id]: alone}}, plan, idOf, NOW).serviceEvents).to.deep.equal({})
  })
})
