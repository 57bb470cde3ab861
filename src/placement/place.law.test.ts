import {expect} from 'chai'
import fc from 'fast-check'
import {aCluster, anId, aTask} from '../../test/support/build.js'
import {type Scene, scenes} from '../../test/support/placement-scenes.js'
import type {Instance} from '../model/instance.js'
import {RESERVED_TCP_PORTS} from '../model/resources.js'
import {holdsResources} from '../model/task.js'
import {needOf} from '../model/task-definition.js'
import {naiveSeats} from '../../test/support/naive-placement.js'
import {queriedOf} from './constraints.js'
import {explain} from './explain.js'
import {buildFleet} from './fleet.js'
import {place} from './place.js'
import {predicateOf} from './query/evaluate.js'
import {parseExpression} from './query/parse.js'
import {refusalText} from './refusal-text.js'

function placeIn({request, seen, state}: Scene) {
  return place(request, buildFleet(state, aCluster().id, seen))
}

/** A law over everything that may stand: told on the documents themselves, without the fleet's own sums. */
function law(title: string, holds: (scene: Scene) => void, numRuns = 300): void {
  it(title, () => fc.assert(fc.property(scenes, holds), {numRuns}))
}

/** The needs of all who will be on an instance after placement, tasks and foreign containers. */
function holdings(scene: Scene, instance: Instance) {
  const look = scene.seen.instances[instance.id]
  const seats = placeIn(scene).placed.filter((seat) => seat.instanceId === instance.id)
  return {
    seats,
    foreign: look?.answered ? look.foreign : [],
    tasks: Object.values(scene.state.tasks).filter((task) => task.instanceId === instance.id && holdsResources(task)),
    need: needOf(scene.request.document),
  }
}

