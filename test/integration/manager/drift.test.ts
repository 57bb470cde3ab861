// Drift on engines in memory: what holds whatever somebody did by hand, and what an answer does when the cluster moves on meanwhile.
import {expect} from 'chai'
import fc from 'fast-check'
import {clusterDrift, driftExitCode} from '../../../src/manager/drift.js'
import type {DriftWanted} from '../../../src/manager/drift-answers.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import {stopTasks} from '../../../src/manager/tasks.js'
import {renderPlan} from '../../../src/model/plan.js'
import {aDefinition, aDocument, anId, anInstance, aState} from '../../support/build.js'
import {anOwner, aSpec, failureOf, soon} from '../../support/specs.js'
import {aWorld, type FakeWorld} from './fake-world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

const MIB = 1024 * 1024
const here = anInstance({name: 'a'})
const there = anInstance({name: 'b'})
const lasting = {image: 'busybox:test', command: ['sh', '-c', 'sleep 600']}
const DEFINITIONS = [
  aDefinition({document: aDocument({...lasting, memory: 64, portMappings: [{containerPort: 80}]}, 'web')}),
  aDefinition({document: aDocument({...lasting, cpu: 128, memory: 128, memoryReservation: 64}, 'api')}),
  aDefinition({
    document: {
      family: 'pair',
      containerDefinitions: [
        {name: 'main', ...lasting, memory: 32, portMappings: [{containerPort: 80, hostPort: 8080}]},
        {name: 'side', ...lasting, memory: 32, essential: false},
      ],
    },
  }),
]
const FAMILIES = ['web', 'api', 'pair']

/** Two hosts; the clock is the engines' own, which a test cannot set, and ids differ where the names of containers tell them. */
function aCalmWorld(definitions = DEFINITIONS): FakeWorld {
  let drawn = 0
  const world = aWorld({now: Date.now(), state: aState({instances: [here, there], definitions})})
  return {...world, ids: {next: () => anId(++drawn, 'd')}}
}

async function run(world: FakeWorld, family: string): Promise<void> {
  await (await runTasks(world, {...NOTHING_ASKED, reference: family, detach: true})).finish()
}

function drift(world: FakeWorld, said: Partial<DriftWanted> = {}) {
  world.setClock(Date.now())
  return clusterDrift(world, {cluster: undefined, adopt: [], revert: [], ignore: [], heed: [], dryRun: false, ...said})
}

async function found(world: FakeWorld) {
  const done = await drift(world)
  if (done.dryRun) throw new Error('A look is no plan.')
  return {...done.value, exitCode: driftExitCode(done)}
}

/** Every container of the cluster's own tasks, with the engine that has it. */
async function ours(world: FakeWorld) {
  const all = [here, there].map(async (instance) => {
    const engine = world.engineOf(instance)
    const listed = await engine.list(soon())
    return listed.filter(({owner}) => owner?.clusterId === here.clusterId).map(({name}) => ({engine, instance, name}))
  })
  return (await Promise.all(all)).flat()
}

type Own = Awaited<ReturnType<typeof ours>>[number]

const seenOf = async ({engine, name}: Own) => {
  const seen = await engine.inspect(name, soon())
  if (!seen?.owner) throw new Error(`There is no container ${name}.`)
  return {...seen, owner: seen.owner}
}

/** A container like another, made by hand. */
async function copy(own: Own, name: string, taskId?: string): Promise<void> {
  const {command, limits, owner} = await seenOf(own)
  const named = taskId === undefined ? owner : {...owner, taskId, taskArn: owner.taskArn.replace(owner.taskId, taskId)}
  const memory = {memoryMiB: limits.memoryBytes / MIB, memoryReservationMiB: limits.memoryReservationBytes / MIB}
  const cpu = limits.cpuShares === 0 ? {} : {cpuShares: limits.cpuShares}
  await own.engine.create(aSpec({name, owner: named, command, ...memory, ...cpu}), soon())
  await own.engine.start(name, soon())
}

