// The controller on stand-in engines: what it takes up, what it waits for, what it survives, and who leads.
import {expect} from 'chai'
import {StateError} from '../../../src/errors.js'
import {runController} from '../../../src/manager/controller.js'
import {controllerOf} from '../../../src/manager/controllers.js'
import {createService, updateService} from '../../../src/manager/services.js'
import {settleCluster} from '../../../src/manager/settle-cluster.js'
import type {PlacementConstraint} from '../../../src/model/placement.js'
import type {LogEntry} from '../../../src/model/log-entry.js'
import {NO_BREAKER} from '../../../src/model/deployment.js'
import {RandomIds} from '../../../src/system/ids.js'
import type {SignalName} from '../../../src/world/signals.js'
import type {StateStore} from '../../../src/world/store.js'
import type {World} from '../../../src/world/world.js'
import {aCluster, aDefinition, aDocument, anInstance, aState} from '../../support/build.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {failureOf} from '../../support/specs.js'
import {aWorld, type FakeWorld} from './fake-world.js'

const LASTING = ['sh', '-c', 'sleep 600']
const host = anInstance()
const web = aDefinition({document: aDocument({image: 'busybox:test', command: LASTING})})
const secretive = aDefinition({
  id: 'vault:1',
  family: 'vault',
  document: aDocument({image: 'busybox:test', command: LASTING, secrets: [{name: 'TOKEN', valueFrom: 'env:BERTH_TEST_TOKEN'}]}, 'vault'),
})

/** Seconds pass as much faster, where no engine tells the time. */
const HURRIED = 50

const SETTINGS = {
  desiredCount: 2,
  deploymentConfiguration: {minimumHealthyPercent: 100, maximumPercent: 200, circuitBreaker: NO_BREAKER},
  placementConstraints: [],
  placementStrategies: [],
  healthCheckGracePeriodSeconds: 0,
  healthyAfterSeconds: 0,
  silenceGraceSeconds: 60,
  tags: {},
  propagateTags: 'NONE',
} as const
const DETACHED = {cluster: undefined, detach: true, dryRun: false, timeoutSeconds: 60}
const SOURCES = {secrets: [], fileSystems: [], allowClientSecrets: false}

const service = (
  world: World,
  name: string,
  desiredCount = 2,
  taskDefinition = name,
  placementConstraints: readonly PlacementConstraint[] = [],
) =>
  createService(world, {...DETACHED, name, taskDefinition, settings: {...SETTINGS, desiredCount, placementConstraints}, sources: SOURCES})

interface Running {
  readonly log: readonly LogEntry[]
  says(text: string): Promise<void>
  end(name?: SignalName): Promise<void>
}

