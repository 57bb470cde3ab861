// The loop: decided on what is seen, decided again on what is written, and never twice on one resource.
import {expect} from 'chai'
import {DeclinedError, EngineError} from '../../../src/errors.js'
import {settle} from '../../../src/manager/settle.js'
import type {Plan} from '../../../src/model/plan.js'
import {put, type State} from '../../../src/model/state.js'
import {instant} from '../../../src/model/time.js'
import {planDeleteCluster} from '../../../src/scheduling/clusters.js'
import {planRun} from '../../../src/scheduling/run.js'
import {aCluster, aDefinition, aDocument, anInstance, aState, aTask, anId, LONG_AGO} from '../../support/build.js'
import {failureOf} from '../../support/specs.js'
import {aWorld} from './fake-world.js'

const NOW = instant(LONG_AGO) + 1000
const small = anInstance({memoryMiB: 64})
const definition = aDefinition({document: aDocument({image: 'busybox:test', command: ['sh', '-c', 'sleep 600']})})

/** One task of `web`, wherever it fits. */
const runOne = (state: State): Plan => {
  const source = {kind: 'registered', reference: {family: 'web'}} as const
  const wanted = {clusterId: aCluster().id, source, count: 1, constraints: [], strategies: [], requiredAttributes: () => [], seed: 'seed'}
  return planRun(
    state,
    {
      at: NOW,
      instances: Object.fromEntries(
        Object.keys(state.instances).map((id) => [id, {answered: true, containers: [], details: {}, foreign: []}]),
      ),
    },
    wanted,
    NOW,
  )
}

