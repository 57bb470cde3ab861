import {expect} from 'chai'
import {aDocument, aState, aTask, anId, anInstance, LONG_AGO} from '../../test/support/build.js'
import {InvalidInputError} from '../errors.js'
import type {Instance} from '../model/instance.js'
import {type Observation, unobserved} from '../model/observation.js'
import type {PlacementRequest} from '../model/placement.js'
import type {Task} from '../model/task.js'
import {buildFleet, type Fleet, remainingOf} from './fleet.js'
import {place} from './place.js'
import {refusalText} from './refusal-text.js'

function aRequest(said: Partial<PlacementRequest> = {}): PlacementRequest {
  return {
    document: aDocument(),
    count: 1,
    group: 'family:web',
    constraints: [],
    strategies: [],
    requiredAttributes: [],
    seed: 'seed',
    ...said,
  }
}

function fleetOf(instances: readonly Instance[], tasks: readonly Task[] = [], seen: Observation = unobserved(0)): Fleet {
  return buildFleet(aState({instances, tasks}), anInstance().clusterId, seen)
}

/** Why the one task of a request is refused, as `code: said`. */
function reasons(request: PlacementRequest, fleet: Fleet): readonly string[] {
  const [refusal] = place(request, fleet).refused
  return (refusal?.reasons ?? []).map(({code, said}) => `${code}: ${said}`)
}

describe('place', () => {
  it('places as many as fit and refuses the rest with what remains then', () => {
    const a = anInstance({name: 'a', memoryMiB: 150})
    const b = anInstance({name: 'b', memoryMiB: 100})

    const {fleet, placed, refused} = place(aRequest({count: 5}), fleetOf([a, b]))

    expect(placed.map(({index}) => index)).to.deep.equal([0, 1, 2])
    expect(placed.map(({instanceId}) => instanceId)).to.have.members([a.id, a.id, b.id])
    expect(refused.map(({index}) => index)).to.deep.equal([3, 4])
    expect(refused.map(refusalText)).to.deep.equal(Array(2).fill('a: needs 64 MiB, 22 MiB remain\nb: needs 64 MiB, 36 MiB remain'))
    expect(remainingOf(fleet, a).memoryMiB).to.equal(22)
  })

  it('fills an instance to the last MiB and CPU unit', () => {
    const document = aDocument({memory: 64, cpu: 512})

    const {placed} = place(aRequest({document, count: 9}), fleetOf([anInstance({memoryMiB: 128, cpuUnits: 1024})]))

    expect(placed).to.have.length(2)
  })

  it('publishes a fixed port once an instance, and TCP apart from UDP', () => {
    const onPort = (protocol: 'tcp' | 'udp') =>
      aRequest({count: 2, document: aDocument({portMappings: [{containerPort: 53, hostPort: 53, protocol}]})})

    const first = place(onPort('tcp'), fleetOf([anInstance()]))
    const second = place(onPort('udp'), first.fleet)

    expect([first.placed.length, second.placed.length]).to.deep.equal([1, 1])
    expect(first.refused.map(refusalText)).to.deep.equal(['a: port 53/tcp is held by another task of this request'])
  })

  it('places any number of tasks whose ports the engine chooses', () => {
    expect(
      place(aRequest({count: 20, document: aDocument({portMappings: [{containerPort: 80, hostPort: 0}]})}), fleetOf([anInstance()])).placed,
    ).to.have.length(20)
  })

  it('places a task that needs nothing where foreign containers hold more memory than there is', () => {
    const a = anInstance()
    const foreign = [{name: 'db', memoryMiB: 9000, tcpPorts: [], udpPorts: []}]
    const seen: Observation = {at: 0, instances: {[a.id]: {answered: true, containers: [], details: {}, foreign}}}
    const {memory: _, ...limitless} = aDocument().containerDefinitions[0] ?? {name: '', image: ''}

    expect(place(aRequest({document: {family: 'web', containerDefinitions: [limitless]}}), fleetOf([a], [], seen)).placed).to.have.length(1)
    expect(reasons(aRequest(), fleetOf([a], [], seen))).to.deep.equal(['RESOURCE:MEMORY: needs 64 MiB, 0 MiB remain'])
  })

  it('gives the same seats for the same seed, and others for another', () => {
    const instances = ['a', 'b', 'c', 'd'].map((name) => anInstance({name}))
    const seats = (seed: string) => place(aRequest({count: 20, seed}), fleetOf(instances)).placed

    expect(seats('one')).to.deep.equal(seats('one'))
    expect(seats('one')).not.to.deep.equal(seats('two'))
  })

  it('spreads by chance without a strategy: no instance of ten gets none or double of a thousand tasks', () => {
    const instances = Array.from('abcdefghij', (name) => anInstance({name, memoryMiB: 1_000_000}))

    const {placed} = place(aRequest({count: 1000}), fleetOf(instances))

    const counts = instances.map((instance) => placed.filter((seat) => seat.instanceId === instance.id).length)
    expect(Math.min(...counts)).to.be.above(50)
    expect(Math.max(...counts)).to.be.below(200)
  })

  it('refuses without reasons where the cluster has no instance', () => {
    expect(place(aRequest({count: 2}), fleetOf([]))).to.deep.include({
      placed: [],
      refused: [
        {index: 0, reasons: []},
        {index: 1, reasons: []},
      ],
    })
  })

  it('places nothing for a count of none', () => {
    expect(place(aRequest({count: 0}), fleetOf([anInstance()]))).to.deep.include({placed: [], refused: []})
  })

  it('leaves the fleet it was given as it was', () => {
    const fleet = fleetOf([anInstance()])

    place(aRequest({count: 3}), fleet)

    expect(fleet).to.deep.equal(fleetOf([anInstance()]))
  })

  it('refuses more than five strategies, more than ten constraints', () => {
    const asking = (said: Partial<PlacementRequest>) => () => place(aRequest(said), fleetOf([anInstance()]))

    expect(asking({strategies: Array(6).fill({type: 'random'})}))
      .to.throw(InvalidInputError, 'at most 5 placement strategies')
      .with.property('code', 'InvalidParameterException')
    expect(asking({constraints: Array(11).fill({type: 'memberOf', expression: 'attribute:disk exists'})}))
      .to.throw(InvalidInputError, 'at most 10 placement constraints')
      .with.property('code', 'InvalidParameterException')
  })

  it('refuses an expression that is none also where there is no instance to test or no task to place', () => {
    const constraints = [{type: 'memberOf', expression: 'x'}] as const

    expect(() => place(aRequest({constraints}), fleetOf([]))).to.throw(InvalidInputError)
    expect(() => place(aRequest({constraints, count: 0}), fleetOf([]))).to.throw(InvalidInputError)
  })
})

