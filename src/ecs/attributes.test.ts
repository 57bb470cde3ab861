import {expect} from 'chai'
import {aDocument, facts} from '../../test/support/build.js'
import {builtInAttributes, requiredAttributes} from './attributes.js'

const API = 'com.amazonaws.ecs.capability.docker-remote-api.1.'

describe('builtInAttributes', () => {
  it('tells zone and type as told, and leaves them out when they were not', () => {
    expect(builtInAttributes(facts(), {zone: 'home', instanceType: 'm5.large'})).to.include({
      'ecs.availability-zone': 'home',
      'ecs.instance-type': 'm5.large',
    })
    expect(builtInAttributes(facts(), {})).not.to.have.any.keys('ecs.availability-zone', 'ecs.instance-type')
  })

  for (const [architecture, said] of [
    ['x86_64', 'x86_64'],
    ['amd64', 'x86_64'],
    ['aarch64', 'arm64'],
    ['arm64', 'arm64'],
    ['armv7l', 'armv7l'],
    ['constructor', 'constructor'],
  ] as const)
    it(`calls ${architecture} ${said}`, () => expect(builtInAttributes(facts({architecture}), {})['ecs.cpu-architecture']).to.equal(said))

  it('has an attribute for each API from 1.17 to the newest that the engine speaks', () => {
    const apis = (apiVersion: string) => Object.keys(builtInAttributes(facts({apiVersion}), {})).filter((name) => name.startsWith(API))

    expect(apis('1.19')).to.deep.equal([17, 18, 19].map((minor) => `${API}${minor}`))
    expect(apis('1.52')).to.have.length(36)
    expect(apis('1.16')).to.deep.equal([])
    expect(apis('2.0')).to.deep.equal([])
    expect(apis('nonsense')).to.deep.equal([])
  })

  it('claims the logging drivers and security modules that the engine tells, and no others', () => {
    const attributes = builtInAttributes(
      facts({loggingDrivers: ['json-file'], securityOptions: ['name=selinux', 'name=seccomp,profile=apparmor']}),
      {},
    )

    expect(attributes).to.include({
      'com.amazonaws.ecs.capability.logging-driver.json-file': null,
      'com.amazonaws.ecs.capability.selinux': null,
    })
    expect(attributes).not.to.have.any.keys('com.amazonaws.ecs.capability.logging-driver.awslogs', 'com.amazonaws.ecs.capability.apparmor')
  })

  it('claims nothing of AWS', () => {
    expect(Object.keys(builtInAttributes(facts(), {})).filter((name) => /ecr|iam|secrets|eni|efs/.test(name))).to.deep.equal([])
  })
})

describe('requiredAttributes', () => {
  it('asks for the API that learned what the document uses, once', () => {
    expect(requiredAttributes(aDocument())).to.deep.equal([])

    const [container] = aDocument({memoryReservation: 32, stopTimeout: 5}).containerDefinitions
    expect(requiredAttributes({family: 'web', containerDefinitions: container ? [container, container] : []})).to.deep.equal([
      {name: `${API}21`},
      {name: `${API}25`},
    ])
  })

  it('asks for nothing that an engine of today does not have', () => {
    expect(builtInAttributes(facts(), {})).to.include.all.keys(
      ...requiredAttributes(aDocument({memoryReservation: 32, stopTimeout: 5})).map(({name}) => name),
    )
  })

  it('asks for what its containers use, for log drivers that are not AWS’s, and for the architecture by its value', () => {
    const used = aDocument({
      privileged: true,
      healthCheck: {command: ['CMD', 'true']},
      dependsOn: [{containerName: 'other', condition: 'START'}],
      logConfiguration: {logDriver: 'gelf'},
    })
    const attributes = requiredAttributes({...used, runtimePlatform: {cpuArchitecture: 'ARM64'}})

    expect(attributes).to.deep.equal([
      {name: 'com.amazonaws.ecs.capability.logging-driver.gelf'},
      {name: 'com.amazonaws.ecs.capability.privileged-container'},
      {name: 'ecs.capability.container-health-check'},
      {name: 'ecs.capability.container-ordering'},
      {name: 'ecs.cpu-architecture', value: 'arm64'},
    ])
    expect(requiredAttributes(aDocument({logConfiguration: {logDriver: 'awslogs'}}))).to.deep.equal([])
  })
})
