// Driving a task: the order of what is done, twice and from two places at once, and what others want meanwhile.
import {expect} from 'chai'
import {NO_MATERIALS, type RunMaterials} from '../../../src/tasks/materials.js'
import type {Engine} from '../../../src/world/engine.js'
import {startTestEngine} from '../../support/engine.js'
import {FakeEngine} from '../../support/fake-engine.js'
import {soon} from '../../support/specs.js'
import {aTaskOf, driven, runs} from './driving.js'

const LASTING = "trap 'exit 0' TERM; sleep 60"

describe('driveTask', function () {
  this.timeout(60_000)

  it('makes and starts each container when what it waits for holds, and stops in the reverse order', async () => {
    const engine = new FakeEngine()
    const chain = aTaskOf(
      [
        runs('app', LASTING, {dependsOn: [{containerName: 'db', condition: 'START'}]}),
        runs('db', LASTING, {dependsOn: [{containerName: 'init', condition: 'SUCCESS'}]}),
        runs('init', 'exit 0', {essential: false}),
      ],
      'a1',
    )

    const started = await driven(engine, chain, {goal: 'started'})
    await driven(engine, {...chain, task: {...started, desiredStatus: 'STOPPED'}})

    expect(started.lastStatus).to.equal('RUNNING')
    expect(engine.deeds).to.deep.equal(
      ['create init', 'start init', 'create db', 'start db', 'create app', 'start app', 'stop app', 'stop db'].map((deed) =>
        deed.replace(/ (\w+)$/, ' berth-driven-$1-a1'),
      ),
    )
  })

  it('makes nothing twice when it is driven again', async () => {
    const engine = new FakeEngine()
    const task = aTaskOf([runs('app', LASTING), runs('log', LASTING)], 'a2')

    const once = await driven(engine, task, {goal: 'started'})
    const again = await driven(engine, task, {goal: 'started'})

    expect(again.lastStatus).to.equal('RUNNING')
    expect(again.containers.map(({runtimeId}) => runtimeId)).to.deep.equal(once.containers.map(({runtimeId}) => runtimeId))
    expect(engine.deeds.filter((deed) => deed.startsWith('create'))).to.have.length(2)
  })

  it('makes nothing twice when two drive at once', async () => {
    const engine = new FakeEngine()
    const task = aTaskOf([runs('app', LASTING), runs('log', LASTING)], 'a3')

    const both = await Promise.all([driven(engine, task, {goal: 'started'}), driven(engine, task, {goal: 'started'})])

    expect(both.map(({lastStatus}) => lastStatus)).to.deep.equal(['RUNNING', 'RUNNING'])
    expect(await engine.list(AbortSignal.timeout(1000))).to.have.length(2)
  })

  it('ends a task at once when it hears while it waits that the task is wanted stopped', async () => {
    const engine = new FakeEngine()
    const task = aTaskOf(
      [runs('app', 'exit 0', {dependsOn: [{containerName: 'init', condition: 'COMPLETE'}]}), runs('init', LASTING, {essential: false})],
      'a4',
    )
    let asked = 0

    const stopped = await driven(engine, task, {
      sync: async (known) =>
        ++asked < 3 ? known : {...known, desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'enough'},
    })

    expect(stopped).to.include({lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'enough'})
    expect(engine.deeds).to.not.include('create berth-driven-app-a4')
    expect(engine.deeds.at(-1)).to.equal('stop berth-driven-init-a4')
  })

  it('tells that it stops a task which ended by itself before it stops the rest', async () => {
    const engine = new FakeEngine()
    const told: string[] = []

    const task = await driven(engine, aTaskOf([runs('app', 'exit 3'), runs('log', LASTING, {essential: false})], 'a5'), {
      sync: async (known) => {
        told.push(`${known.desiredStatus} after ${engine.deeds.filter((deed) => deed.startsWith('stop')).length} stops`)
        return known
      },
    })

    expect(told).to.include('STOPPED after 0 stops')
    expect(task).to.include({endedBy: 'app', stopCode: 'EssentialContainerExited'})
  })

  it('takes away what never ran when a container cannot be made, and stops what runs', async () => {
    const engine = new FakeEngine()
    const task = await driven(
      engine,
      aTaskOf(
        [runs('app', 'exit 0', {image: 'none:1', dependsOn: [{containerName: 'db', condition: 'START'}]}), runs('db', LASTING)],
        'a6',
      ),
    )

    expect(task).to.include({lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart'})
    expect(task.containers[0]?.reason).to.match(/^CannotPullContainerError: /)
    expect(task.containers[1]).to.include({exitCode: 0})
  })

  it('tells of a container that somebody takes away between its making and its start', async () => {
    const real = await startTestEngine()
    try {
      for (const engine of [new FakeEngine(), real.engine]) {
        const task = await driven(takingAway(engine, 'app'), aTaskOf([runs('app', LASTING), runs('log', LASTING)], 'a8'))

        expect(task).to.include({lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart'})
        expect(task.containers[0]?.reason).to.match(/^CannotStartContainerError: There is no container "berth-driven-app-a8"/)
        expect(await engine.inspect('berth-driven-app-a8', soon())).to.equal(undefined)
        await engine.remove('berth-driven-log-a8', soon())
      }
    } finally {
      await real.stop()
    }
  })

  it('records none of a secret that the engine quotes, whoever drives', async () => {
    const secretOptions = [{name: 'splunk-token', valueFrom: 'env:TOKEN'}]
    const context = aTaskOf([runs('app', 'exit 0', {image: 'hunter2:1', logConfiguration: {logDriver: 'splunk', secretOptions}})], 'a7')
    const reasonOf = async (materials?: RunMaterials) =>
      (await driven(new FakeEngine(), {...context, ...(materials ? {materials} : {})})).containers[0]?.reason

    expect(await reasonOf(NO_MATERIALS)).to.include('hunter2')
    expect(await reasonOf({...NO_MATERIALS, logOptions: {app: {'splunk-token': 'hunter2'}}})).to.match(
      /^CannotPullContainerError: .*\*\*\*/,
    )
    expect(await reasonOf()).to.equal(
      'CannotPullContainerError: The engine refused container "app"; its words may hold what its log driver keeps secret.',
    )
  })
})

/** The engine, beside which somebody removes containers of this name before they are started. */
function takingAway(engine: Engine, name: string): Engine {
  return new Proxy(engine, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function') return value
      if (property !== 'start') return value.bind(target)
      return async (container: string, signal: AbortSignal) => {
        if (container.includes(`-${name}-`)) await target.remove(container, signal)
        return target.start(container, signal)
      }
    },
  })
}
