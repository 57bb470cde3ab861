// What clients that died over a service have left, met by the same words after somebody has asked for something else meanwhile.
import {expect} from 'chai'
import {builtInAttributes} from '../../../src/ecs/attributes.js'
import {drainInstances} from '../../../src/manager/drain.js'
import {setInstanceStatus} from '../../../src/manager/instances.js'
import {createService, updateService} from '../../../src/manager/services.js'
import {instancesOf} from '../../../src/model/state.js'
import type {World} from '../../../src/world/world.js'
import {aCluster, aDefinition, aDocument, anInstance, facts} from '../../support/build.js'
import {LeapingClock} from '../../support/leaping-clock.js'
import {Life} from '../../support/mortal-world.js'
import type {FakeWorld} from './fake-world.js'
import {live, type Operation, running, stage} from './killed-client.js'
import {CREATE_SERVICE, UPDATE_SERVICE} from './nothing-said.js'

const hosts = ['a', 'b'].map((name) => anInstance({name, builtInAttributes: builtInAttributes(facts(), {})}))
const SLEEPS = {image: 'busybox:test', command: ['sh', '-c', 'sleep 600'], healthCheck: {command: ['CMD', 'true']}}
const definitions = [1, 2].map((revision) =>
  aDefinition({
    revision,
    hash: String(revision).repeat(64),
    document: aDocument({...SLEEPS, environment: [{name: 'R', value: `${revision}`}]}),
  }),
)

const update = (revision: number, detach = false) => ({
  typed: ['service', 'update', 'web', '--task-definition', `web:${revision}`],
  run: (world: World) => updateService(world, {...UPDATE_SERVICE, taskDefinition: `web:${revision}`, detach}),
})

const drain = {
  typed: ['instance', 'drain', 'a', '--wait'],
  run: (world: World) =>
    drainInstances(world, {cluster: undefined, names: ['a'], wait: true, stopTasks: false, timeoutSeconds: 600, dryRun: false}),
}

const activate = {
  typed: ['instance', 'activate', 'a'],
  run: (world: World) => setInstanceStatus(world, {cluster: undefined, names: ['a'], status: 'ACTIVE', dryRun: false}),
}

describe('what a client has left that died over a service', () => {
  /** Killed at its first moment of that name. */
  async function killedAt(moment: string, operation: Pick<Operation, 'run' | 'typed'>): Promise<FakeWorld> {
    const prepare = (world: World) => createService(world, {...CREATE_SERVICE, taskDefinition: 'web:1'})
    for (let dieAt = 1; ; dieAt += 1) {
      const world = await stage({definitions, hosts, prepare}, new LeapingClock())
      const life = new Life(2, dieAt)
      await live(life, world, operation)
      if (life.moments.at(-1) === moment) return world
      expect(life.moments, `${moment} never came`).to.have.length(dieAt)
    }
  }

  it('does not stand for an update that is asked for anew, after another', async () => {
    const world = await killedAt('before create', update(2))
    await live(new Life(3), world, update(1, true))

    await live(new Life(4), world, update(2))

    const {state} = await world.store.read()
    expect(running(state).map(({definitionId}) => definitionId)).to.deep.equal(['web:2', 'web:2'])
    expect(Object.values(state.intents)).to.deep.equal([])
  })

  it('does not stand for a drain that is asked for anew, after the instance was made ACTIVE again', async () => {
    const world = await killedAt('before create', drain)
    await live(new Life(3), world, activate)

    await live(new Life(4), world, drain)

    const {state} = await world.store.read()
    expect(instancesOf(state, aCluster().id).map(({status}) => status)).to.deep.equal(['DRAINING', 'ACTIVE'])
    expect(running(state).map(({instanceId}) => state.instances[instanceId]?.name)).to.deep.equal(['b', 'b'])
    expect(Object.values(state.intents)).to.deep.equal([])
  })
})
