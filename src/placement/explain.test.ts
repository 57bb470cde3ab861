import {expect} from 'chai'
import {aDocument, aState, aTask, anId, anInstance} from '../../test/support/build.js'
import type {Instance} from '../model/instance.js'
import {type Observation, unobserved} from '../model/observation.js'
import type {PlacementRequest} from '../model/placement.js'
import type {Task} from '../model/task.js'
import {explain} from './explain.js'
import {buildFleet} from './fleet.js'

function explained(
  said: Partial<PlacementRequest>,
  instances: readonly Instance[],
  tasks: readonly Task[] = [],
  seen: Observation = unobserved(0),
) {
  const request = {
    document: aDocument({memory: 100}),
    count: 1,
    group: 'family:web',
    constraints: [],
    strategies: [],
    requiredAttributes: [],
    seed: 's',
    ...said,
  }
  return explain(request, buildFleet(aState({instances, tasks}), anInstance().clusterId, seen))
}

const inZone = (name: string, zone: string, said: object = {}) => anInstance({name, customAttributes: {zone}, ...said})
const member = (expression: string) => ({type: 'memberOf', expression}) as const

describe('explain', () => {
  it('ranks those that fit by what each strategy counts, and says what decided', () => {
    const instances = [
      inZone('a', 'x'),
      inZone('b', 'x', {memoryMiB: 300}),
      inZone('c', 'y', {memoryMiB: 900}),
      inZone('d', 'y', {memoryMiB: 10}),
    ]
    const tasks = [
      aTask({id: anId(1), instanceId: instances[3]?.id ?? '', need: {cpuUnits: 0, memoryMiB: 0, tcpPorts: [], udpPorts: [], gpuCount: 0}}),
    ]

    const {
      chosen,
      instances: told,
      strategies,
    } = explained(
      {
        strategies: [
          {type: 'spread', field: 'attribute:zone'},
          {type: 'binpack', field: 'memory'},
        ],
      },
      instances,
      tasks,
    )

    expect(strategies).to.deep.equal(['spread:attribute:zone', 'binpack:memory'])
    expect(told.map(({instance, rank}) => [instance, rank])).to.deep.equal([
      ['a', 2],
      ['b', 1],
      ['c', 3],
      ['d', undefined],
    ])
    expect(told[2]?.keys?.map(({said}) => said)).to.deep.equal(['zone y holds 1 task of family:web', '900 MiB remain'])
    expect(chosen).to.deep.equal({instance: 'b', because: 'binpack:memory: 300 MiB remain, and of the next 2048 MiB remain'})
  })

  it('says that one fits alone, and that names decide among equals', () => {
    expect(explained({}, [anInstance()]).chosen?.because).to.equal('no other instance fits')
    expect(explained({strategies: [{type: 'binpack', field: 'cpu'}]}, [anInstance(), anInstance({name: 'b'})]).chosen?.because).to.equal(
      'all strategies find it equal to the next, and its name comes first',
    )
  })

  it('puts instances last where the revision has just failed again and again, and says so', () => {
    const instances = [anInstance({name: 'a', memoryMiB: 200}), anInstance({name: 'b'})]
    const failed = (count: number) =>
      explained({strategies: [{type: 'binpack', field: 'memory'}], recentFailures: {[instances[0]?.id ?? '']: count}}, instances)

    expect(failed(2).chosen?.instance).to.equal('a')
    expect(failed(3).chosen).to.deep.equal({
      instance: 'b',
      because:
        'recent failures: 0 tasks of the revision failed to start there in the last 5 minutes, and of the next 3 tasks of the revision failed to start there in the last 5 minutes',
    })
  })

  it('tells of every instance every check with have and need, each clause by itself', () => {
    const {instances} = explained(
      {
        constraints: [member('attribute:zone == x or task:group == family:db')],
        document: aDocument({memory: 100, portMappings: [{containerPort: 22, hostPort: 22}]}),
      },
      [inZone('a', 'y')],
    )

    expect(instances[0]?.fits).to.equal(false)
    expect(instances[0]?.checks.map(({have, isMet, need, what}) => `${what}: ${need} | ${have} | ${isMet}`)).to.deep.equal([
      'status: ACTIVE | ACTIVE | true',
      'connection: an engine that answers | answers | true',
      'cpu: 0 CPU units | 2048 CPU units | true',
      'memory: 100 MiB | 2048 MiB | true',
      'port 22/tcp: free | reserved | false',
      'gpu: 0 GPU | 0 GPU | true',
      'memberOf: attribute:zone == x or task:group == family:db | zone is y, it holds no task | false',
    ])
    expect(instances[0]?.checks.at(-1)?.clauses).to.deep.equal([
      {text: 'attribute:zone == x', holds: false, have: 'zone is y'},
      {text: 'task:group == family:db', holds: false, have: 'it holds no task'},
    ])
  })
})

