// Clusters and requests by chance, for laws of placement.
import fc from 'fast-check'
import type {RequiredAttribute} from '../../src/model/attributes.js'
import type {Instance} from '../../src/model/instance.js'
import type {InstanceSeen, Observation} from '../../src/model/observation.js'
import type {PlacementConstraint, PlacementRequest, PlacementStrategy} from '../../src/model/placement.js'
import type {State} from '../../src/model/state.js'
import {needOf} from '../../src/model/task-definition.js'
import {aDocument, anId, anInstance, aState, aTask, LONG_AGO} from './build.js'

/** A cluster, a look at its hosts, and a request. */
export interface Scene {
  readonly state: State
  readonly seen: Observation
  readonly request: PlacementRequest
}

const PORTS = [22, 80, 8080, 9000]
export const GROUPS = ['family:web', 'family:db']
export const CONSTRAINTS: PlacementConstraint[] = [
  {type: 'distinctInstance'},
  {type: 'memberOf', expression: 'attribute:disk == ssd or attribute:disk !exists'},
  {type: 'memberOf', expression: 'not(task:group == family:web)'},
  {type: 'memberOf', expression: 'task:group != family:db'},
]
export const STRATEGIES: readonly PlacementStrategy[] = [
  {type: 'random'},
  {type: 'binpack', field: 'memory'},
  {type: 'binpack', field: 'cpu'},
  {type: 'spread', field: 'instanceId'},
  {type: 'spread', field: 'attribute:disk'},
  {type: 'spread', field: 'attribute:zone'},
]

const instances = fc
  .uniqueArray(fc.constantFrom(...'abcdef'), {maxLength: 5})
  .chain((names) => fc.tuple(...names.map((name) => instanceNamed(name))))

function instanceNamed(name: string): fc.Arbitrary<Instance> {
  return fc
    .record({
      status: fc.constantFrom('ACTIVE' as const, 'ACTIVE' as const, 'ACTIVE' as const, 'DRAINING' as const, 'REGISTERING' as const),
      cpuUnits: fc.integer({min: 0, max: 2048}),
      memoryMiB: fc.integer({min: 0, max: 1024}),
      customAttributes: fc.constantFrom(
        {},
        {disk: 'ssd'},
        {disk: null},
        {disk: 'hdd', zone: 'a'},
        {disk: 'ssd', zone: 'a'},
        {disk: 'ssd', zone: 'b'},
      ),
    })
    .map((said) => anInstance({name, ...said}))
}

const documents = fc
  .record({
    cpu: fc.integer({min: 0, max: 600}),
    memory: fc.integer({min: 6, max: 300}),
    portMappings: fc.subarray(PORTS, {maxLength: 2}).map((ports) => ports.map((hostPort) => ({containerPort: hostPort, hostPort}))),
  })
  .map((said) => aDocument(said))

const looks: fc.Arbitrary<InstanceSeen | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant({answered: false as const, since: LONG_AGO, why: 'no answer'}),
  fc
    .record({
      name: fc.constant('stranger'),
      memoryMiB: fc.integer({min: 0, max: 500}),
      tcpPorts: fc.subarray(PORTS, {maxLength: 1}),
      udpPorts: fc.constant([]),
    })
    .map((foreign) => ({answered: true as const, containers: [], details: {}, foreign: [foreign]})),
)

/** Requests of a group for a few tasks, which know of failures on these instances. */
export function requestsOn(members: readonly Instance[], group: string = 'family:web'): fc.Arbitrary<PlacementRequest> {
  return fc
    .record({
      document: documents,
      count: fc.nat({max: 12}),
      failures: fc.array(fc.constantFrom(0, 0, 0, 1, 3), {minLength: 5, maxLength: 5}),
      constraints: fc.subarray(CONSTRAINTS, {maxLength: 2}),
      strategies: fc.array(fc.constantFrom(...STRATEGIES), {maxLength: 4}),
      requiredAttributes: fc.constantFrom<readonly RequiredAttribute[]>([], [], [{name: 'disk'}], [{name: 'disk', value: 'ssd'}]),
      seed: fc.string({maxLength: 4}),
    })
    .map(({failures, ...said}) => ({
      ...said,
      group,
      recentFailures: Object.fromEntries(members.flatMap(({id}, index) => (failures[index] ? [[id, failures[index]]] : []))),
    }))
}

/** Small clusters by chance, in which much is full, silent, drained or held, and requests of all kinds. */
export const scenes: fc.Arbitrary<Scene> = instances.chain((members) =>
  fc
    .record({
      tasks: fc.array(
        fc.record({
          at: fc.nat(),
          group: fc.constantFrom(...GROUPS),
          document: documents,
          lastStatus: fc.constantFrom('PENDING', 'RUNNING', 'STOPPED'),
        }),
        {
          maxLength: members.length === 0 ? 0 : 8,
        },
      ),
      looks: fc.tuple(...members.map(() => looks)),
      request: requestsOn(members),
    })
    .map(({looks: seen, request, tasks}) => ({
      state: aState({
        instances: members,
        tasks: tasks.map(({at, document: held, group, lastStatus}, index) =>
          aTask({
            id: anId(index),
            instanceId: members[at % members.length]?.id ?? '',
            group,
            need: needOf(held),
            lastStatus,
            containers: [],
          }),
        ),
      }),
      seen: {at: 0, instances: Object.fromEntries(members.flatMap(({id}, index) => (seen[index] ? [[id, seen[index]]] : [])))},
      request,
    })),
)