describe('the reasons of a refusal', () => {
  it('name the holder of a port: the system, a task, a foreign container', () => {
    const a = anInstance()
    const foreign = [{name: 'nginx', memoryMiB: 0, tcpPorts: [80], udpPorts: []}]
    const seen: Observation = {at: 0, instances: {[a.id]: {answered: true, containers: [], details: {}, foreign}}}
    const holder = aTask({need: {cpuUnits: 0, memoryMiB: 0, tcpPorts: [8080], udpPorts: [], gpuCount: 0}})
    const portMappings = [22, 80, 8080, 8081].map((hostPort) => ({containerPort: hostPort, hostPort}))

    expect(reasons(aRequest({document: aDocument({portMappings})}), fleetOf([a], [holder], seen))).to.deep.equal([
      `RESOURCE:PORTS: port 22/tcp is reserved, port 80/tcp is held by container nginx, which is of no task that runs in this cluster, port 8080/tcp is held by task ${holder.id}`,
    ])
  })

  it('tell everything that one instance lacks, in the order of ECS', () => {
    const a = anInstance({status: 'DRAINING', cpuUnits: 10, memoryMiB: 20, silentSince: LONG_AGO})
    const request = aRequest({
      document: aDocument({cpu: 11, portMappings: [{containerPort: 22, hostPort: 22}]}),
      constraints: [{type: 'distinctInstance'}],
      requiredAttributes: [{name: 'ecs.os-type'}, {name: 'disk'}, {name: 'toString'}],
    })

    expect(
      reasons(request, fleetOf([a], [aTask({need: {cpuUnits: 0, memoryMiB: 0, tcpPorts: [], udpPorts: [], gpuCount: 0}})])),
    ).to.deep.equal([
      'INACTIVE: is DRAINING',
      `AGENT: silent since ${LONG_AGO}`,
      'RESOURCE:CPU: needs 11 CPU units, 10 CPU units remain',
      'RESOURCE:MEMORY: needs 64 MiB, 20 MiB remain',
      'RESOURCE:PORTS: port 22/tcp is reserved',
      'ATTRIBUTE: lacks attribute disk, lacks attribute toString',
      'DistinctInstance placement constraint unsatisfied.: holds a task of group family:web, and distinctInstance allows one',
    ])
  })

  it('take nothing on an instance that is still registering', () => {
    expect(reasons(aRequest(), fleetOf([anInstance({status: 'REGISTERING'})]))).to.deep.equal(['INACTIVE: is REGISTERING'])
  })

  it('stand in one line an instance, in order of the names', () => {
    const fleet = fleetOf([anInstance({name: 'b', memoryMiB: 1}), anInstance({name: 'a', status: 'DRAINING', memoryMiB: 2})])

    expect(place(aRequest(), fleet).refused.map(refusalText)).to.deep.equal([
      'a: is DRAINING; needs 64 MiB, 2 MiB remain\nb: needs 64 MiB, 1 MiB remain',
    ])
  })
})

