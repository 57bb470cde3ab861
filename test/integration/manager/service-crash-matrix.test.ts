// Commands that keep on until services are as they are wanted, killed before and after every single thing that they ask of an engine or write into the state; then ended by
// the same words once more, or by whoever settles the cluster. Engines are stand-ins, and time passes as soon as all only wait for it.
import {expect} from 'chai'
import {builtInAttributes} from '../../../src/ecs/attributes.js'
import {drainInstances} from '../../../src/manager/drain.js'
import {createService, deleteService, rollBackService, updateService} from '../../../src/manager/services.js'
import {settleCluster} from '../../../src/manager/settle-cluster.js'
import type {ContainerDefinition} from '../../../src/model/container-definition.js'
import type {Instance} from '../../../src/model/instance.js'
import {type State, the} from '../../../src/model/state.js'
import {hashText} from '../../../src/placement/rank.js'
import {applyChanges} from '../../../src/store/journal-text.js'
import type {World} from '../../../src/world/world.js'
import {aDefinition, aDocument, anInstance, aState, facts} from '../../support/build.js'
import {LeapingClock} from '../../support/leaping-clock.js'
import {Life} from '../../support/mortal-world.js'
import type {FakeWorld} from './fake-world.js'
import {containers, expectAll, live, momentsOf, namesOf, type Operation, running, stage} from './killed-client.js'
import {CREATE_SERVICE, NOTHING_SAID, UPDATE_SERVICE} from './nothing-said.js'

const COUNT = 2
const [a, b] = (['a', 'b'] as const).map((name) => anInstance({name, builtInAttributes: builtInAttributes(facts(), {})})) as [
  Instance,
  Instance,
]
const SLEEPS = {image: 'busybox:test', command: ['sh', '-c', "trap 'exit 0' TERM; sleep 600"], healthCheck: {command: ['CMD', 'true']}}

/** Revisions 1 and 2 of `web`. */
function revisions(said: Partial<ContainerDefinition> = {}) {
  return [1, 2].map((revision) => {
    const environment = [{name: 'REVISION', value: String(revision)}]
    return aDefinition({revision, hash: String(revision).repeat(64), document: aDocument({...SLEEPS, ...said, environment})})
  })
}

const create = (world: World) => createService(world, {...CREATE_SERVICE, taskDefinition: 'web:1'})
const update = (world: World) => updateService(world, {...UPDATE_SERVICE, taskDefinition: 'web:2'})

interface ServiceOperation extends Operation {
  /** Is it written down that it is wanted, so that whoever settles goes on with it? */
  readonly isAsked: (state: State) => boolean
  /** Would the same words ask for something else, now that all is done? */
  readonly isReached?: (state: State) => boolean
  /** So many tasks are healthy at every moment. */
  readonly alwaysHealthy: number
}

/** As many healthy tasks of this revision as are wanted, on these hosts, with a container each, and of nothing else one that runs. */
const expectServing = (definitionId: string, on: readonly string[], count: number) => async (world: FakeWorld, state: State) => {
  const [service] = Object.values(state.services)
  expect(state.deployments[service?.deploymentId ?? '']).to.include({definitionId, rolloutState: 'COMPLETED'})
  const serving = running(state)
  const places = serving.map((task) => [task.definitionId, task.containers[0]?.healthStatus, the(state.instances, task.instanceId).name])
  expect(places.sort()).to.deep.equal(on.map((name) => [definitionId, 'HEALTHY', name]))
  await expectNoOthers(world, state, count)
}

/** There were so many tasks, all but those that run have stopped, on the hosts too, and nothing there is unknown. */
async function expectNoOthers(world: FakeWorld, state: State, count: number): Promise<void> {
  const hosts = Object.values(state.instances)
  const tasks = Object.values(state.tasks)
  const others = tasks.filter((task) => !running(state).includes(task))
  expect(others.map(({lastStatus}) => lastStatus)).to.deep.equal(others.map(() => 'STOPPED'))
  expect(await containers(world, hosts, 'running')).to.deep.equal(namesOf(running(state)))
  expect(namesOf(tasks)).to.include.members(await containers(world, hosts))
  expect(tasks, 'nothing was begun twice').to.have.length(count)
}

const isOf = (definitionId: string) => (state: State) =>
  Object.values(state.services).some(({deploymentId}) => state.deployments[deploymentId]?.definitionId === definitionId)