describe('settle', () => {
  it('records the intent, carries it out, and records what came of it', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [small], definitions: [definition]})})

    const settled = await settle(world, {because: 'run', decide: runOne, dryRun: false})

    const [task] = Object.values(settled.state.tasks)
    expect(task).to.include({id: settled.idOf('run/1'), lastStatus: 'RUNNING', desiredStatus: 'RUNNING'})
    expect(world.engineOf(small).deeds).to.deep.equal([
      `create ${task?.containers[0]?.containerName}`,
      `start ${task?.containers[0]?.containerName}`,
    ])
  })

  it('does nothing on a dry run but tell the plan', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [small], definitions: [definition]})})

    const {outcomes, plan} = await settle(world, {because: 'run', decide: runOne, dryRun: true})

    expect(plan.actions).to.have.length(1)
    expect(outcomes).to.deep.equal([])
    expect((await world.store.read()).revision).to.equal(0)
    expect(world.engineOf(small).deeds).to.deep.equal([])
  })

  it('decides again on the newest state, so that two at once never share one place', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [small], definitions: [definition]})})

    const both = await Promise.all([1, 2].map(() => settle(world, {because: 'run', decide: runOne, dryRun: false})))

    expect(both.map(({plan}) => [plan.actions.length, plan.refusals.length])).to.have.deep.members([
      [1, 0],
      [0, 1],
    ])
    expect(Object.keys((await world.store.read()).state.tasks)).to.have.length(1)
  })

  it('asks before something goes, and does nothing on a no', async () => {
    const declines = new DeclinedError('Declined', 'No.')
    const world = aWorld({declines, now: NOW, state: aState({instances: [small], definitions: [definition], tasks: [aTask()]})})

    const failure = await failureOf(
      settle(world, {because: 'delete', decide: (state, seen) => planDeleteCluster(state, aCluster(), true, seen), dryRun: false}),
    )

    expect(failure).to.equal(declines)
    expect((await world.store.read()).revision).to.equal(0)
    expect(world.engineOf(small).deeds).to.deep.equal([])
  })

  it('refuses when what would go is no longer what was shown', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [small], definitions: [definition], tasks: [aTask()]})})
    const late = aTask({id: anId(2, 'b')})
    world.whileAsked(() =>
      world.store.update({...world.why, because: 'another run'}, (state) => ({
        state: {...state, tasks: put(state.tasks, late.id, late)},
        result: undefined,
      })),
    )

    const failure = await failureOf(
      settle(world, {because: 'delete', decide: (state, seen) => planDeleteCluster(state, aCluster(), true, seen), dryRun: false}),
    )

    expect(failure.code).to.equal('PlanChanged')
    expect(failure.suggestions, 'what was typed').to.include("berth cluster delete 'my prod'")
    expect((await world.store.read()).state.clusters).to.have.property(aCluster().id)
    expect(world.engineOf(small).deeds).to.deep.equal([])
  })

  it('goes on with the others when one action fails, and records each as it came out', async () => {
    const [a, b] = [anInstance({name: 'a', memoryMiB: 64}), anInstance({name: 'b', memoryMiB: 64})]
    const world = aWorld({now: NOW, state: aState({instances: [a, b], definitions: [definition]})})
    const fault = new EngineError('EngineRefused', 'The disk is full.')
    world.engineOf(a).breakDown(fault)
    const two = (state: State): Plan => {
      const [first, second] = [runOne({...state, instances: {[a.id]: a}}), runOne({...state, instances: {[b.id]: b}})]
      return {...first, actions: [...first.actions, ...second.actions.map((action) => ({...action, slot: 'run/2'}) as typeof action)]}
    }

    const {idOf, outcomes, state} = await settle(world, {because: 'run', decide: two, dryRun: false})

    expect(outcomes.map(({error}) => error)).to.deep.equal([fault, undefined])
    expect(state.tasks[idOf('run/2')]?.lastStatus).to.equal('RUNNING')
    expect(world.said.join('\n')).to.include('1 of 2 failed')
  })

  it('does not begin what waits for an action that failed', async () => {
    const task = aTask({containers: [{name: 'web', containerName: 'gone', image: 'web:1', lastStatus: 'RUNNING'}]})
    const world = aWorld({now: NOW, state: aState({instances: [small], definitions: [definition], tasks: [task]})})
    const fault = new EngineError('EngineRefused', 'Out of order.')
    world.engineOf(small).breakDown(fault)

    const {outcomes, state} = await settle(world, {
      because: 'delete',
      decide: (current, seen) => planDeleteCluster(current, aCluster(), true, seen),
      dryRun: false,
    })

    expect(outcomes.map(({action, error}) => [action.kind, error])).to.deep.equal([
      ['stopTask', fault],
      ['removeTask', fault],
      ['leaveInstance', fault],
      ['deleteCluster', fault],
    ])
    expect(state.clusters).to.have.property(aCluster().id)
    expect(state.tasks[task.id]).to.include({desiredStatus: 'STOPPED', lastStatus: 'RUNNING'})
  })

  it('forgets tasks that stopped more than a week ago, and only those', async () => {
    const old = aTask({id: anId(8, 'b'), lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt: LONG_AGO})
    const young = aTask({id: anId(9, 'b'), lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt: '2026-01-03T03:04:05.000Z'})
    const world = aWorld({
      now: instant(LONG_AGO) + 7 * 24 * 3600 * 1000 + 1,
      state: aState({instances: [anInstance()], definitions: [definition], tasks: [old, young]}),
    })

    const {state} = await settle(world, {because: 'run', decide: runOne, dryRun: false})

    expect(Object.keys(state.tasks)).to.include(young.id)
    expect(Object.keys(state.tasks)).not.to.include(old.id)
  })
})

describe('a start that is overtaken', () => {
  it('is stopped when its task was wanted stopped meanwhile, and keeps who wanted it', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [small], definitions: [definition]})})
    const engine = world.engineOf(small)
    const create = engine.create.bind(engine)
    engine.create = async (spec, signal) => {
      const made = await create(spec, signal)
      await world.store.update({...world.why, because: 'stop'}, (state) => {
        const [task] = Object.values(state.tasks)
        if (!task) throw new Error('No intent was recorded before the container was made.')
        const stopped = {
          ...task,
          desiredStatus: 'STOPPED',
          stopCode: 'UserInitiated',
          stoppedReason: 'enough',
          stoppingAt: LONG_AGO,
        } as const
        return {state: {...state, tasks: put(state.tasks, task.id, stopped)}, result: undefined}
      })
      return made
    }

    const {idOf, state} = await settle(world, {because: 'run', decide: runOne, dryRun: false})

    expect(state.tasks[idOf('run/1')]).to.include({lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'enough'})
    expect((await engine.list(world.signal)).map(({status}) => status)).to.deep.equal(['exited'])
  })
})
