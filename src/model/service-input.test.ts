import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parseServiceInput} from './service-input.js'

describe('parseServiceInput', () => {
  it('reads all that CreateService says and we have', () => {
    const all = {
      cluster: 'prod',
      serviceName: 'web',
      taskDefinition: 'web:3',
      desiredCount: 4,
      healthCheckGracePeriodSeconds: 20,
      placementConstraints: [{type: 'distinctInstance'}, {type: 'memberOf', expression: 'attribute:disk == ssd'}],
      placementStrategy: [
        {type: 'spread', field: 'attribute:ecs.availability-zone'},
        {type: 'binpack', field: 'memory'},
      ],
      propagateTags: 'SERVICE',
      tags: [{key: 'team', value: 'web'}, {key: 'bare'}],
      deploymentConfiguration: {
        maximumPercent: 150,
        minimumHealthyPercent: 50,
        deploymentCircuitBreaker: {enable: true, rollback: true, thresholdConfiguration: {type: 'COUNT', value: 4}},
      },
    }

    expect(parseServiceInput(JSON.stringify(all))).to.deep.equal({
      cluster: 'prod',
      name: 'web',
      taskDefinition: 'web:3',
      settings: {
        desiredCount: 4,
        healthCheckGracePeriodSeconds: 20,
        placementConstraints: [{type: 'distinctInstance'}, {type: 'memberOf', expression: 'attribute:disk == ssd'}],
        placementStrategies: [
          {type: 'spread', field: 'attribute:ecs.availability-zone'},
          {type: 'binpack', field: 'memory'},
        ],
        propagateTags: 'SERVICE',
        tags: {team: 'web', bare: ''},
      },
      configuration: {
        maximumPercent: 150,
        minimumHealthyPercent: 50,
        circuitBreaker: {enable: true, rollback: true, threshold: {type: 'COUNT', value: 4}},
      },
      notes: [],
    })
  })

  it('reads the service that UpdateService names, and that it is forced', () => {
    expect(parseServiceInput('{"service":"web","forceNewDeployment":true}')).to.deep.equal({
      name: 'web',
      forceNewDeployment: true,
      settings: {},
      configuration: {},
      notes: [],
    })
  })

  it('takes what has no effect here, and tells so', () => {
    const {notes, settings} = parseServiceInput('{"launchType":"EC2","networkConfiguration":{},"loadBalancers":[],"desiredCount":0}')

    expect(notes).to.deep.equal(['launchType has no effect here', 'networkConfiguration has no effect here'])
    expect(settings).to.deep.equal({desiredCount: 0})
  })

  for (const [text, code, said] of [
    ['', 'InvalidServiceInput', 'no JSON'],
    ['[]', 'InvalidServiceInput', 'an object'],
    ['null', 'InvalidServiceInput', 'an object'],
    ['{"desiredcount":1}', 'InvalidServiceInput', 'desiredCount is one'],
    ['{"__proto__":{}}', 'InvalidServiceInput', '"__proto__"'],
    ['{"constructor":{}}', 'InvalidServiceInput', '"constructor"'],
    ['{"desiredCount":-1}', 'InvalidServiceInput', 'desiredCount is a whole number from 0'],
    ['{"desiredCount":"2"}', 'InvalidServiceInput', 'desiredCount is a whole number'],
    ['{"desiredCount":1.5}', 'InvalidServiceInput', 'desiredCount is a whole number'],
    ['{"serviceName":""}', 'InvalidServiceInput', 'serviceName is a text'],
    ['{"tags":{"a":"b"}}', 'InvalidServiceInput', 'tags is a list'],
    ['{"tags":[{"value":"b"}]}', 'InvalidServiceInput', 'a key and a value'],
    ['{"propagateTags":"ALL"}', 'InvalidServiceInput', 'propagateTags is'],
    ['{"placementStrategy":[{"field":"cpu"}]}', 'InvalidServiceInput', 'placementStrategy has a type'],
    ['{"deploymentConfiguration":{"maximumPercent":99}}', 'InvalidServiceInput', 'maximumPercent is a whole number from 100 to 200'],
    ['{"deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":"yes"}}}', 'InvalidServiceInput', 'true or false'],
    [
      '{"deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":true,"thresholdConfiguration":{"type":"X"}}}}',
      'InvalidServiceInput',
      'BOUNDED_PERCENT',
    ],
    ['{"forceNewDeployment":"true"}', 'InvalidServiceInput', 'forceNewDeployment is'],
    ['{"schedulingStrategy":"ODD"}', 'InvalidServiceInput', 'REPLICA or DAEMON'],
    ['{"schedulingStrategy":"DAEMON"}', 'UnsupportedFeatureException', 'daemon deploy'],
    ['{"deploymentController":{"type":"EXTERNAL"}}', 'UnsupportedFeatureException', 'EXTERNAL'],
    ['{"loadBalancers":[{"containerName":"web"}]}', 'UnsupportedFeatureException', 'loadBalancers'],
    ['{"deploymentConfiguration":{"strategy":"BLUE_GREEN"}}', 'UnsupportedFeatureException', 'ROLLING'],
    ['{"deploymentConfiguration":{"alarms":{"enable":true}}}', 'UnsupportedFeatureException', 'alarms'],
    ['{"deploymentConfiguration":{"bakeTimeInMinutes":5}}', 'UnsupportedFeatureException', 'bakeTimeInMinutes'],
  ] as const)
    it(`refuses ${text || 'nothing'}`, () => expectInvalid(() => parseServiceInput(text), code, said))

  it('never quotes a text that is no JSON', () => {
    expect(() => parseServiceInput('hunter2'))
      .to.throw()
      .and.satisfy(({message}: Error) => !message.includes('hunter2'))
  })
})