describe('the smallest changes', () => {
  const orders = (said: Partial<PlacementRequest>, instances: readonly Instance[], tasks: readonly Task[] = [], seen?: Observation) =>
    explained(said, instances, tasks, seen).changes.map(({instances: names, text}) => `${text}: ${names.join(', ')}`)

  it('are none where an instance fits', () => expect(orders({}, [anInstance()])).to.deep.equal([]))

  it('lower an amount by what lacks on the nearest instance', () => {
    const instances = [
      anInstance({name: 'a', memoryMiB: 50}),
      anInstance({name: 'b', memoryMiB: 90}),
      anInstance({name: 'c', memoryMiB: 90, cpuUnits: 10}),
    ]

    expect(orders({document: aDocument({memory: 100, cpu: 20})}, instances)).to.deep.equal([
      'lower memory by 10 MiB: b',
      'lower memory by 50 MiB: a',
      'lower cpu by 10 CPU units and lower memory by 10 MiB: c',
    ])
    expect(orders({document: aDocument({memory: 200, memoryReservation: 100})}, [anInstance({memoryMiB: 90})])).to.deep.equal([
      'lower memoryReservation by 10 MiB: a',
    ])
  })

  it('drop the clause that keeps instances out, told once for all of them', () => {
    const instances = [inZone('a', 'x'), inZone('b', 'x'), anInstance({name: 'c'})]

    expect(orders({constraints: [member('attribute:zone == y and runningTasksCount < 5')]}, instances)).to.deep.equal([
      'drop the clause attribute:zone == y: a, b, c',
    ])
    expect(orders({constraints: [member('attribute:zone == y')]}, instances.slice(0, 1))).to.deep.equal([
      'drop the constraint attribute:zone == y: a',
    ])
    expect(
      orders({constraints: [member('(attribute:zone == y or attribute:zone == z) and attribute:zone exists')]}, instances.slice(0, 1)),
    ).to.deep.equal(['drop the clause attribute:zone == y or attribute:zone == z: a'])
  })

  it('name who holds a port, a stranger too, and never say to stop it', () => {
    const a = anInstance()
    const foreign = [{name: 'nginx', memoryMiB: 0, tcpPorts: [80], udpPorts: []}]
    const seen: Observation = {at: 0, instances: {[a.id]: {answered: true, containers: [], details: {}, foreign}}}

    expect(orders({document: aDocument({portMappings: [{containerPort: 80, hostPort: 80}]})}, [a], [], seen)).to.deep.equal([
      'free port 80/tcp, held by container nginx, which Berth does not manage: a',
    ])
  })

  it('are ways to bring instances back, after those that cost less', () => {
    const instances = [
      anInstance({name: 'a', status: 'DRAINING'}),
      anInstance({name: 'b', silentSince: '2026-11-26T00:00:00.000Z'}),
      anInstance({name: 'c', memoryMiB: 1}),
    ]

    expect(orders({}, instances)).to.deep.equal(['lower memory by 99 MiB: c', 'activate a: a', 'bring b back: b'])
    expect(orders({constraints: [{type: 'distinctInstance'}]}, [anInstance()], [aTask({})])).to.deep.equal(['drop distinctInstance: a'])
  })
})
