import {expect} from 'chai'
import {aDocument, aState, anInstance} from '../../test/support/build.js'
import {unobserved} from '../model/observation.js'
import type {PlacementRequest} from '../model/placement.js'
import {buildFleet} from './fleet.js'
import {simulate} from './simulate.js'

describe('simulate', () => {
  const request = (said: Partial<PlacementRequest> = {}): PlacementRequest => ({
    document: aDocument({memory: 100, cpu: 500}),
    count: 4,
    group: 'family:web',
    constraints: [],
    strategies: [{type: 'binpack', field: 'cpu'}],
    requiredAttributes: [],
    seed: 's',
    ...said,
  })
  const host = (name: string, zone: string) => anInstance({name, cpuUnits: 1000, memoryMiB: 1000, customAttributes: {zone}})
  const fleet = (...hosts: readonly ReturnType<typeof host>[]) =>
    buildFleet(aState({instances: hosts}), anInstance().clusterId, unobserved(0))
  const [a, b, c] = [host('a', 'x'), host('b', 'x'), host('c', 'y')]

  it('counts what is used, what is stranded, and how the new tasks are spread', () => {
    const {balance, instances, placedCount, usage} = simulate(fleet(a, b, c), {
      requests: [{named: 'web:1', request: request()}],
      settled: [],
      lose: [],
      balance: 'zone',
    })

    expect(placedCount).to.equal(4)
    expect(instances.map(({name, newTaskCount}) => `${name} ${newTaskCount}`)).to.deep.equal(['a 2', 'b 2', 'c 0'])
    expect(usage).to.deep.equal({
      instanceCount: 3,
      usedInstanceCount: 2,
      cpuUnits: {used: 2000, registered: 3000},
      memoryMiB: {used: 400, registered: 3000},
      strandedCpuUnits: 0,
      strandedMemoryMiB: 1600,
      fragmentation: 1 - 1000 / 2600,
    })
    expect(balance).to.deep.equal({attribute: 'zone', tasksByValue: {x: 4, y: 0}})
  })

  it('says of tasks that find no place why', () => {
    const {refused, refusedCount} = simulate(fleet(a), {requests: [{named: 'web:1', request: request()}], settled: [], lose: []})

    expect(refusedCount).to.equal(2)
    expect(refused.map(({named, count}) => [named, count])).to.deep.equal([['web:1', 2]])
    expect(refused[0]?.reasons.map(({said}) => said)).to.deep.equal(['needs 500 CPU units, 0 CPU units remain'])
  })

  it('places one request after the other, on what is left', () => {
    const {placedCount, refused} = simulate(fleet(a), {
      requests: [
        {named: 'large', request: request({count: 1, document: aDocument({memory: 900})})},
        {named: 'small', request: request({count: 3, document: aDocument({memory: 60})})},
        {named: 'small', request: request({count: 1, document: aDocument({memory: 50})})},
      ],
      settled: [],
      lose: [],
    })

    expect(placedCount).to.equal(2)
    expect(refused.map(({count, named}) => `${count} ${named}`)).to.deep.equal(['3 small'])
  })

  it('moves what was on a lost instance to the others, and counts who finds no place', () => {
    const settled = [{named: 'db:1', instanceId: a.id, request: request({count: 1})}]
    const losses = (count: number) =>
      simulate(fleet(a, b, c), {requests: [{named: 'web:1', request: request({count})}], settled, lose: [a.id, c.id]}).losses.map(
        ({daemonTaskCount: _, services: __, ...loss}) => loss,
      )

    expect(losses(2)).to.deep.equal([
      {instance: 'a', movedCount: 3, homeless: {}},
      {instance: 'c', movedCount: 0, homeless: {}},
    ])
    expect(losses(5)).to.deep.equal([
      {instance: 'a', movedCount: 1, homeless: {'web:1': 2}},
      {instance: 'c', movedCount: 0, homeless: {'web:1': 1}},
    ])
  })

  it('says of each service how many of its tasks would run, and why others find no place', () => {
    const service = {name: 'web', desiredCount: 4, presentCount: 4}
    const replicas = {named: 'service:web', instanceId: a.id, request: request({count: 3, document: aDocument({memory: 600})}), service}
    const daemonTasks = new Map([[a.id, 2]])

    const [loss] = simulate(fleet(a, b, c), {requests: [], settled: [replicas], daemonTasks, lose: [a.id]}).losses

    expect(loss).to.deep.include({movedCount: 2, homeless: {'service:web': 1}, daemonTaskCount: 2})
    const [{reasons = [], ...told} = {reasons: []}] = loss?.services ?? []
    expect(told).to.deep.equal({service: 'web', desiredCount: 4, runningCount: 3, lostCount: 3, movedCount: 2, homelessCount: 1})
    expect(reasons.map(({instance, said}) => [instance, said])).to.deep.equal([
      ['b', 'needs 600 MiB, 400 MiB remain'],
      ['c', 'needs 600 MiB, 400 MiB remain'],
    ])
  })

  it('starts no more of a service than are desired', () => {
    const lost = (desiredCount: number, presentCount: number) => {
      const service = {name: 'web', desiredCount, presentCount}
      const settled = [{named: 'service:web', instanceId: a.id, request: request({count: 2}), service}]
      return simulate(fleet(a, b, c), {requests: [], settled, lose: [a.id]}).losses[0]?.services[0]
    }

    expect(lost(3, 4)).to.deep.include({lostCount: 2, movedCount: 1, homelessCount: 0, runningCount: 3})
    expect(lost(0, 2)).to.deep.include({lostCount: 2, movedCount: 0, homelessCount: 0, runningCount: 0})
    expect(lost(5, 4)).to.deep.include({lostCount: 2, movedCount: 2, homelessCount: 0, runningCount: 4})
  })

  it('counts nothing as stranded where nothing is to be placed', () => {
    const {usage} = simulate(fleet(a), {requests: [], settled: [], lose: []})

    expect([usage.strandedCpuUnits, usage.strandedMemoryMiB]).to.deep.equal([0, 0])
  })
})
