import {expect} from 'chai'
import fc from 'fast-check'
import {aState, anId, anInstance} from '../../test/support/build.js'
import type {Instance} from '../model/instance.js'
import {unobserved} from '../model/observation.js'
import type {PlacementStrategy} from '../model/placement.js'
import {buildFleet} from './fleet.js'
import {type Stoppable, tasksToStop} from './scale-in.js'

const inZone = (name: string, zone: string, memoryMiB = 1000) =>
  anInstance({name, memoryMiB, builtInAttributes: {'ecs.availability-zone': zone}})
const [a, b, c] = [inZone('a', 'x'), inZone('b', 'x', 500), inZone('c', 'y')]
const hosts = [a, b, c]
const fleet = buildFleet(aState({instances: hosts}), anInstance().clusterId, unobserved(0))

const aTaskOn = (instance: Instance, number: number, said: Partial<Stoppable> = {}): Stoppable => ({
  id: anId(number),
  instanceId: instance.id,
  need: {cpuUnits: 10, memoryMiB: 100, tcpPorts: [], udpPorts: [], gpuCount: 0},
  isOld: false,
  isUnhealthy: false,
  isProtected: false,
  ...said,
})

const namesOf = (tasks: readonly Stoppable[], count: number, strategies: readonly PlacementStrategy[] = []) =>
  tasksToStop(tasks, count, {fleet, seed: 's', strategies})
    .map((id) => hosts.find((host) => host.id === tasks.find((task) => task.id === id)?.instanceId)?.name)
    .join(' ')

describe('tasksToStop', () => {
  const tasks = [aTaskOn(a, 1), aTaskOn(a, 2), aTaskOn(a, 3), aTaskOn(b, 4), aTaskOn(c, 5), aTaskOn(c, 6)]

  it('takes from the zone with the most, and in it from the instance with the most, where no strategy is named', () => {
    expect(namesOf(tasks, 2)).to.match(/^a (a|c)$/)
    expect(namesOf([aTaskOn(a, 1), aTaskOn(b, 2), aTaskOn(b, 3), aTaskOn(c, 4)], 2)).to.match(/^b (a|b|c)$/)
  })

  it('leaves the best balance over the buckets of a spread', () => {
    expect(namesOf(tasks, 3, [{type: 'spread', field: 'instanceId'}])).to.match(/^a (a|c) (a|c)$/)
  })

  it('empties the instance that would have the most left, for binpack', () => {
    expect(namesOf([aTaskOn(b, 1), aTaskOn(b, 2), aTaskOn(c, 3), aTaskOn(c, 4)], 3, [{type: 'binpack', field: 'memory'}])).to.equal('c c b')
  })

  it('takes tasks of old deployments first, then unhealthy ones, and never protected ones', () => {
    const some = [aTaskOn(a, 1, {isProtected: true}), aTaskOn(a, 2), aTaskOn(b, 3, {isUnhealthy: true}), aTaskOn(c, 4, {isOld: true})]

    expect(namesOf(some, 9)).to.equal('c b a')
  })

  it('always gives as many as are asked for and may be stopped, each once, whatever their order', () => {
    const any = fc.array(
      fc.record({host: fc.constantFrom(...hosts), isOld: fc.boolean(), isUnhealthy: fc.boolean(), isProtected: fc.boolean()}),
      {maxLength: 12},
    )
    fc.assert(
      fc.property(any, fc.nat(15), (said, count) => {
        const all = said.map(({host, ...rest}, number) => aTaskOn(host, number, rest))
        const ids = tasksToStop(all, count, {fleet, seed: 's', strategies: []})

        expect(new Set(ids).size).to.equal(Math.min(count, all.filter(({isProtected}) => !isProtected).length))
        expect(tasksToStop([...all].reverse(), count, {fleet, seed: 's', strategies: []})).to.deep.equal(ids)
      }),
    )
  })
})
