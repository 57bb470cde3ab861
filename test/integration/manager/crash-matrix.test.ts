// Every command that works on hosts, killed before and after every single thing that it asks of an engine or writes into the state; then typed once more. The
// engines are stand-ins that pass the contract of the real one; `npm run test:matrix` does the same over Docker.
import {createHash} from 'node:crypto'
import {expect} from 'chai'
import {NotFoundError} from '../../../src/errors.js'
import {deleteCluster} from '../../../src/manager/clusters.js'
import {clusterDrift} from '../../../src/manager/drift.js'
import {leaveInstance} from '../../../src/manager/instances.js'
import {resumeIntents} from '../../../src/manager/resume.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import {stopTasks} from '../../../src/manager/tasks.js'
import type {State} from '../../../src/model/state.js'
import {instant} from '../../../src/model/time.js'
import type {World} from '../../../src/world/world.js'
import {aCluster, aDefinition, aDocument, anInstance, aState, LONG_AGO} from '../../support/build.js'
import {Life} from '../../support/mortal-world.js'
import {aWorld, type FakeWorld} from './fake-world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

const NEVER = new AbortController().signal
const NOW = instant(LONG_AGO) + 1000
const hosts = [anInstance({name: 'a'}), anInstance({name: 'b'})]
const sleeping = {image: 'busybox:test', command: ['sh', '-c', 'sleep 600'], memory: 64}
const definition = aDefinition({
  document: {
    ...aDocument(),
    containerDefinitions: [
      {name: 'web', ...sleeping},
      {name: 'helper', ...sleeping},
    ],
  },
})

interface Operation {
  readonly typed: readonly string[]
  /** What stands before it. */
  readonly prepare?: (world: World) => Promise<unknown>
  readonly run: (world: World) => Promise<unknown>
  /** Is what was wanted there already, and written down? */
  readonly isReached: (state: State) => boolean
  readonly expectReached: (world: FakeWorld, state: State) => Promise<void>
}

const run = async (world: World) =>
  (await runTasks(world, {...NOTHING_ASKED, reference: 'web', count: 3, detach: true, dryRun: false})).finish()

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'task run --count 3': {
    typed: ['task', 'run', 'web', '--count', '3', '--detach'],
    run,
    isReached: (state) => running(state).length === 3 && Object.keys(state.intents).length === 0,
    expectReached: async (world, state) => {
      expect(running(state)).to.have.length(3)
      expect(Object.keys(state.tasks)).to.have.length(3)
      expect((await containers(world)).sort()).to.deep.equal(namesOf(state))
    },
  },
  'task stop': {
    typed: ['task', 'stop', 'all'],
    prepare: run,
    run: async (world) => {
      const {state} = await world.store.read()
      await stopTasks(world, {cluster: undefined, tasks: Object.keys(state.tasks), reason: undefined, timeoutSeconds: 1, dryRun: false})
    },
    isReached: (state) =>
      Object.values(state.tasks).every(({lastStatus}) => lastStatus === 'STOPPED') && Object.keys(state.intents).length === 0,
    expectReached: async (world, state) => {
      expect(Object.values(state.tasks).map(({lastStatus}) => lastStatus)).to.deep.equal(['STOPPED', 'STOPPED', 'STOPPED'])
      expect(await containers(world, 'running')).to.deep.equal([])
    },
  },
  'instance leave': {
    typed: ['instance', 'leave', 'a'],
    run: (world) => leaveInstance(world, {cluster: undefined, name: 'a', force: false, dryRun: false}),
    isReached: (state) => Object.values(state.instances).every(({name}) => name !== 'a'),
    expectReached: async (world, state) => {
      expect(Object.values(state.instances).map(({name}) => name)).to.deep.equal(['b'])
      expect(await marks(world)).to.equal(1)
    },
  },
  'cluster drift --revert all': {
    typed: ['cluster', 'drift', '--revert', 'all'],
    prepare: async (world) => {
      await run(world)
      const [gone, capped] = Object.values((await world.store.read()).state.tasks)
      const engineOf = (task: typeof gone) =>
        world.engines.open(hosts.find(({id}) => id === task?.instanceId)?.address ?? {kind: 'unix', path: ''}, {}, NEVER)
      await (await engineOf(gone)).remove(gone?.containers[0]?.containerName ?? '', NEVER)
      await (await engineOf(capped)).update(capped?.containers[0]?.containerName ?? '', {cpuCores: 0.5}, NEVER)
    },
    run: (world) => clusterDrift(world, {cluster: undefined, adopt: [], revert: ['all'], ignore: [], heed: [], dryRun: false}),
    isReached: (state) => running(state).length === 3 && Object.keys(state.tasks).length === 5 && Object.keys(state.intents).length === 0,
    expectReached: async (world, state) => {
      expect(running(state)).to.have.length(3)
      expect(Object.values(state.tasks).filter(({lastStatus}) => lastStatus === 'STOPPED')).to.have.length(2)
      const tasks = Object.fromEntries(running(state).map((task) => [task.id, task]))
      expect((await containers(world, 'running')).sort()).to.deep.equal(namesOf({tasks}))
    },
  },
  'cluster delete --force': {
    typed: ['cluster', 'delete', 'prod', '--force'],
    prepare: run,
    run: (world) => deleteCluster(world, {name: 'prod', force: true, dryRun: false}),
    isReached: (state) => Object.keys(state.clusters).length === 0,
    expectReached: async (world, state) => {
      expect([state.clusters, state.instances, state.tasks]).to.deep.equal([{}, {}, {}])
      expect(await containers(world)).to.deep.equal([])
      expect(await marks(world)).to.equal(0)
    },
  },
}

