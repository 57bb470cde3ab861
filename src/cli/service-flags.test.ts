import {Parser} from '@oclif/core'
import {expect} from 'chai'
import {createServiceFlags, createServiceWanted, serviceOrInputArgs, updateServiceFlags, updateServiceWanted} from './service-flags.js'

const INPUT = {
  cluster: 'prod',
  serviceName: 'web',
  taskDefinition: 'web:3',
  desiredCount: 4,
  forceNewDeployment: true,
  deploymentConfiguration: {
    maximumPercent: 150,
    deploymentCircuitBreaker: {enable: true, rollback: false, thresholdConfiguration: {type: 'COUNT', value: 4}},
  },
} as const

const input = ['--cli-input-json', JSON.stringify(INPUT)]

async function create(...words: readonly string[]) {
  const {args, flags} = await Parser.parse([...words], {args: serviceOrInputArgs, flags: createServiceFlags})
  return createServiceWanted(flags, args.name)
}

async function update(...words: readonly string[]) {
  const {args, flags} = await Parser.parse([...words], {args: serviceOrInputArgs, flags: updateServiceFlags})
  return updateServiceWanted(flags, args.name)
}

describe('createServiceWanted', () => {
  it('takes everything from --cli-input-json', async () => {
    const {cluster, name, settings, taskDefinition} = await create(...input)

    expect({cluster, name, taskDefinition}).to.deep.equal({cluster: 'prod', name: 'web', taskDefinition: 'web:3'})
    expect(settings.desiredCount).to.equal(4)
    expect(settings.deploymentConfiguration).to.deep.include({maximumPercent: 150, minimumHealthyPercent: 100})
    expect(settings.deploymentConfiguration).not.to.have.property('isInferred')
    expect(settings.deploymentConfiguration.circuitBreaker).to.deep.include({
      enable: true,
      rollback: false,
      threshold: {type: 'COUNT', value: 4},
    })
  })

  it('lets flags win, and keeps of the breaker what they do not say', async () => {
    const words = [
      'shop',
      '-c',
      'test',
      '--task-definition',
      'shop',
      '--desired-count',
      '2',
      '--maximum-percent',
      '200',
      '--circuit-breaker',
    ]
    const {cluster, name, settings, taskDefinition} = await create(...words, ...input)

    expect({cluster, name, taskDefinition}).to.deep.equal({cluster: 'test', name: 'shop', taskDefinition: 'shop'})
    expect(settings.desiredCount).to.equal(2)
    expect(settings.deploymentConfiguration.maximumPercent).to.equal(200)
    expect(settings.deploymentConfiguration.circuitBreaker).to.deep.include({
      enable: true,
      rollback: true,
      threshold: {type: 'COUNT', value: 4},
    })
  })

  it('wants one task, and percentages that nobody said, of what is not told', async () => {
    const {settings} = await create('web', '--task-definition', 'web')

    expect(settings.desiredCount).to.equal(1)
    expect(settings.deploymentConfiguration).to.deep.include({maximumPercent: 200, minimumHealthyPercent: 100, isInferred: true})
  })

  it('leaves open what is not told, for the person to be asked', async () => {
    const {name, taskDefinition} = await create()

    expect({name, taskDefinition}).to.deep.equal({name: undefined, taskDefinition: undefined})
  })
})

describe('updateServiceWanted', () => {
  it('says only what --cli-input-json says', async () => {
    const {deployment, forceNewDeployment, name, settings, taskDefinition} = await update(
      '--cli-input-json',
      '{"service":"web","desiredCount":3}',
    )

    expect({deployment, forceNewDeployment, name, settings, taskDefinition}).to.deep.equal({
      deployment: {},
      forceNewDeployment: false,
      name: 'web',
      settings: {desiredCount: 3},
      taskDefinition: undefined,
    })
  })

  it('lets flags win', async () => {
    const {forceNewDeployment, settings} = await update('web', ...input, '--desired-count', '0')

    expect(forceNewDeployment).to.equal(true)
    expect(settings.desiredCount).to.equal(0)
  })
})