let made = 0
/** What people do by hand. */
const DEEDS: Readonly<Record<string, (own: Own) => Promise<void>>> = {
  'remove a container': ({engine, name}) => engine.remove(name, soon()),
  'stop a container': ({engine, name}) => engine.stop(name, 1, soon()),
  'change its shares': ({engine, name}) => engine.update(name, {cpuShares: 512}, soon()),
  'change its memory': ({engine, name}) => engine.update(name, {memoryBytes: 96 * MIB}, soon()),
  'let the engine restart it': ({engine, name}) => engine.update(name, {restartPolicy: 'always'}, soon()),
  'give it a cap': ({engine, name}) => engine.update(name, {cpuCores: 0.3}, soon()),
  'copy it': (own) => copy(own, `copy-${++made}`),
  'copy it as another task': (own) => copy(own, `other-${++made}`, anId(++made, 'e')),
  'make it anew': async (own) => {
    const copied = `copy-${++made}`
    await copy(own, copied)
    const again = {...own, name: copied}
    await own.engine.remove(own.name, soon())
    await copy(again, own.name)
    await own.engine.remove(copied, soon())
  },
  'move the tag': async ({engine}) => {
    await engine.loadPauseImage(soon())
    const pause = await engine.image('berth/pause:1', soon())
    await engine.tagImage(pause?.id ?? '', 'busybox:test', soon())
  },
}

const runs = fc.array(fc.constantFrom(...FAMILIES), {minLength: 1, maxLength: 4})
const deeds = fc.array(fc.tuple(fc.constantFrom(...Object.keys(DEEDS)), fc.nat(20)), {maxLength: 5})

/** A world in which these families run and these things were done by hand. */
async function meddledWith(families: readonly string[], done: readonly (readonly [string, number])[]): Promise<FakeWorld> {
  const world = aCalmWorld()
  for (const family of families) await run(world, family).catch(() => {})
  for (const engine of [here, there].map((one) => world.engineOf(one))) {
    const owner = anOwner({taskId: anId(99, 'f')})
    await engine.create(aSpec({name: 'stranger', owner, command: ['sh', '-c', 'sleep 600']}), soon())
    await engine.start('stranger', soon())
  }
  for (const [deed, which] of done) {
    const all = await ours(world)
    const own = all[which % Math.max(1, all.length)]
    if (own) await DEEDS[deed]?.(own)
  }
  return world
}

