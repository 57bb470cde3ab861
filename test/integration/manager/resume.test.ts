// What clients that died have left, met by others in the meantime: nothing is taken from anybody, and nothing is made twice.
import {createHash} from 'node:crypto'
import {expect} from 'chai'
import {UnreachableError} from '../../../src/errors.js'
import {leaveInstance, setInstanceStatus} from '../../../src/manager/instances.js'
import {resumeIntents} from '../../../src/manager/resume.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import {restoreState} from '../../../src/manager/state.js'
import {stopTasks} from '../../../src/manager/tasks.js'
import {instant} from '../../../src/model/time.js'
import type {World} from '../../../src/world/world.js'
import {aCluster, aDefinition, aDocument, anInstance, aState, LONG_AGO} from '../../support/build.js'
import {Life} from '../../support/mortal-world.js'
import {failureOf} from '../../support/specs.js'
import {aWorld, type FakeWorld} from './fake-world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

const NEVER = new AbortController().signal
const NOW = instant(LONG_AGO) + 1000
const host = anInstance({name: 'a'})
const definition = aDefinition({document: aDocument({image: 'busybox:test', command: ['sh', '-c', 'sleep 600']})})
const RUN = ['task', 'run', 'web']

const run = async (world: World) =>
  (await runTasks(world, {...NOTHING_ASKED, reference: 'web', count: 1, detach: true, dryRun: false})).finish()
const leave = (world: World) => leaveInstance(world, {cluster: undefined, name: 'a', force: false, dryRun: false})

describe('what a dead client has left', () => {
  let world: FakeWorld
  let lives = 1
  let now = NOW

  beforeEach(async () => {
    let drawn = 0
    const next = () => {
      drawn += 1
      return createHash('md5').update(String(drawn)).digest('hex')
    }
    now = NOW
    // Who waits for a host that is away is not to wait in truth.
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms
        await new Promise((resolve) => setImmediate(resolve))
      },
    }
    world = {...aWorld({now: NOW, state: aState({instances: [host], definitions: [definition]})}), ids: {next}, clock}
    await world.engineOf(host).writeMark({kind: 'instance', cluster: 'prod', clusterId: aCluster().id, instanceId: host.id}, NEVER)
  })

  /** The deed of a client of its own, typed as that, to its end. */
  const typed = <T>(words: readonly string[], deed: (world: World) => Promise<T>): Promise<T> => {
    lives += 1
    return deed(new Life(lives).in(world, words, []))
  }

  /** The deed of a client that is killed at the first moment of that name. */
  async function killedAt(moment: string, words: readonly string[], deed: (world: World) => Promise<unknown>): Promise<void> {
    const dry = new Life(0)
    const copy = await stateOf()
    for (let dieAt = 1; ; dieAt += 1) {
      const life = new Life(99, dieAt)
      await Promise.race([deed(life.in(world, words, [])), life.death])
      if (life.moments.at(-1) === moment) return
      expect(life.moments.length, `${moment} never came`).to.equal(dieAt)
      // Once more from the beginning.
      expect(dry.moments).to.deep.equal([])
      await world.store.update({command: '', by: '', because: 'again'}, () => ({state: copy, result: undefined}))
      for (const one of await world.engineOf(host).list(NEVER)) await world.engineOf(host).remove(one.name, NEVER)
    }
  }

  const stateOf = async () => (await world.store.read()).state
  const running = async () => Object.values((await stateOf()).tasks).filter(({lastStatus}) => lastStatus === 'RUNNING')
  const containers = async () => (await world.engineOf(host).list(NEVER)).length

  it('takes out no instance that was made ACTIVE again', async () => {
    await killedAt('before removeMark', ['instance', 'leave', 'a'], leave)
    await typed(['instance', 'activate', 'a'], (mine) =>
      setInstanceStatus(mine, {cluster: undefined, names: ['a'], status: 'ACTIVE', dryRun: false}),
    )
    await typed(RUN, run)

    await typed(['state', 'resume'], (mine) => resumeIntents(mine, {abort: false}))

    expect(Object.values((await stateOf()).instances).map(({status}) => status)).to.deep.equal(['ACTIVE'])
    expect(await running()).to.have.length(1)
    expect((await stateOf()).intents).to.deep.equal({})
  })

  it('stays to be gone on with while its host is away', async () => {
    await killedAt('after start', RUN, run)
    world.engineOf(host).breakDown(new UnreachableError('HostSilent', 'It is away.'))
    expect(await failureOf(typed(RUN, run))).to.have.property('code')
    expect(Object.keys((await stateOf()).intents)).to.have.length(1)
    world.engineOf(host).breakDown()

    await typed(RUN, run)

    expect(await running()).to.have.length(1)
    expect(await containers()).to.equal(1)
    expect((await stateOf()).intents).to.deep.equal({})
  })

  it('is not taken back where it runs already, though its client did not live to write that down', async () => {
    await killedAt('after start', RUN, run)

    const [resumed] = await typed(['state', 'resume', '--abort'], (mine) => resumeIntents(mine, {abort: true}))

    expect(resumed?.undone).to.deep.equal([])
    expect(await running()).to.have.length(1)
    expect(await containers()).to.equal(1)
  })

  it('is not told as taken back where its host is away', async () => {
    await killedAt('after create', RUN, run)
    world.engineOf(host).breakDown(new UnreachableError('HostSilent', 'It is away.'))

    expect(await failureOf(typed(['state', 'resume', '--abort'], (mine) => resumeIntents(mine, {abort: true})))).to.include({
      code: 'StartNotTakenBack',
      exitCode: 6,
    })
    world.engineOf(host).breakDown()
    await typed(['state', 'resume', '--abort'], (mine) => resumeIntents(mine, {abort: true}))

    expect(await containers()).to.equal(0)
    expect((await stateOf()).intents).to.deep.equal({})
  })

  it('is no part of the same words once its tasks have ended, nor an hour later', async () => {
    await killedAt('after start', RUN, run)
    const [first] = Object.keys((await stateOf()).tasks)
    await typed(['task', 'stop'], (mine) =>
      stopTasks(mine, {cluster: undefined, tasks: [first ?? ''], reason: undefined, timeoutSeconds: 1, dryRun: false}),
    )

    await typed(RUN, run)
    expect((await running()).map(({id}) => id)).to.not.include(first)

    await killedAt('after create', ['task', 'run', 'web', '-q'], run)
    const before = Object.keys((await stateOf()).tasks).length
    now += 61 * 60 * 1000
    await typed(['task', 'run', 'web', '-q'], run)
    expect(Object.keys((await stateOf()).tasks)).to.have.length(before + 1)
  })

  it('is not what an old revision of the state says of it', async () => {
    await typed(RUN, run)
    const planned = (await world.store.history()).find(({records}) => records.some(({table}) => table === 'intents'))

    await typed(['state', 'restore'], (mine) => restoreState(mine, {revision: String(planned?.revision), dryRun: false}))

    expect((await stateOf()).intents).to.deep.equal({})
  })
})
