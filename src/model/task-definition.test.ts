import {expect} from 'chai'
import {aDocument} from '../../test/support/build.js'
import {mainContainer, mergeEnvironment, needOf, overridden, type TaskDefinitionDocument} from './task-definition.js'

const two: TaskDefinitionDocument = {
  family: 'web',
  containerDefinitions: [
    {name: 'side', image: 'side:1', essential: false, cpu: 10, memory: 100, memoryReservation: 50},
    {name: 'web', image: 'web:1', cpu: 20, memory: 200, environment: [{name: 'A', value: '1'}]},
  ],
}

describe('needOf', () => {
  it('sums CPU, and of memory the reservation before the limit', () => {
    expect(needOf(two)).to.deep.equal({cpuUnits: 30, memoryMiB: 250, tcpPorts: [], udpPorts: [], gpuCount: 0})
  })

  it('takes CPU and memory of the task before those of its containers', () => {
    expect(needOf({...two, cpu: '512', memory: '1024'})).to.include({cpuUnits: 512, memoryMiB: 1024})
  })

  it('takes a reservation of 0 for none', () => expect(needOf(aDocument({memory: 64, memoryReservation: 0})).memoryMiB).to.equal(64))

  it('takes fixed host ports by their protocol, and none for those that the engine chooses', () => {
    const portMappings = [
      {containerPort: 80, hostPort: 8080},
      {containerPort: 53, hostPort: 53, protocol: 'udp' as const},
      {containerPort: 1, hostPort: 0},
      {containerPort: 2},
    ]

    expect(needOf(aDocument({portMappings}))).to.deep.include({tcpPorts: [8080], udpPorts: [53]})
  })

  it('needs nothing where nothing is asked for', () => {
    expect(needOf({family: 'x', containerDefinitions: [{name: 'x', image: 'x'}]})).to.deep.equal({
      cpuUnits: 0,
      memoryMiB: 0,
      tcpPorts: [],
      udpPorts: [],
      gpuCount: 0,
    })
  })
})

describe('overridden', () => {
  it('merges the environment by name and replaces all else', () => {
    const environment = [
      {name: 'B', value: '3'},
      {name: 'A', value: '2'},
    ]

    const {containerDefinitions, cpu} = overridden(two, {
      cpu: '99',
      containerOverrides: [{name: 'web', command: ['x'], memory: 1, environment}],
    })

    expect(cpu).to.equal('99')
    expect(containerDefinitions[0]).to.equal(two.containerDefinitions[0])
    expect(containerDefinitions[1]).to.deep.equal({
      name: 'web',
      image: 'web:1',
      cpu: 20,
      memory: 1,
      command: ['x'],
      environment: [
        {name: 'A', value: '2'},
        {name: 'B', value: '3'},
      ],
    })
  })

  it('leaves the document as it was, and equal where nothing is overridden', () => {
    const before = structuredClone(two)

    expect(overridden(two)).to.deep.equal(two)
    overridden(two, {containerOverrides: [{name: 'web', cpu: 1}]})
    expect(two).to.deep.equal(before)
  })
})

describe('mergeEnvironment', () => {
  it('keeps the place where a name first stands, and its last value', () => {
    const variable = (name: string, value: string) => ({name, value})

    expect(
      mergeEnvironment([variable('A', '1'), variable('B', '1'), variable('A', '2')], [variable('C', '1'), variable('A', '3')]),
    ).to.deep.equal([variable('A', '3'), variable('B', '1'), variable('C', '1')])
  })
})

describe('mainContainer', () => {
  it('is the first essential one, else the first', () => {
    expect(mainContainer(two).name).to.equal('web')
    expect(mainContainer(aDocument({essential: false})).name).to.equal('web')
  })
})