const OPERATIONS: Readonly<Record<string, ServiceOperation>> = {
  'service create': {
    typed: ['service', 'create', 'web'],
    hosts: [a, b],
    definitions: revisions(),
    run: create,
    isAsked: isOf('web:1'),
    alwaysHealthy: 0,
    expectReached: expectServing('web:1', ['a', 'b'], COUNT),
  },
  'service update': {
    typed: ['service', 'update', 'web', '--task-definition', 'web:2'],
    hosts: [a, b],
    definitions: revisions(),
    prepare: create,
    run: update,
    isAsked: isOf('web:2'),
    alwaysHealthy: COUNT,
    expectReached: expectServing('web:2', ['a', 'b'], 2 * COUNT),
  },
  'service update where old tasks have to make way': {
    typed: ['service', 'update', 'web', '--task-definition', 'web:2'],
    hosts: [a, b],
    definitions: revisions({portMappings: [{containerPort: 80, hostPort: 8080}]}),
    prepare: create,
    run: update,
    isAsked: isOf('web:2'),
    alwaysHealthy: COUNT - 1,
    expectReached: expectServing('web:2', ['a', 'b'], 2 * COUNT),
  },
  'service rollback': {
    typed: ['service', 'rollback', 'web'],
    hosts: [a, b],
    definitions: revisions(),
    prepare: async (world) => {
      await create(world)
      await update(world)
    },
    run: (world) => rollBackService(world, NOTHING_SAID),
    isAsked: isOf('web:1'),
    // What was rolled back would be rolled forward by the same words.
    isReached: (state) => Object.values(state.deployments).every(({rolloutState}) => rolloutState === 'COMPLETED') && isOf('web:1')(state),
    alwaysHealthy: COUNT,
    expectReached: expectServing('web:1', ['a', 'b'], 3 * COUNT),
  },
  'service delete --force': {
    typed: ['service', 'delete', 'web', '--force'],
    hosts: [a, b],
    definitions: revisions(),
    prepare: create,
    run: (world) => deleteService(world, {...NOTHING_SAID, force: true}),
    isAsked: ({services}) => Object.values(services).every(({status}) => status === 'DRAINING'),
    alwaysHealthy: 0,
    expectReached: async (world, state) => {
      expect([state.services, state.deployments, state.serviceEvents]).to.deep.equal([{}, {}, {}])
      expect(running(state)).to.deep.equal([])
      await expectNoOthers(world, state, COUNT)
    },
  },
  'instance drain --wait': {
    typed: ['instance', 'drain', 'a', '--wait'],
    hosts: [a, b],
    definitions: revisions(),
    prepare: create,
    run: (world) =>
      drainInstances(world, {cluster: undefined, names: ['a'], wait: true, stopTasks: false, timeoutSeconds: 600, dryRun: false}),
    isAsked: ({instances}) => instances[a.id]?.status === 'DRAINING',
    alwaysHealthy: COUNT,
    expectReached: expectServing('web:1', ['b', 'b'], COUNT + 1),
  },
}

const settle = {
  typed: ['cluster', 'settle'],
  run: (world: World) => settleCluster(world, {cluster: undefined, timeoutSeconds: 600, dryRun: false, allowClientSecrets: false}),
}

/**
 * Each run tries every second moment, since what is after one call is mostly as it is before the next, and each second of these is ended by the same words: which, the
 * seed says.
 */
const seed = process.env['BERTH_MATRIX_SEED'] ?? String(Date.now())
const SAMPLE = hashText(seed) % 4

describe(`a client that is killed while it keeps a service (BERTH_MATRIX_SEED=${seed})`, function () {
  this.timeout(120_000)

  for (const [name, operation] of Object.entries(OPERATIONS)) {
    it(`in "${name}", anywhere, has begun nothing that the same words again, or whoever settles the cluster, do not end`, async () => {
      const moments = await momentsOf(operation, new LeapingClock())
      expect(moments.length).to.be.greaterThan(60)
      for (let dieAt = 1 + (SAMPLE % 2); dieAt <= moments.length; dieAt += 2) {
        const world = await stage(operation, new LeapingClock())
        await live(new Life(2, dieAt), world, operation)
        const {state} = await world.store.read()
        const isSettled = operation.isReached?.(state) || ((dieAt + SAMPLE) % 4 < 2 && operation.isAsked(state))
        const end = isSettled ? settle : operation
        await live(new Life(3), world, end)
        const where = `killed ${moments[dieAt - 1]} (${dieAt} of ${moments.length}), then "${end.typed.join(' ')}"`
        await expectAll(world, operation, where)
        await expectAlwaysHealthy(world, operation, where)
      }
    })
  }
})

/** From when so many were healthy for the first time. */
async function expectAlwaysHealthy(world: FakeWorld, {alwaysHealthy, definitions, hosts}: ServiceOperation, where: string): Promise<void> {
  let state = aState({instances: hosts, definitions})
  let most = 0
  for (const change of await world.store.history()) {
    state = applyChanges(state, [change])
    const healthy = running(state).filter((task) => task.containers.every(({healthStatus}) => healthStatus === 'HEALTHY')).length
    most = Math.max(most, healthy)
    if (most >= COUNT) expect(healthy, `${where}: healthy at revision ${change.revision}, ${change.because}`).to.be.at.least(alwaysHealthy)
  }
}