describe('distinctInstance', () => {
  const constraints = [{type: 'distinctInstance'}] as const

  it('gives each task of a group an instance of its own, those that run counted', () => {
    const instances = ['a', 'b', 'c'].map((name) => anInstance({name}))

    const {placed, refused} = place(aRequest({count: 3, constraints}), fleetOf(instances, [aTask({id: anId(9)})]))

    expect(placed.map(({instanceId}) => instanceId)).to.have.members([instances[1]?.id, instances[2]?.id])
    expect(refused).to.have.length(1)
  })

  it('does not mind tasks of other groups, nor those that have stopped', () => {
    const tasks = [aTask({id: anId(1), group: 'family:db'}), aTask({id: anId(2), lastStatus: 'STOPPED'})]

    expect(place(aRequest({constraints}), fleetOf([anInstance()], tasks)).placed).to.have.length(1)
  })
})

describe('memberOf', () => {
  const member = (expression: string) => [{type: 'memberOf', expression}] as const
  const on = (name: string, attributes: Instance['customAttributes']) => anInstance({name, customAttributes: attributes})

  it('takes the instances that meet the expression, and says of the others what they have', () => {
    const instances = [on('a', {disk: 'hdd'}), on('b', {disk: 'ssd'}), on('c', {})]
    const request = aRequest({count: 2, constraints: member('attribute:disk == ssd')})

    const {placed} = place(request, fleetOf(instances))

    expect(placed.map(({instanceId}) => instanceId)).to.deep.equal([instances[1]?.id, instances[1]?.id])
    expect(reasons({...request, count: 1}, fleetOf([instances[0] ?? anInstance(), instances[2] ?? anInstance()]))).to.deep.equal([
      'MemberOf placement constraint unsatisfied.: does not meet attribute:disk == ssd: disk is hdd',
      'MemberOf placement constraint unsatisfied.: does not meet attribute:disk == ssd: there is no attribute disk',
    ])
  })

  it('names of clauses that must all hold those that do not', () => {
    const request = aRequest({constraints: member('attribute:disk == ssd and attribute:zone == a and runningTasksCount < 5')})

    expect(reasons(request, fleetOf([on('a', {disk: 'ssd', zone: 'b'})]))).to.deep.equal([
      'MemberOf placement constraint unsatisfied.: does not meet attribute:disk == ssd and attribute:zone == a and runningTasksCount < 5: zone is b',
    ])
  })

  it('sees the tasks that the request itself places: each alone by its own group, or beside another', () => {
    const instances = ['a', 'b', 'c'].map((name) => anInstance({name}))
    const alone = aRequest({count: 5, constraints: member('not(task:group == family:web)')})
    const beside = aRequest({count: 5, constraints: member('task:group == family:db')})

    expect(place(alone, fleetOf(instances)).placed).to.have.length(3)
    const db = aTask({id: anId(9), group: 'family:db', lastStatus: 'PENDING', instanceId: instances[1]?.id ?? ''})
    expect(new Set(place(beside, fleetOf(instances, [db])).placed.map(({instanceId}) => instanceId))).to.deep.equal(
      new Set([instances[1]?.id]),
    )
  })

  it('counts tasks that run, not those that are about to', () => {
    const a = anInstance()
    const tasks = [aTask({id: anId(1), lastStatus: 'RUNNING'}), aTask({id: anId(2), lastStatus: 'PENDING'})]

    expect(place(aRequest({constraints: member('runningTasksCount == 1')}), fleetOf([a], tasks)).placed).to.have.length(1)
  })
})