describe('place, whatever stands', () => {
  law('never places a task where its CPU or memory does not fit', (scene) => {
    for (const instance of Object.values(scene.state.instances)) {
      const {foreign, need, seats, tasks} = holdings(scene, instance)
      if (seats.length === 0) continue
      const cpuUnits = tasks.reduce((sum, task) => sum + task.need.cpuUnits, 0) + seats.length * need.cpuUnits
      const memoryMiB =
        tasks.reduce((sum, task) => sum + task.need.memoryMiB, 0) +
        seats.length * need.memoryMiB +
        foreign.reduce((sum, one) => sum + one.memoryMiB, 0)
      if (need.cpuUnits > 0) expect(cpuUnits).to.be.at.most(instance.registered.cpuUnits)
      expect(memoryMiB).to.be.at.most(instance.registered.memoryMiB)
    }
  })

  law('never gives a new task a port that anybody holds', (scene) => {
    for (const instance of Object.values(scene.state.instances)) {
      const {foreign, need, seats, tasks} = holdings(scene, instance)
      const held = new Set([
        ...RESERVED_TCP_PORTS,
        ...tasks.flatMap((task) => task.need.tcpPorts),
        ...foreign.flatMap((one) => one.tcpPorts),
      ])
      if (seats.length > 0) expect(need.tcpPorts.filter((port) => held.has(port))).to.deep.equal([])
      if (need.tcpPorts.length > 0) expect(seats.length).to.be.at.most(1)
    }
  })

  law('never places on an instance that is silent, draining or registering, or lacks an attribute', (scene) => {
    for (const {instanceId} of placeIn(scene).placed) {
      expect(scene.state.instances[instanceId]?.status).to.equal('ACTIVE')
      expect(scene.seen.instances[instanceId]?.answered).not.to.equal(false)
      for (const {name, value} of scene.request.requiredAttributes) {
        const {customAttributes} = scene.state.instances[instanceId] ?? {}
        expect(customAttributes).to.have.property(name)
        if (value !== undefined) expect(customAttributes).to.have.property(name, value)
      }
    }
  })

  law('never puts two tasks of a group on one instance under distinctInstance', (scene) => {
    if (!scene.request.constraints.some(({type}) => type === 'distinctInstance')) return
    for (const instance of Object.values(scene.state.instances)) {
      const {seats, tasks} = holdings(scene, instance)
      if (seats.length > 0) expect(seats.length + tasks.filter((task) => task.group === scene.request.group).length).to.equal(1)
    }
  })

  law(
    'always gives the seats that a look at every instance for every task gives',
    (scene) => {
      const names = placeIn(scene).placed.map(({instanceId}) => scene.state.instances[instanceId]?.name)

      expect(names).to.deep.equal(naiveSeats(scene.request, buildFleet(scene.state, aCluster().id, scene.seen)))
    },
    3000,
  )

  law('always explains the seat that it gives, and only with reasons of the refusal', (scene) => {
    const request = {...scene.request, count: 1}
    const fleet = buildFleet(scene.state, aCluster().id, scene.seen)
    const {placed, refused} = place(request, fleet)
    const {chosen, instances} = explain(request, fleet)

    expect(chosen?.instance).to.equal(placed[0] && scene.state.instances[placed[0].instanceId]?.name)
    const against = new Set(refused.flatMap(({reasons}) => reasons.map(({instance}) => instance)))
    if (refused.length > 0) expect(new Set(instances.filter(({fits}) => !fits).map(({instance}) => instance))).to.deep.equal(against)
    expect(instances.filter(({rank}) => rank !== undefined).length).to.equal(instances.filter(({fits}) => fits).length)
  })

  law('never breaks a memberOf, also of the tasks that it places itself', (scene) => {
    const {fleet, placed} = placeIn(scene)
    const before = buildFleet(scene.state, aCluster().id, scene.seen)
    for (const constraint of scene.request.constraints) {
      if (constraint.type !== 'memberOf') continue
      const holds = predicateOf(parseExpression(constraint.expression))
      for (const {instanceId} of placed) {
        const candidate = before.candidates.find(({instance}) => instance.id === instanceId)
        expect(candidate && holds(queriedOf(candidate)), constraint.expression).to.equal(true)
      }
      if (!constraint.expression.startsWith('not(task:group')) continue
      for (const {tasksInGroup} of fleet.candidates.filter(({instance}) => placed.some(({instanceId}) => instanceId === instance.id)))
        expect(tasksInGroup.get('family:web')).to.equal(1)
    }
  })

  law('never leaves buckets of a spread more than one apart where each could take one more', ({request, seen, state}) => {
    const scene = {
      request: {...request, strategies: [{type: 'spread', field: 'attribute:zone'}] as const, recentFailures: {}},
      seen,
      state: {...state, tasks: {}},
    }
    const {fleet, placed} = placeIn(scene)
    const after = fleet.candidates.map((candidate) => ({
      zone: candidate.attributes['zone'] ?? '',
      seats: placed.filter(({instanceId}) => instanceId === candidate.instance.id).length,
      isOpen: place({...scene.request, count: 1}, {candidates: [candidate]}).placed.length === 1,
    }))
    const buckets = [...new Set(after.map(({zone}) => zone))].map((zone) => after.filter((one) => one.zone === zone))
    const open = buckets
      .filter((bucket) => bucket.some(({isOpen}) => isOpen))
      .map((bucket) => bucket.reduce((sum, {seats}) => sum + seats, 0))
    if (open.length > 1) expect(Math.max(...open) - Math.min(...open)).to.be.at.most(1)
  })

  law('always answers for each task once, in order of the indexes', (scene) => {
    const {placed, refused} = placeIn(scene)

    expect([...placed, ...refused].map(({index}) => index)).to.deep.equal(Array.from({length: scene.request.count}, (_, index) => index))
  })

  law('always names every instance in a refusal, once a line', (scene) => {
    const names = Object.values(scene.state.instances).map(({name}) => name)

    for (const refusal of placeIn(scene).refused) {
      const lines = refusalText(refusal)
        .split('\n')
        .filter((line) => line !== '')
      expect(lines.map((line) => line.slice(0, line.indexOf(':')))).to.deep.equal([...names].sort())
    }
  })

  law('never refuses while somebody could take the task', (scene) => {
    const {fleet, refused} = placeIn(scene)

    if (refused.length > 0) expect(place({...scene.request, count: 1}, fleet).placed).to.deep.equal([])
  })

  law('always gives the same answer, however the tables are shuffled', (scene) => {
    const turned = <T>(table: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(table).reverse())
    const state = {...scene.state, instances: turned(scene.state.instances), tasks: turned(scene.state.tasks)}

    expect(placeIn({...scene, state})).to.deep.equal(placeIn(scene))
  })

  law('always leaves the fleet that a later look would find', (scene) => {
    const {fleet, placed} = placeIn(scene)
    const started = placed.map(({index, instanceId}) =>
      aTask({id: anId(index, 'd'), instanceId, need: needOf(scene.request.document), containers: []}),
    )
    const state = {...scene.state, tasks: {...scene.state.tasks, ...Object.fromEntries(started.map((task) => [task.id, task]))}}

    const later = buildFleet(state, aCluster().id, scene.seen)

    expect(fleet.candidates.map(({remaining, tasksInGroup}) => ({remaining, tasksInGroup}))).to.deep.equal(
      later.candidates.map(({remaining, tasksInGroup}) => ({remaining, tasksInGroup})),
    )
  })
})
