// The state made anew from its hosts is the state, but for its history: whatever was done to the cluster before. The engines are stand-ins that pass the contract
// of the real one.
import {expect} from 'chai'
import fc from 'fast-check'
import {deleteDefinitions, deregisterDefinitions} from '../../../src/manager/definitions.js'
import {leaveInstance} from '../../../src/manager/instances.js'
import {rebuildState} from '../../../src/manager/rebuild.js'
import {refreshCluster} from '../../../src/manager/refresh.js'
import {resumeIntents} from '../../../src/manager/resume.js'
import {restoreState} from '../../../src/manager/state.js'
import {stopTasks} from '../../../src/manager/tasks.js'
import {hostText} from '../../../src/model/host-address.js'
import type {Intent} from '../../../src/model/intent.js'
import {STATE_VERSION} from '../../../src/model/state.js'
import type {World} from '../../../src/world/world.js'
import {anId, anInstance, LONG_AGO} from '../../support/build.js'
import {MemoryStore} from '../../support/memory-store.js'
import {failureOf} from '../../support/specs.js'
import {withoutHistory} from '../../support/without-history.js'
import {stage as stageOf} from './killed-client.js'
import {lostWorld} from './lost-world.js'
import {deeds, register, run} from './past-deeds.js'

const NEVER = new AbortController().signal
const hosts = ['a', 'b', 'c', 'd'].map((name) => anInstance({name}))
const HOSTS = hosts.map(({name}) => `unix:///run/${name}.sock`)
const stage = () => stageOf({hosts, definitions: []})

describe('a state made anew from its hosts', function () {
  this.timeout(120_000)

  it('is always the state, but for its history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, {maxLength: 12}), async (done) => {
        const world = await stage()
        for (const deed of done) await deed(world).catch(() => undefined)
        await refreshCluster(world, undefined)

        const other = lostWorld(world)
        await rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false})

        expect(withoutHistory((await other.store.read()).state)).to.deep.equal(withoutHistory((await world.store.read()).state))
      }),
      {numRuns: 60},
    )
  })

  it('is the same when it is made anew once more, and knows its hosts', async () => {
    const world = await stage()
    for (const deed of [register('web'), run('web', {command: ['sh', '-c', 'sleep 60']})]) await deed(world)
    const other = lostWorld(world)
    await rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false})
    const {state} = await other.store.read()

    const again = await rebuildState(other, {hosts: [], tls: undefined, dryRun: true})

    expect(again.plan.actions).to.deep.equal([])
    await run('web')(other)
    expect(Object.keys((await other.store.read()).state.tasks)).to.have.length(Object.keys(state.tasks).length + 2)
  })

  it('has instances and tasks though every volume was pruned, and the hosts bear marks and records again', async () => {
    const world = await stage()
    for (const deed of [register('web'), run('web')]) await deed(world)
    for (const host of hosts) {
      const engine = world.engineOf(host)
      for (const mark of await engine.marks(NEVER)) await engine.removeMark(mark, NEVER)
      for (const record of await engine.keptRecords(NEVER)) if (record.kind !== 'definition') await engine.dropRecord(record, NEVER)
    }
    const other = lostWorld(world)

    const done = await rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false})

    const {state} = await other.store.read()
    expect(Object.values(state.tasks).map(({lastStatus}) => lastStatus)).to.deep.equal(['RUNNING', 'RUNNING'])
    const bearing = hosts.filter(({id}) => state.instances[id] !== undefined)
    expect(bearing).to.have.length(2)
    for (const host of bearing) {
      expect(await world.engineOf(host).marks(NEVER)).to.have.length(1)
      expect((await world.engineOf(host).keptRecords(NEVER)).map(({kind}) => kind)).to.have.members(['cluster', 'instance', 'definition'])
    }
    expect(done.plan.notes.map(({said}) => said).join('\n'))
      .to.contain('bears nothing of Berth')
      .and.to.contain('new join')
  })

  it('takes a host that is named twice, or a copy of its machine, once', async () => {
    const world = await stage()
    for (const deed of [register('web'), run('web')]) await deed(world)
    const other = lostWorld(world)
    const first = other.engines.open
    const engines: World['engines'] = {
      open: (address, ...words) => first(hostText(address).includes('copy') ? (hosts[0] ?? anInstance()).address : address, ...words),
    }

    const {plan} = await rebuildState({...other, engines}, {hosts: [...HOSTS, 'unix:///run/copy.sock'], tls: undefined, dryRun: false})

    expect(withoutHistory((await other.store.read()).state)).to.deep.equal(withoutHistory((await world.store.read()).state))
    expect(plan.notes).to.deep.equal([
      {said: 'unix:///run/copy.sock is an instance that was told already: named twice, or a copy of its machine'},
    ])
  })

  it('leaves tasks alone whose definition is on no host, and says so', async () => {
    const world = await stage()
    for (const deed of [register('web'), run('web')]) await deed(world)
    for (const host of hosts)
      for (const record of await world.engineOf(host).keptRecords(NEVER))
        if (record.kind === 'definition') await world.engineOf(host).dropRecord(record, NEVER)
    const other = lostWorld(world)

    const {plan} = await rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false})

    expect((await other.store.read()).state.tasks).to.deep.equal({})
    expect(plan.notes.map(({said}) => said)).to.include('task definition web:1 is on no host: a task of it is left alone')
  })
})

