// What else may have been done: services and daemons, rolled, rolled back, drained away from, left in the middle, and what befell their tasks.
import fc from 'fast-check'
import {deleteDaemon, deployDaemon, rollBackDaemon} from '../../../src/manager/daemons.js'
import {registerDefinition} from '../../../src/manager/definitions.js'
import {drainInstances} from '../../../src/manager/drain.js'
import {createService, deleteService, rollBackService, scaleService, updateService} from '../../../src/manager/services.js'
import {settleCluster} from '../../../src/manager/settle-cluster.js'
import {NO_BREAKER} from '../../../src/model/deployment.js'
import type {World} from '../../../src/world/world.js'
import {CREATE_SERVICE, NOTHING_SAID, UPDATE_SERVICE} from './nothing-said.js'
import type {Deed} from './past-deeds.js'

/** Nobody waits longer, in a time that leaps, for what cannot be. */
const NAMED = {...NOTHING_SAID, timeoutSeconds: 60}
const NEVER = new AbortController().signal

/** A revision of `app` for each word: one plain container, healthy at once, never, or one that ends. */
const APPS = {
  good: {healthCheck: {command: ['CMD', 'true']}},
  other: {healthCheck: {command: ['CMD', 'true']}, environment: [{name: 'A', value: 'other'}]},
  sick: {healthCheck: {command: ['CMD', 'false']}},
  dying: {command: ['exit 3']},
} as const

const registerApp =
  (word: keyof typeof APPS): Deed =>
  (world) => {
    const container = {name: 'app', image: 'busybox:test', command: ['sh', '-c', 'sleep 600'], memory: 64, ...APPS[word]}
    const text = JSON.stringify({family: 'app', containerDefinitions: [container]})
    return registerDefinition(world, {file: {text, named: 'app.json', format: 'json'}, tags: [], dryRun: false})
  }

const BREAKER = {...NO_BREAKER, enable: true, rollback: true}

const create = (name: string, taskDefinition: string, desiredCount: number, detach: boolean): Deed => {
  const {deploymentConfiguration} = CREATE_SERVICE.settings
  const settings = {
    ...CREATE_SERVICE.settings,
    desiredCount,
    deploymentConfiguration: {...deploymentConfiguration, circuitBreaker: BREAKER},
  }
  return (world) => createService(world, {...CREATE_SERVICE, ...NAMED, name, taskDefinition, detach, settings})
}

const {desiredCount: _, placementStrategies: __, ...settings} = CREATE_SERVICE.settings
const DAEMON_DEFAULTS = {...settings, deploymentConfiguration: {minimumHealthyPercent: 0, maximumPercent: 100, circuitBreaker: BREAKER}}

const deploy =
  (taskDefinition: string, isForced: boolean): Deed =>
  (world) =>
    deployDaemon(world, {
      ...NAMED,
      name: 'agent',
      definition: taskDefinition,
      isUpdate: false,
      isForced,
      configuration: {},
      defaults: DAEMON_DEFAULTS,
      settings: {},
    })

/** The container of the task of that number, among those that run, dies. */
const die =
  (number: number): Deed =>
  async (world) => {
    const {state} = await world.store.read()
    const tasks = Object.values(state.tasks).filter(({lastStatus}) => lastStatus === 'RUNNING')
    const task = tasks[number % Math.max(1, tasks.length)]
    const instance = state.instances[task?.instanceId ?? '']
    if (!task || !instance) return
    const engine = await world.engines.open(instance.address, {}, NEVER)
    await engine.signal(task.containers[0]?.containerName ?? '', 'SIGKILL', NEVER)
  }

const settle = (world: World) => settleCluster(world, {cluster: undefined, timeoutSeconds: 60, allowClientSecrets: false, dryRun: false})

const definition = fc.constantFrom('app:1', 'app:2', 'app:3', 'app:4')
const name = fc.constantFrom('app', 'shop')

/** What all of it begins with. */
export const begin: readonly Deed[] = [
  ...(['good', 'other', 'sick', 'dying'] as const).map((word) => registerApp(word)),
  create('shop', 'app:1', 2, false),
]

/** A deed that a counterexample names. */
const named = (text: string, deed: Deed): Deed => Object.assign(deed, {[fc.toStringMethod]: () => text})

const drain: Deed = (world) =>
  drainInstances(world, {cluster: undefined, names: ['a'], wait: true, stopTasks: false, timeoutSeconds: 60, dryRun: false})

/** Each may fail, as those of `past-deeds.ts`. */
export const serviceDeeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(name, definition, fc.nat(3), fc.boolean()).map((said) => named(`create ${said.join(' ')}`, create(...said))),
  fc
    .tuple(name, definition, fc.boolean(), fc.boolean())
    .map(([one, taskDefinition, forceNewDeployment, detach]) =>
      named(`update ${one} ${taskDefinition} ${forceNewDeployment} ${detach}`, (world) =>
        updateService(world, {...UPDATE_SERVICE, ...NAMED, name: one, taskDefinition, forceNewDeployment, detach}),
      ),
    ),
  fc
    .tuple(name, fc.nat(4), fc.boolean())
    .map(([one, desiredCount, detach]) =>
      named(`scale ${one} ${desiredCount} ${detach}`, (world) => scaleService(world, {...NAMED, name: one, desiredCount, detach})),
    ),
  name.map((one) => named(`roll back ${one}`, (world) => rollBackService(world, {...NAMED, name: one}))),
  fc
    .tuple(name, fc.boolean())
    .map(([one, detach]) => named(`delete ${one} ${detach}`, (world) => deleteService(world, {...NAMED, name: one, force: true, detach}))),
  fc.tuple(definition, fc.boolean()).map((said) => named(`deploy ${said.join(' ')}`, deploy(...said))),
  fc.constant(named('roll back agent', (world) => rollBackDaemon(world, {...NAMED, name: 'agent'}))),
  fc
    .boolean()
    .map((detach) => named(`delete agent ${detach}`, (world) => deleteDaemon(world, {...NAMED, name: 'agent', force: true, detach}))),
  fc.constant(named('drain', drain)),
  fc.nat(9).map((number) => named(`die ${number}`, die(number))),
  fc.constant(named('settle', settle)),
  fc.constant(named('wait', (world) => world.clock.sleep(30_000, NEVER))),
)
