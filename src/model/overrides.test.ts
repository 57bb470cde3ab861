import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parseOverrides} from './overrides.js'

describe('parseOverrides', () => {
  it('reads all that ECS changes and we have', () => {
    const all = {
      containerOverrides: [
        {
          name: 'web',
          command: ['sh', '-c', ''],
          cpu: 0,
          environment: [{name: 'A', value: ''}],
          environmentFiles: [{value: 'arn:aws:s3:::bucket/web.env', type: 's3'}],
          memory: 64,
          memoryReservation: 6,
          resourceRequirements: [{type: 'GPU', value: 'ALL'}],
        },
        {name: 'helper'},
      ],
      cpu: '256',
      memory: '512',
      taskRoleArn: 'arn:aws:iam::111111111111:role/web',
      executionRoleArn: 'execution',
      ephemeralStorage: {sizeInGiB: 21},
    }

    expect(parseOverrides(JSON.stringify(all))).to.deep.equal(all)
    expect(parseOverrides('{}')).to.deep.equal({})
  })

  for (const [text, said] of [
    ['', 'not JSON'],
    ['[]', 'overrides must be a JSON object'],
    ['null', 'JSON object'],
    ['{"containerOverride":[]}', '"containerOverride"'],
    ['{"__proto__":{}}', '"__proto__"'],
    ['{"containerOverrides":{}}', 'overrides.containerOverrides must be a list'],
    ['{"containerOverrides":[{}]}', 'overrides.containerOverrides[0] needs the field name'],
    ['{"containerOverrides":[{"name":""}]}', 'empty'],
    ['{"containerOverrides":[{"name":"a"},{"name":"a"}]}', '"a" more than once'],
    ['{"containerOverrides":[{"name":"a","command":"date"}]}', 'command must be a list'],
    ['{"containerOverrides":[{"name":"a","command":["\\u0000"]}]}', 'command[0]'],
    ['{"containerOverrides":[{"name":"a","environment":[{"name":"A"}]}]}', 'environment[0] needs the field value'],
    ['{"containerOverrides":[{"name":"a","memory":"64"}]}', 'memory must be a number'],
    ['{"containerOverrides":[{"name":"a","environmentFiles":[{"value":"web.txt","type":"s3"}]}]}', 'ends in .env'],
    ['{"containerOverrides":[{"name":"a","environmentFiles":[{"value":"web.env","type":"file"}]}]}', 'type must be "s3"'],
    ['{"containerOverrides":[{"name":"a","resourceRequirements":[{"type":"NeuronDevice","value":"ALL"}]}]}', 'type must be "GPU"'],
    ['{"containerOverrides":[{"name":"a","resourceRequirements":[{"type":"GPU","value":"0"}]}]}', 'number of GPUs'],
    ['{"ephemeralStorage":{"sizeInGiB":20}}', 'from 21 to 200 GiB'],
    ['{"ephemeralStorage":{}}', 'sizeInGiB'],
    ['{"taskRoleArn":""}', 'empty'],
    ['{"memory":512}', 'in quotes'],
    ['{"cpu":"1 vCPU"}', 'in quotes'],
    [`{"cpu":"1"${' '.repeat(8192)}}`, '8192'],
  ] as const)
    it(`refuses ${text.slice(0, 70)}`, () => expectInvalid(() => parseOverrides(text), 'InvalidOverrides', said))

  it('refuses too little memory as --memory does', () =>
    expectInvalid(() => parseOverrides('{"containerOverrides":[{"name":"a","memory":3}]}'), 'InvalidSize', 'at least 6'))

  it('names what an instance cannot have', () =>
    expectInvalid(
      () => parseOverrides('{"inferenceAcceleratorOverrides":[]}'),
      'UnsupportedFeatureException',
      'overrides.inferenceAcceleratorOverrides',
    ))

  it('tells several faults at once', () => {
    const text = '{"cpu":1,"taskRole":"x","containerOverrides":[{"name":"a","memory":3,"command":["\\u0000",1]}]}'

    for (const said of ['overrides.cpu', '"taskRole"', 'at least 6', 'command[0]', 'command[1]'])
      expectInvalid(() => parseOverrides(text), 'InvalidOverrides', said)
  })
})
