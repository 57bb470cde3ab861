// Every command that works on hosts, killed before and after every single thing that it asks of an engine or writes into the state; then typed once more. The
// engines are stand-ins that pass the contract of the real one; `npm run test:matrix` does the same over Docker.
import {expect} from 'chai'
import {deleteCluster} from '../../../src/manager/clusters.js'
import {clusterDrift} from '../../../src/manager/drift.js'
import {leaveInstance} from '../../../src/manager/instances.js'
import {resumeIntents} from '../../../src/manager/resume.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import {stopTasks} from '../../../src/manager/tasks.js'
import type {State} from '../../../src/model/state.js'
import type {World} from '../../../src/world/world.js'
import {aDefinition, aDocument, anInstance} from '../../support/build.js'
import {Life} from '../../support/mortal-world.js'
import {containers, expectAll, live, marks, momentsOf, namesOf, type Operation, running, stage} from './killed-client.js'
import {NOTHING_ASKED} from './nothing-asked.js'

const NEVER = new AbortController().signal
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

const before = {hosts, definitions: [definition]}

interface Again extends Operation {
  /** Is what was wanted there already, and written down? */
  readonly isReached: (state: State) => boolean
}

const run = async (world: World) =>
  (await runTasks(world, {...NOTHING_ASKED, reference: 'web', count: 3, detach: true, dryRun: false})).finish()

const OPERATIONS: Readonly<Record<string, Again>> = {
  'task run --count 3': {
    ...before,
    typed: ['task', 'run', 'web', '--count', '3', '--detach'],
    run,
    isReached: (state) => running(state).length === 3 && Object.keys(state.intents).length === 0,
    expectReached: async (world, state) => {
      expect(running(state)).to.have.length(3)
      expect(Object.keys(state.tasks)).to.have.length(3)
      expect(await containers(world, hosts)).to.deep.equal(namesOf(Object.values(state.tasks)))
    },
  },
  'task stop': {
    ...before,
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
      expect(await containers(world, hosts, 'running')).to.deep.equal([])
    },
  },
  'instance leave': {
    ...before,
    typed: ['instance', 'leave', 'a'],
    run: (world) => leaveInstance(world, {cluster: undefined, name: 'a', force: false, dryRun: false}),
    isReached: (state) => Object.values(state.instances).every(({name}) => name !== 'a'),
    expectReached: async (world, state) => {
      expect(Object.values(state.instances).map(({name}) => name)).to.deep.equal(['b'])
      expect(await marks(world, hosts)).to.equal(1)
    },
  },
  'cluster drift --revert all': {
    ...before,
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
      expect(await containers(world, hosts, 'running')).to.deep.equal(namesOf(running(state)))
    },
  },
  'cluster delete --force': {
    ...before,
    typed: ['cluster', 'delete', 'prod', '--force'],
    prepare: run,
    run: (world) => deleteCluster(world, {name: 'prod', force: true, dryRun: false}),
    isReached: (state) => Object.keys(state.clusters).length === 0,
    expectReached: async (world, state) => {
      expect([state.clusters, state.instances, state.tasks]).to.deep.equal([{}, {}, {}])
      expect(await containers(world, hosts)).to.deep.equal([])
      expect(await marks(world, hosts)).to.equal(0)
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
    const operation = OPERATIONS['task run --count 3'] as Again
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
      expect(await containers(world, hosts), where).to.deep.equal(namesOf(running(state)))
    }
  })

  it('is not taken for dead while it lives', async () => {
    const operation = OPERATIONS['task run --count 3'] as Again
    const world = await stage(operation)
    const slow = new Life(2, 8)
    await live(slow, world, operation)
    const alive = new Life(2)
    const other = new Life(3).in(world, operation.typed, [alive])

    expect(await resumeIntents(other, {abort: false})).to.deep.equal([])
  })
})