describe('a client that is killed', function () {
  this.timeout(120_000)

  for (const [name, operation] of Object.entries(OPERATIONS)) {
    it(`in "${name}", anywhere, has begun nothing that the same words again do not end`, async () => {
      const moments = await momentsOf(operation)
      expect(moments.length).to.be.greaterThan(6)
      for (let dieAt = 1; dieAt <= moments.length; dieAt += 1) {
        const world = await stage(operation)
        await live(new Life(2, dieAt), world, operation)
        const where = `killed ${moments[dieAt - 1]} (${dieAt} of ${moments.length})`
        const {state} = await world.store.read()
        // What was all done has nothing to be gone on with: typed once more it would be a new command.
        if (!operation.isReached(state)) await live(new Life(3), world, operation)
        await expectAll(world, operation, where)
      }
    })

    it(`in "${name}", anywhere, has begun nothing that "state resume" does not end`, async () => {
      const moments = await momentsOf(operation)
      for (let dieAt = 1; dieAt <= moments.length; dieAt += 1) {
        const world = await stage(operation)
        await live(new Life(2, dieAt), world, operation)
        const hadIntent = Object.keys((await world.store.read()).state.intents).length > 0
        await resumeIntents(new Life(3).in(world, ['state', 'resume'], []), {abort: false})
        if (hadIntent) await expectAll(world, operation, `killed ${moments[dieAt - 1]} (${dieAt} of ${moments.length})`)
      }
    })
  }

  it('in "task run --count 3", anywhere, leaves nothing once it is taken back', async () => {
    const operation = OPERATIONS['task run --count 3'] as Operation
    const moments = await momentsOf(operation)
    for (let dieAt = 1; dieAt <= moments.length; dieAt += 1) {
      const world = await stage(operation)
      await live(new Life(2, dieAt), world, operation)
      await resumeIntents(new Life(3).in(world, ['state', 'resume', '--abort'], []), {abort: true})
      const {state} = await world.store.read()
      const where = `killed ${moments[dieAt - 1]} (${dieAt} of ${moments.length})`
      expect(Object.keys(state.intents), where).to.deep.equal([])
      // A task that ran already when its client died stays.
      for (const task of Object.values(state.tasks)) expect(task.lastStatus, where).to.be.oneOf(['RUNNING', 'STOPPED'])
      expect((await containers(world)).sort(), where).to.deep.equal(
        namesOf({...state, tasks: Object.fromEntries(running(state).map((task) => [task.id, task]))}),
      )
    }
  })

  it('is not taken for dead while it lives', async () => {
    const operation = OPERATIONS['task run --count 3'] as Operation
    const world = await stage(operation)
    const slow = new Life(2, 8)
    await live(slow, world, operation)
    const alive = new Life(2)
    const other = new Life(3).in(world, operation.typed, [alive])

    expect(await resumeIntents(other, {abort: false})).to.deep.equal([])
  })
})

/** The cluster with its hosts, each bearing its mark, and what the operation begins with. */
async function stage({prepare}: Operation): Promise<FakeWorld> {
  const world = {...aWorld({now: NOW, state: aState({instances: hosts, definitions: [definition]})}), ids: {next: differingIds()}}
  for (const host of hosts)
    await world.engineOf(host).writeMark({kind: 'instance', cluster: 'prod', clusterId: aCluster().id, instanceId: host.id}, NEVER)
  if (prepare) await prepare(new Life(1).in(world, ['prepare'], []))
  return world
}

/** The names of containers have the first half of an id. */
function differingIds(): () => string {
  let drawn = 0
  return () => {
    drawn += 1
    return createHash('md5').update(String(drawn)).digest('hex')
  }
}

/** Until it ends or dies. */
async function live(life: Life, world: FakeWorld, {run: operate, typed}: Operation): Promise<void> {
  const work = operate(life.in(world, typed, [])).catch((error: unknown) => {
    // What is gone already cannot be named any more.
    if (!(error instanceof NotFoundError)) throw error
  })
  await Promise.race([work, life.death])
}

async function momentsOf(operation: Operation): Promise<readonly string[]> {
  const life = new Life(2)
  const world = await stage(operation)
  await live(life, world, operation)
  await expectAll(world, operation, 'never killed')
  return life.moments
}

async function expectAll(world: FakeWorld, operation: Operation, where: string): Promise<void> {
  const {state} = await world.store.read()
  try {
    await operation.expectReached(world, state)
    expect(Object.values(state.intents)).to.deep.equal([])
  } catch (error) {
    if (error instanceof Error) error.message = `${where}: ${error.message}`
    throw error
  }
}

function running(state: State) {
  return Object.values(state.tasks).filter(({desiredStatus, lastStatus}) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING')
}

function namesOf({tasks}: Pick<State, 'tasks'>): readonly string[] {
  return Object.values(tasks)
    .flatMap((task) => task.containers.map(({containerName}) => containerName))
    .sort()
}

async function containers(world: FakeWorld, status?: string): Promise<string[]> {
  const all = await Promise.all(hosts.map((host) => world.engineOf(host).list(NEVER)))
  return all.flat().flatMap((one) => (status === undefined || one.status === status ? [one.name] : []))
}

async function marks(world: FakeWorld): Promise<number> {
  return (await Promise.all(hosts.map((host) => world.engineOf(host).marks(NEVER)))).flat().length
}
