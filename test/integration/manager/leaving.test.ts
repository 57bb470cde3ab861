// Joins, leaves and deletions that meet each other: what is refused leaves nothing behind, what is begun can be ended or taken back.
import {expect} from 'chai'
import {EngineError} from '../../../src/errors.js'
import {deleteCluster} from '../../../src/manager/clusters.js'
import {leaveInstance, setInstanceStatus} from '../../../src/manager/instances.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import {settle} from '../../../src/manager/settle.js'
import type {Settled} from '../../../src/manager/settled.js'
import type {InstanceMark} from '../../../src/model/ownership.js'
import {type State, without, withoutCluster} from '../../../src/model/state.js'
import {instant} from '../../../src/model/time.js'
import {planJoin} from '../../../src/scheduling/instances.js'
import {aCluster, aDefinition, aDocument, anId, anInstance, aState, LONG_AGO} from '../../support/build.js'
import type {FakeEngine} from '../../support/fake-engine.js'
import {failureOf} from '../../support/specs.js'
import {aWorld, type FakeWorld} from './fake-world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

const NOW = instant(LONG_AGO) + 1000
const joining = anInstance({status: 'REGISTERING'})
const here = anInstance()
const definition = aDefinition({document: aDocument({image: 'busybox:test', command: ['sh', '-c', 'sleep 600']})})
const mark: InstanceMark = {kind: 'instance', cluster: 'prod', clusterId: aCluster().id, instanceId: here.id}
const refused = new EngineError('EngineRefused', 'The disk is full.')

describe('a join', () => {
  it('makes the instance ACTIVE once its host bears its mark', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [joining]})})

    const {state} = await join(world)

    expect(state.instances[here.id]?.status).to.equal('ACTIVE')
    expect(await world.engineOf(here).marks(world.signal)).to.deep.equal([mark])
  })

  it('whose cluster is deleted meanwhile is refused, and leaves no mark and no instance', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [joining]})})
    afterMark(world.engineOf(here), () =>
      change(world, (state) => withoutCluster({...state, instances: without(state.instances, here.id)}, aCluster().id)),
    )

    const {outcomes, state} = await join(world)

    expect(outcomes[0]?.error?.code).to.equal('ClusterNotFoundException')
    expect(state.instances).to.deep.equal({})
    expect(await world.engineOf(here).marks(world.signal)).to.deep.equal([])
  })

  it('never makes an instance ACTIVE beside the mark of another join, and withdraws', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [joining]})})
    const engine = world.engineOf(here)
    const rival = {...mark, instanceId: anId(9)}
    await engine.writeMark(rival, world.signal)

    const {outcomes, state} = await join(world)

    expect(outcomes[0]?.error?.code).to.equal('InstanceAlreadyJoined')
    expect(state.instances).to.deep.equal({})
    expect(await engine.marks(world.signal)).to.deep.equal([rival])
    expect(await statusesOf(world)).not.to.include('ACTIVE')
  })

  it('that cannot take its mark back stays REGISTERING, for the next join to take up', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [joining]})})
    const engine = world.engineOf(here)
    afterMark(engine, async () => engine.breakDown(refused))

    const {outcomes, state} = await join(world)

    expect(outcomes[0]?.error).to.equal(refused)
    expect(state.instances[here.id]?.status).to.equal('REGISTERING')
  })
})

describe('leaveInstance', () => {
  it('that fails half way leaves the instance DEREGISTERING, which a second one ends', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [here]})})
    const engine = world.engineOf(here)
    await engine.writeMark(mark, world.signal)
    const {removeMark} = engine
    engine.removeMark = async () => Promise.reject(refused)
    expect(await failureOf(leave(world))).to.equal(refused)
    expect((await world.store.read()).state.instances[here.id]?.status).to.equal('DEREGISTERING')

    engine.removeMark = removeMark
    await leave(world)

    expect((await world.store.read()).state.instances).to.deep.equal({})
    expect(await engine.marks(world.signal)).to.deep.equal([])
  })

  it('that failed is taken back by activating the instance', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [here]})})
    world.engineOf(here).removeMark = async () => Promise.reject(refused)
    await failureOf(leave(world))

    await setInstanceStatus(world, {cluster: undefined, names: [here.name], status: 'ACTIVE', dryRun: false})

    expect((await world.store.read()).state.instances[here.id]?.status).to.equal('ACTIVE')
  })
})

describe('deleteCluster', () => {
  it('is refused at its end when a host has joined meanwhile', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [here]})})
    const engine = world.engineOf(here)
    const removeMark = engine.removeMark.bind(engine)
    const late = anInstance({name: 'late'})
    engine.removeMark = async (record, signal) => {
      await change(world, (state) => ({...state, instances: {...state.instances, [late.id]: late}}))
      await removeMark(record, signal)
    }

    const failure = await failureOf(deleteCluster(world, {name: 'prod', force: true, dryRun: false}))

    expect(failure.code).to.equal('ClusterContainsContainerInstancesException')
    expect((await world.store.read()).state.clusters).to.have.property(aCluster().id)
  })
})

describe('runTasks', () => {
  it('whose task is let go of by another command meanwhile is no success', async () => {
    const world = aWorld({now: NOW, state: aState({instances: [here], definitions: [definition]})})
    const engine = world.engineOf(here)
    const start = engine.start.bind(engine)
    engine.start = async (container, signal) => {
      await start(container, signal)
      await change(world, (state) => ({...state, instances: {}, tasks: {}}))
    }
    const run = async () => (await runTasks(world, {...NOTHING_ASKED, reference: 'web', detach: true})).finish()

    expect((await failureOf(run())).code).to.equal('TaskForgotten')
  })
})

function join(world: FakeWorld): Promise<Settled> {
  return settle(world, {because: 'join', decide: (state) => planJoin(state, aCluster(), joining), dryRun: false})
}

function leave(world: FakeWorld) {
  return leaveInstance(world, {cluster: undefined, name: here.name, force: false, dryRun: false})
}

/** What another command does meanwhile. */
async function change(world: FakeWorld, changed: (state: State) => State): Promise<void> {
  await world.store.update({...world.why, because: 'another command'}, (state) => ({state: changed(state), result: undefined}))
}

function afterMark(engine: FakeEngine, deed: () => Promise<void>): void {
  const writeMark = engine.writeMark.bind(engine)
  engine.writeMark = async (record, signal) => {
    await writeMark(record, signal)
    await deed()
  }
}

/** Every status that an instance ever had, as the store tells it. */
async function statusesOf(world: FakeWorld): Promise<readonly string[]> {
  const leaving = new AbortController()
  const {revision} = await world.store.read()
  const statuses: string[] = []
  for await (const told of world.store.changes(0, leaving.signal)) {
    statuses.push(...(JSON.stringify(told).match(/REGISTERING|ACTIVE|DRAINING/g) ?? []))
    if (told.revision >= revision) break
  }
  return statuses
}