describe('clusterDrift', function () {
  this.timeout(60_000)

  it('never finds drift where only Berth ran and stopped tasks', () =>
    fc.assert(
      fc.asyncProperty(runs, fc.nat(3), async (families, stops) => {
        const world = await meddledWith(families, [])
        const ids = Object.keys((await world.store.read()).state.tasks).slice(0, stops)
        await stopTasks(world, {cluster: undefined, dryRun: false, reason: undefined, tasks: ids, timeoutSeconds: 1})

        expect((await found(world)).drift).to.deep.equal([])
      }),
      {numRuns: 25},
    ))

  it('always finds the same drift again, and changes nothing by looking', () =>
    fc.assert(
      fc.asyncProperty(runs, deeds, async (families, done) => {
        const world = await meddledWith(families, done)
        const {revision} = await world.store.read()
        const first = await found(world)

        expect((await found(world)).drift.map(({id}) => id)).to.deep.equal(first.drift.map(({id}) => id))
        expect(new Set(first.drift.map(({id}) => id)).size).to.equal(first.drift.length)
        expect((await world.store.read()).revision).to.equal(revision)
      }),
      {numRuns: 40},
    ))

  it('always exits with 0 once all is ignored', () =>
    fc.assert(
      fc.asyncProperty(runs, deeds, async (families, done) => {
        const world = await meddledWith(families, done)
        const {drift: before} = await found(world)
        await drift(world, {ignore: ['all']})

        expect(await found(world)).to.deep.include({exitCode: 0, drift: []})
        expect((await found(world)).ignored).to.have.length(before.length)
      }),
      {numRuns: 40},
    ))

  it('always comes to an end where all is adopted and the rest reverted, and never touches a stranger', () =>
    fc.assert(
      fc.asyncProperty(runs, deeds, async (families, done) => {
        const world = await meddledWith(families, done)
        // What is told of a task that was made anew may hide its limits: they are told next.
        for (let round = 0; round < 3; round += 1) await drift(world, {adopt: ['all'], revert: ['all']})

        expect((await found(world)).drift.map(({found: is, kind, subject}) => `${kind} ${subject} ${is}`)).to.deep.equal([])
        for (const instance of [here, there])
          expect(await world.engineOf(instance).inspect('stranger', soon())).to.include({status: 'running'})
      }),
      {numRuns: 60},
    ))

  it('always comes to an end where all is reverted, without a task less than should run', () =>
    fc.assert(
      fc.asyncProperty(runs, deeds, async (families, done) => {
        const world = await meddledWith(
          families,
          done.filter(([deed]) => deed !== 'stop a container'),
        )
        const wanted = (await tasksRunning(world)).length
        await drift(world, {revert: ['all']})

        expect((await found(world)).drift).to.deep.equal([])
        expect(await tasksRunning(world)).to.have.length(wanted)
      }),
      {numRuns: 60},
    ))

  it('says what it would do, and does it', async () => {
    const world = await meddledWith(['pair'], [['remove a container', 0]])
    const [gone] = (await found(world)).drift
    const planned = await drift(world, {revert: ['all'], dryRun: true})
    const {state} = await world.store.read()
    const [task] = Object.values(state.tasks)

    expect(gone).to.include({kind: 'removed'})
    expect(renderPlan(planned.plan)).to.equal(
      [
        `stop task ${task?.id} on ${instanceName(task?.instanceId)} (It drifted, and another takes its place)`,
        `start replacement/${task?.id} of pair:1 on ${instanceName(task?.instanceId)} (it takes the place of task ${task?.id})`,
      ].join('\n'),
    )
    expect((await drift(world, {revert: ['all']})).plan).to.deep.equal(planned.plan)
    expect(world.confirmed).to.have.length(1)
  })

  it('leaves a task as it is that somebody stopped while a person thought about it', async () => {
    const world = await meddledWith(['web'], [['give it a cap', 0]])
    const [id = ''] = Object.keys((await world.store.read()).state.tasks)
    world.whileAsked(async () => {
      world.whileAsked(async () => {})
      await stopTasks(world, {cluster: undefined, dryRun: false, reason: undefined, tasks: [id], timeoutSeconds: 1})
    })

    await drift(world, {revert: ['all']})

    const {tasks} = (await world.store.read()).state
    expect(Object.keys(tasks)).to.deep.equal([id])
  })

  it('replaces no task whose secrets nobody but its client knew', async () => {
    const secretive = aDefinition({
      document: aDocument({...lasting, secrets: [{name: 'KEY', valueFrom: 'env:BERTH_DRIFT_KEY'}]}, 'safe'),
    })
    const world = aCalmWorld([secretive])
    process.env['BERTH_DRIFT_KEY'] = 'hunter2'
    try {
      await (
        await runTasks(world, {
          ...NOTHING_ASKED,
          reference: 'safe',
          detach: true,
          sources: {...NOTHING_ASKED.sources, allowClientSecrets: true},
        })
      ).finish()
    } finally {
      delete process.env['BERTH_DRIFT_KEY']
    }
    const [own] = await ours(world)
    if (own) await own.engine.remove(own.name, soon())
    const [gone] = (await found(world)).drift

    expect(gone?.revert).to.include({possible: false, said: 'it needs secrets, files or EFS that only who runs it can give'})
    expect(await failureOf(drift(world, {revert: [gone?.id ?? '']}))).to.include({code: 'NoSuchAnswer'})
    expect(JSON.stringify(gone)).to.not.contain('hunter2')
  })
})

const instanceName = (id: string | undefined) => (id === here.id ? 'a' : 'b')

async function tasksRunning(world: FakeWorld) {
  return Object.values((await world.store.read()).state.tasks).filter(({lastStatus}) => lastStatus === 'RUNNING')
}