describe('runController', function () {
  this.timeout(20_000)
  let world: FakeWorld
  let running: Running[] = []
  let speed = HURRIED

  beforeEach(() => {
    speed = HURRIED
    delete process.env['BERTH_TEST_TOKEN']
    const begun = Date.now()
    const now = () => begun + (Date.now() - begun) * speed
    const state = aState({instances: [host], definitions: [web, secretive]})
    const sleep = (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const timer = setTimeout(resolve, Math.min(ms, 1e8) / speed)
        signal.addEventListener('abort', () => {
          clearTimeout(timer)
          reject(signal.reason)
        })
      })
    // A container's name begins with its task's id.
    world = {...aWorld({now: begun, state}), clock: {now, sleep}, ids: new RandomIds()}
  })
  afterEach(async () => {
    await Promise.all(running.map((one) => one.end()))
    running = []
  })

  /** A controller of its own, as another process would be. */
  function run(pid = 1, store: StateStore = world.store): Running {
    const handlers: ((name: SignalName) => void)[] = []
    const log: LogEntry[] = []
    const own: World = {
      ...world,
      store,
      clients: {self: () => ({pid, bootId: 'boot', startedAt: String(pid)}), isAlive: () => true},
      signals: {
        takeOver: (handler) => {
          handlers.push(handler)
          return () => handlers.splice(handlers.indexOf(handler), 1)
        },
      },
    }
    const wanted = {cluster: undefined, fullLookEverySeconds: 30, metrics: undefined, allowClientSecrets: false}
    const ended = runController(own, {...wanted, log: (entry) => log.push(entry)})
    const one: Running = {
      log,
      says: (text) =>
        waitUntil(
          `"${text}"`,
          () => log.some(({message}) => message.includes(text)),
          10_000,
          () => JSON.stringify(log),
        ),
      end: async (name = 'SIGTERM') => {
        handlers.at(-1)?.(name)
        await ended
      },
    }
    running.push(one)
    return one
  }

  const tasksOf = async (name: string) =>
    Object.values((await world.store.read()).state.tasks).filter(
      ({lastStatus, workload}) => lastStatus === 'RUNNING' && workload?.name === name,
    )
  const runs = (name: string, count: number) =>
    waitUntil(`${count} tasks of ${name}`, async () => (await tasksOf(name)).length === count, 10_000)

  it('carries out what other clients only record, and writes who leads', async () => {
    const controller = run()
    await controller.says('leads')

    await service(world, 'web')
    await runs('web', 2)
    await updateService(world, {
      ...DETACHED,
      name: 'web',
      taskDefinition: undefined,
      settings: {desiredCount: 3},
      deployment: {},
      forceNewDeployment: false,
      sources: SOURCES,
    })
    await runs('web', 3)

    expect((await world.store.read()).state.clusters[aCluster().id]?.controller).to.deep.include({by: 'tester@here', pid: 1})
    expect((await controllerOf(world, aCluster())).leader).not.to.equal(undefined)
    await controller.end()
    expect((await controllerOf(world, aCluster())).leader).to.equal(undefined)
  })

  it('replaces a task whose container dies', async () => {
    speed = 1
    await service(world, 'web')
    run()
    await runs('web', 2)
    const [first] = await tasksOf('web')

    await world.engineOf(host).signal(first?.containers[0]?.containerName ?? '', 'SIGKILL', new AbortController().signal)

    await waitUntil('another task', async () => {
      const tasks = await tasksOf('web')
      return tasks.length === 2 && tasks.every(({id}) => id !== first?.id)
    })
  })

  it('lets a service wait whose secret is nowhere, names it, goes on with the others, and starts it once the secret is there', async () => {
    await service(world, 'vault', 1)
    await service(world, 'web')
    const controller = run()

    await runs('web', 2)
    await controller.says('(service vault) was unable to start a task: ')
    const said = controller.log.filter(({message}) => message.includes('unable to start'))
    expect(said).to.have.length(1)
    expect(said[0]).to.deep.include({service: 'vault', cluster: 'prod'})
    expect(said[0]?.message).to.include('BERTH_TEST_TOKEN')
    expect(await tasksOf('vault')).to.deep.equal([])

    process.env['BERTH_TEST_TOKEN'] = 'hush'
    await runs('vault', 1)
    expect(JSON.stringify((await world.store.read()).state)).not.to.include('hush')
  })

  it('stands by while another leads, is seen, and takes over when that ends', async () => {
    const first = run(1)
    await first.says('leads')
    const second = run(2)
    await second.says('stands by')
    expect((await controllerOf(world, aCluster())).standby).to.have.length(1)
    expect(second.log.some(({message}) => message.startsWith('leads'))).to.equal(false)

    await first.end()
    await second.says('leads')

    await service(world, 'web')
    await runs('web', 2)
    expect((await controllerOf(world, aCluster())).standby).to.deep.equal([])
  })

  it('goes on after the state could not be written for a while, and says what kept it', async () => {
    let isLocked = true
    const store = new Proxy(world.store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...words: readonly unknown[]) => {
          if (name === 'update' && isLocked) return Promise.reject(new StateError('StateLocked', 'The state is held by process 7.'))
          return Reflect.apply(value, target, words) as unknown
        }
      },
    })
    await service(world, 'web')
    const controller = run(1, store)
    await controller.says('held by process 7')
    expect(controller.log.find(({level}) => level === 'error')).to.deep.include({code: 'StateLocked'})

    isLocked = false

    await runs('web', 2)
  })

  it('ends by SIGINT with the error that makes the exit code 130', async () => {
    const controller = run()
    await controller.says('leads')
    running = []

    expect(await failureOf(controller.end('SIGINT'))).to.include({code: 'Interrupted', exitCode: 130})
  })

  it('ends when its cluster is deleted', async () => {
    const controller = run()
    await controller.says('leads')

    await world.store.update({command: '', by: '', because: 'deleted'}, (state) => ({
      state: {...state, clusters: {}, instances: {}},
      result: undefined,
    }))

    await controller.says('the cluster is gone')
  })

  describe('settleCluster', () => {
    const settle = (timeoutSeconds: number, dryRun = false) =>
      settleCluster(world, {cluster: undefined, timeoutSeconds, dryRun, allowClientSecrets: false})

    it('returns once all services are steady', async () => {
      await service(world, 'web')

      const {dryRun} = await settle(60)

      expect(dryRun).to.equal(false)
      expect(await tasksOf('web')).to.have.length(2)
    })

    it('prints what it would do first, and does nothing, on a dry run', async () => {
      await service(world, 'web')

      const {plan} = await settle(60, true)

      expect(plan.actions.map(({kind}) => kind)).to.deep.equal(['startTask', 'startTask'])
      expect(world.engineOf(host).deeds).to.deep.equal([])
    })

    it('names after the timeout each service that is not steady, with why', async () => {
      await service(world, 'web')
      await service(world, 'vault', 1)
      await service(world, 'moon', 1, 'web', [{type: 'memberOf', expression: 'attribute:ecs.os-type == windows'}])

      const failure = await failureOf(settle(30))

      expect(failure).to.include({code: 'ClusterNotSteady', exitCode: 9})
      expect(String(failure))
        .to.match(/service vault: 0 of 1 running.*BERTH_TEST_TOKEN/)
        .and.match(/service moon: .*unable to place a task/)
      expect(String(failure)).not.to.include('service web:')
    })
  })
})
