import {expect} from 'chai'
import {InvalidInputError} from '../errors.js'
import {parseScenario} from './scenario.js'

function faultsOf(text: string): readonly string[] {
  try {
    parseScenario(text, 'plan')
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    expect(error.code).to.equal('InvalidScenario')
    return error.message.split('\n').slice(1)
  }
  return []
}

describe('parseScenario', () => {
  const CSV = [
    'kind,name,count,cpu,memory,zone,disk,definition,ports,group,constraints,strategies',
    'instance,web,4,4096,16g,a|b,,,,,,',
    'instance,,,1024,2048,,"s s",,,,,',
    '',
    'task,front,6,512,1g,,,,80; 443,front,,spread:attribute:zone; binpack:cpu',
    'task,,2,,,,,db:3,,,distinctInstance;memberOf:attribute:disk == ssd,',
  ].join('\r\n')
  const SCENARIO = {
    instances: [
      {name: 'web', count: 4, cpuUnits: 4096, memoryMiB: 16_384, attributes: [{name: 'ecs.availability-zone', values: ['a', 'b']}]},
      {count: 1, cpuUnits: 1024, memoryMiB: 2048, attributes: [{name: 'disk', values: ['s s']}]},
    ],
    tasks: [
      {
        name: 'front',
        count: 6,
        cpuUnits: 512,
        memoryMiB: 1024,
        tcpPorts: [80, 443],
        group: 'front',
        constraints: [],
        strategies: [
          {type: 'spread', field: 'attribute:zone'},
          {type: 'binpack', field: 'cpu'},
        ],
      },
      {
        name: 'db:3',
        definition: 'db:3',
        count: 2,
        cpuUnits: 0,
        memoryMiB: 0,
        tcpPorts: [],
        constraints: [{type: 'distinctInstance'}, {type: 'memberOf', expression: 'attribute:disk == ssd'}],
        strategies: [],
      },
    ],
  }

  it('reads rows of instances and tasks', () => expect(parseScenario(`\ufeff${CSV}`, 'plan.csv')).to.deep.equal(SCENARIO))

  it('reads the same as JSON', () => {
    const text = JSON.stringify({
      instances: [
        {name: 'web', count: 4, cpu: 4096, memory: '16g', attributes: {zone: 'a|b'}},
        {cpu: 1024, memory: 2048, attributes: {disk: 's s'}},
      ],
      tasks: [
        {
          name: 'front',
          count: 6,
          cpu: 512,
          memory: 1024,
          ports: [80, 443],
          group: 'front',
          strategies: ['spread:attribute:zone', 'binpack:cpu'],
        },
        {count: 2, definition: 'db:3', constraints: ['distinctInstance', 'memberOf:attribute:disk == ssd']},
      ],
    })

    expect(parseScenario(text, 'plan.json')).to.deep.equal(SCENARIO)
  })

  it('tells every fault of JSON by its path', () => {
    const text =
      '{"instances":[{"cpu":"x","memory":"12q","attributes":{"a b":"x"}}],"tasks":[{"count":0},{"nme":1,"memory":5,"strategies":"foo","ports":[70000]}]}'

    expect(faultsOf(text)).to.deep.equal([
      '  instances[0].cpu: is no whole number of CPU units.',
      '  instances[0].memory: "12q" is not a size in whole MiB; give a number, or a number with a unit, such as 512, 512m or 2g.',
      '  instances[0].attributes.a b: names no attribute.',
      '  tasks[0].count: is less than 1.',
      '  tasks[0]: names neither a definition nor memory.',
      '  tasks[1].ports[0]: is no port.',
      '  tasks[1].strategies: "foo" is not a placement strategy: give random, binpack:FIELD or spread:FIELD.',
      '  tasks[1]: "nme" is no field here.',
    ])
  })

  it('tells every fault of CSV by its line', () => {
    expect(faultsOf('kind,cpu,memory,zone\ninstance,0,5,\n\ntask,1,,\ntask,1,5,a')).to.deep.equal([
      '  line 2, cpu: is less than 1.',
      '  line 4: names neither a definition nor memory.',
      '  line 5: "zone" is no field here.',
    ])
    expect(faultsOf('kind,cpu,memory,ports\ninstance,1,5,80')).to.deep.equal(['  line 2: "ports" is no field here.'])
    expect(faultsOf('kind,cpu\nhost,1')).to.deep.equal(['  line 2: its kind is "host"; it must be instance or task.'])
    expect(faultsOf('kind,cpu\ninstance,1,2')).to.deep.equal([
      '  it is no CSV: Invalid Record Length: columns length is 2, got 3 on line 2.',
    ])
  })

  it('says of what is neither what it is not', () => {
    expect(faultsOf('{"instances": [')).to.have.length(1)
    expect(faultsOf('')).to.deep.equal(['  it names neither instances nor tasks.'])
    expect(faultsOf('\ufeff{"tasks": [{"memory": 64}]}')).to.deep.equal([])
    expect(faultsOf('{"tasks": [{"cpu": 0.5, "memory": 64}, {"count": true, "memory": 64}]}')).to.deep.equal([
      '  tasks[0].cpu: is no whole number of CPU units.',
      '  tasks[1].count: is no whole number.',
    ])
    expect(faultsOf('{"hosts": []}')).to.deep.equal(['  "hosts" is no field here.'])
  })
})
