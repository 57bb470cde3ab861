// What may have been done to a cluster before its state is lost: definitions, tasks, instances.
import fc from 'fast-check'
import {deleteDefinitions, deregisterDefinitions, registerDefinition} from '../../../src/manager/definitions.js'
import {setInstanceStatus, updateInstance} from '../../../src/manager/instances.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import {stopTasks} from '../../../src/manager/tasks.js'
import type {World} from '../../../src/world/world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

export type Deed = (world: World) => Promise<unknown>

/** Two containers, of which one may publish a port. */
export const register = (family: string, port?: number): Deed => {
  const portMappings = port === undefined ? [] : [{containerPort: port, hostPort: 8000 + port}]
  const container = {name: family, image: 'busybox:test', command: ['sh', '-c', 'sleep 600'], memory: 64, portMappings}
  const text = JSON.stringify({
    family,
    containerDefinitions: [container, {...container, name: 'helper', essential: false, portMappings: []}],
  })
  return (world) =>
    registerDefinition(world, {file: {text, named: 'x.json', format: 'json'}, tags: [{key: 'team', value: family}], dryRun: false})
}

export const run = (reference: string, said: object = {}): Deed => {
  const wanted = {...NOTHING_ASKED, reference, count: 2, detach: true, dryRun: false, ...said}
  return async (world) => (await runTasks(world, wanted)).finish()
}

/** Each may fail, as when nothing is registered: then nothing was done. */
export const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom('web', 'api').map((family) => register(family)),
  fc.constantFrom(1, 2).map((port) => register('web', port)),
  fc.constantFrom('web', 'api', 'web:1').map((reference) => run(reference)),
  fc
    .constantFrom(
      {command: ['sh', '-c', 'sleep 60']},
      {memoryMiB: 32},
      {environment: [{name: 'A', value: 'marker'}]},
      {startedBy: 'me', group: 'nightly'},
    )
    .map((said) => run('web', said)),
  fc.constant<Deed>(async (world) => {
    const [first] = Object.keys((await world.store.read()).state.tasks)
    await stopTasks(world, {cluster: undefined, tasks: [first ?? ''], reason: 'enough', timeoutSeconds: 1, dryRun: false})
  }),
  fc.constantFrom('DRAINING', 'ACTIVE').map(
    (status): Deed =>
      (world) =>
        setInstanceStatus(world, {cluster: undefined, names: ['b'], status, dryRun: false}),
  ),
  fc.constantFrom('blue', 'green').map(
    (colour): Deed =>
      (world) =>
        updateInstance(world, {
          cluster: undefined,
          name: 'c',
          zone: colour,
          instanceType: undefined,
          attributes: [`colour=${colour}`],
          removeAttributes: [],
          resources: {reserveMemoryMiB: 100},
          dryRun: false,
        }),
  ),
  fc.constantFrom('web:1', 'web:2', 'api:1').map(
    (id): Deed =>
      (world) =>
        deregisterDefinitions(world, {texts: [id], dryRun: false}),
  ),
  fc.constantFrom('web:1', 'web:2', 'api:1').map(
    (id): Deed =>
      (world) =>
        deleteDefinitions(world, {texts: [id], dryRun: false}),
  ),
)
