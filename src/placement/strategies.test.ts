import {expect} from 'chai'
import {aDocument, aState, aTask, anId, anInstance} from '../../test/support/build.js'
import type {Instance} from '../model/instance.js'
import {unobserved} from '../model/observation.js'
import type {PlacementStrategy} from '../model/placement.js'
import type {Task} from '../model/task.js'
import {buildFleet} from './fleet.js'
import {place} from './place.js'
import {SERVICE_STRATEGIES} from './strategies.js'

/** The names of the instances that take the tasks of `family:web`, in turn. */
function seats(
  strategies: readonly PlacementStrategy[],
  count: number,
  instances: readonly Instance[],
  tasks: readonly Task[] = [],
  seed = 's',
): string {
  const fleet = buildFleet(aState({instances, tasks}), anInstance().clusterId, unobserved(0))
  const request = {
    document: aDocument({memory: 100, cpu: 100}),
    count,
    group: 'family:web',
    constraints: [],
    strategies,
    requiredAttributes: [],
    seed,
  }
  const nameOf = new Map(instances.map(({id, name}) => [id, name]))
  return place(request, fleet)
    .placed.map(({instanceId}) => nameOf.get(instanceId))
    .join(' ')
}

const on = (name: string, said: Partial<Instance> & {readonly memoryMiB?: number; readonly cpuUnits?: number} = {}) =>
  anInstance({name, ...said})
const inZone = (name: string, zone: string, said: object = {}) => on(name, {customAttributes: {zone}, ...said})
const byZone: PlacementStrategy = {type: 'spread', field: 'attribute:zone'}

describe('binpack', () => {
  it('fills the instance with the least memory that still fits, then the next', () => {
    const instances = [on('a', {memoryMiB: 500}), on('b', {memoryMiB: 250}), on('c', {memoryMiB: 90})]

    expect(seats([{type: 'binpack', field: 'memory'}], 8, instances)).to.equal('b b a a a a a')
  })

  it('packs by cpu where it is asked to', () => {
    const instances = [on('a', {memoryMiB: 200, cpuUnits: 1000}), on('b', {memoryMiB: 5000, cpuUnits: 300})]

    expect(seats([{type: 'binpack', field: 'cpu'}], 4, instances)).to.equal('b b b a')
  })
})

describe('spread', () => {
  it('goes to the instance with the fewest tasks of the group, those of others not counted', () => {
    const instances = [on('a'), on('b'), on('c')]
    const tasks = [
      aTask({id: anId(1), instanceId: instances[0]?.id ?? ''}),
      aTask({id: anId(2), instanceId: instances[1]?.id ?? '', group: 'family:db'}),
    ]

    for (const field of ['instanceId', 'host']) expect(seats([{type: 'spread', field}], 5, instances, tasks)).to.equal('b c a b c')
  })

  it('goes to the value of the attribute with the fewest tasks, counting instances that are full or drained too', () => {
    const full = inZone('a', 'x', {memoryMiB: 10})
    const instances = [full, inZone('b', 'x'), inZone('c', 'y'), inZone('d', 'y', {status: 'DRAINING'})]
    const tasks = [aTask({id: anId(1), instanceId: instances[3]?.id ?? ''}), aTask({id: anId(2), instanceId: instances[3]?.id ?? ''})]

    expect(seats([byZone], 5, instances, tasks)).to.equal('b b b c b')
  })

  it('takes instances without the attribute for one bucket, and those without a value for another', () => {
    const instances = [on('a'), on('b'), on('c', {customAttributes: {zone: null}}), inZone('d', 'x')]

    expect(seats([byZone], 6, instances)).to.equal('a c d a c d')
  })

  it('leaves out a bucket that is full', () => {
    const instances = [inZone('a', 'x', {memoryMiB: 100}), inZone('b', 'y'), inZone('c', 'z')]

    expect(seats([byZone], 6, instances)).to.equal('a b c b c b')
  })
})

describe('strategies in turn', () => {
  it('pack inside the zone that has the fewest', () => {
    const instances = [
      inZone('a', 'x', {memoryMiB: 900}),
      inZone('b', 'x', {memoryMiB: 300}),
      inZone('c', 'y', {memoryMiB: 800}),
      inZone('d', 'y', {memoryMiB: 200}),
    ]

    expect(seats([byZone, {type: 'binpack', field: 'memory'}], 8, instances)).to.equal('d b d b b c c a')
  })

  it('spread inside the zone that has the fewest, as a service without a strategy does', () => {
    const zone = (name: string, value: string) => on(name, {customAttributes: {}, builtInAttributes: {'ecs.availability-zone': value}})

    expect(seats(SERVICE_STRATEGIES, 6, [zone('a', 'x'), zone('b', 'x'), zone('c', 'y')])).to.equal('a c b c a c')
  })

  it('spread over racks within each zone', () => {
    const rack = (name: string, zone: string, number: string) => on(name, {customAttributes: {zone, rack: number}})
    const instances = [rack('a', 'x', '1'), rack('b', 'x', '1'), rack('c', 'x', '2'), rack('d', 'y', '1')]

    expect(seats([byZone, {type: 'spread', field: 'attribute:rack'}], 6, instances)).to.equal('a d c d a d')
  })

  it('pack first and spread among equals', () => {
    const instances = [inZone('a', 'x', {memoryMiB: 300}), inZone('b', 'y', {memoryMiB: 300}), inZone('c', 'y', {memoryMiB: 200})]
    const tasks = [
      aTask({id: anId(1), instanceId: instances[0]?.id ?? '', need: {cpuUnits: 0, memoryMiB: 0, tcpPorts: [], udpPorts: [], gpuCount: 0}}),
    ]

    expect(seats([{type: 'binpack', field: 'memory'}, byZone], 5, instances, tasks)).to.equal('c c a a a')
  })
})

describe('random', () => {
  it('is the strategy of who names none, and the same for the same seed', () => {
    const instances = ['a', 'b', 'c', 'd'].map((name) => on(name))

    expect(seats([{type: 'random'}], 12, instances)).to.equal(seats([], 12, instances))
    expect(seats([], 12, instances, [], 'other')).to.not.equal(seats([], 12, instances))
  })

  it('gives every instance the same chance each time: of two tasks in a row on the first of four, one in sixteen', () => {
    const instances = ['a', 'b', 'c', 'd'].map((name) => on(name))
    const pairs = Array.from({length: 4000}, (_, seed) => seats([], 2, instances, [], String(seed)))
    const count = (pair: string) => pairs.filter((one) => one === pair).length

    for (const first of 'abcd')
      for (const second of 'abcd') expect(count(`${first} ${second}`), `${first} ${second}`).to.be.within(180, 320)
  })
})