describe('what hosts bear of other states', () => {
  it('is not taken for this one’s: a record that a host kept of another cluster', async () => {
    const world = await stage()
    for (const deed of [register('web'), run('web')]) await deed(world)
    const strange = {id: 'web:1', family: 'web', revision: 1, hash: 'e'.repeat(64), document: {containerDefinitions: []}}
    for (const host of hosts)
      await world
        .engineOf(host)
        .keepRecord(
          {kind: 'definition', clusterId: anId(9, 'c'), name: 'web:1', generation: 500, version: STATE_VERSION, record: strange},
          NEVER,
        )
    const other = lostWorld(world)

    await rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false})

    expect(withoutHistory((await other.store.read()).state)).to.deep.equal(withoutHistory((await world.store.read()).state))
  })

  it('is refused where one name means two things', async () => {
    const world = await stage()
    for (const deed of [register('web'), run('web')]) await deed(world)
    const other = lostWorld(world)
    await register('web', 7)(other)

    expect(await failureOf(rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false}))).to.include({
      code: 'DefinitionConflict',
      exitCode: 4,
    })
    expect(Object.keys((await other.store.read()).state.tasks)).to.deep.equal([])
  })

  it('is left out where this Berth cannot read it, and told', async () => {
    const world = await stage()
    await register('web')(world)
    await refreshCluster(world, undefined)
    const engine = world.engineOf(hosts[0] ?? anInstance())
    for (const record of await engine.keptRecords(NEVER))
      if (record.kind === 'instance') await engine.keepRecord({...record, generation: 99, version: STATE_VERSION + 1}, NEVER)
    const other = lostWorld(world)

    const {plan} = await rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false})

    expect(plan.notes).to.deep.include({said: 'unix:///run/a.sock keeps a record that this Berth cannot read, left out'})
    expect(Object.keys((await other.store.read()).state.instances)).to.have.length(hosts.length)
  })
})

describe('a state that was not lost', () => {
  it('does not take back what it has let go of', async () => {
    const staged = await stage()
    const world = {...lostWorld(staged), store: staged.store}
    for (const deed of [register('web'), register('web'), run('web:2')]) await deed(world)
    const kept = (await Promise.all(hosts.map((host) => world.engineOf(host).keptRecords(NEVER)))).flat()
    await deregisterDefinitions(world, {texts: ['web:1'], dryRun: false})
    await deleteDefinitions(world, {texts: ['web:1'], dryRun: false})
    // A host that was silent then has it still.
    for (const record of kept) if (record.name === 'web:1') await world.engineOf(hosts[0] ?? anInstance()).keepRecord(record, NEVER)

    await rebuildState(world, {hosts: HOSTS, tls: undefined, dryRun: false})

    expect(Object.keys((await world.store.read()).state.definitions)).to.deep.equal(['web:2'])
  })

  it('has its hosts forget a definition as soon as it is deleted', async () => {
    const world = await stage()
    for (const deed of [register('web'), run('web')]) await deed(world)
    await register('web')(world)
    await refreshCluster(world, undefined)
    await deregisterDefinitions(world, {texts: ['web:2'], dryRun: false})
    await deleteDefinitions(world, {texts: ['web:2'], dryRun: false})
    const other = lostWorld(world)

    await rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false})

    const {definitions, families} = (await other.store.read()).state
    expect([Object.keys(definitions), families]).to.deep.equal([['web:1'], {web: {lastRevision: 2}}])
  })
})

describe('an old copy of a state', () => {
  it('neither stops anything nor lets a host leave, nor goes on with what a client had begun', async () => {
    const world = await stage()
    for (const deed of [register('web'), run('web')]) await deed(world)
    const {state} = await world.store.read()
    const [first = ''] = Object.keys(state.tasks)
    const intent: Intent = {
      id: anId(3),
      command: 'task stop',
      by: 'me@here',
      because: 'stop',
      begunAt: LONG_AGO,
      client: {pid: 9, bootId: 'gone', startedAt: '1'},
      typed: '',
      actions: [{kind: 'stopTask', taskId: first}],
    }
    const old = {
      ...world,
      clients: {...world.clients, isAlive: () => false},
      store: new MemoryStore({...state, intents: {[intent.id]: intent}}),
    }
    for (let times = 0; times < 5; times += 1) await run('web', {count: 4})(world)

    const stop = {cluster: undefined, tasks: [first], reason: undefined, timeoutSeconds: 1, dryRun: false}
    expect(await failureOf(stopTasks(old, stop))).to.have.property('code', 'StateOutdated')
    expect(await failureOf(leaveInstance(old, {cluster: undefined, name: 'a', force: true, dryRun: false}))).to.have.property(
      'code',
      'StateOutdated',
    )
    expect(await failureOf(resumeIntents(old, {abort: false}))).to.have.property('code', 'StateOutdated')
    expect((await world.store.read()).state.tasks[first]?.lastStatus).to.equal('RUNNING')
    expect(await world.engineOf(hosts[0] ?? anInstance()).marks(NEVER)).to.have.length(1)
  })

  it('may look, but changes nothing any more, until it is brought up to the hosts', async () => {
    const world = await stage()
    await register('web')(world)
    const old = {...world, said: [], store: new MemoryStore((await world.store.read()).state)}
    await run('web')(world)

    const failure = await failureOf(run('web')(old))
    expect(failure).to.include({code: 'StateOutdated', exitCode: 8})
    expect((await refreshCluster(old, undefined)).records).to.deep.equal([])

    await rebuildState(old, {hosts: [], tls: undefined, dryRun: false})
    await run('web')(old)
    expect(Object.keys((await old.store.read()).state.tasks)).to.have.length(4)
    // Now it is the other that is old.
    expect(await failureOf(run('web')(world))).to.have.property('code', 'StateOutdated')
  })

  it('is not what a state becomes that is restored to an earlier revision', async () => {
    const world = await stage()
    await register('web')(world)
    const {revision} = await world.store.read()
    await run('web')(world)

    await restoreState(world, {revision: String(revision), dryRun: false})
    await run('web')(world)

    expect(Object.keys((await world.store.read()).state.tasks)).to.have.length(2)
  })
})
