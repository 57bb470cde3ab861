import {expect} from 'chai'
import fc from 'fast-check'
import {expectInvalid} from '../../test/support/refusals.js'
import {definitionOfImage} from './image-definition.js'
import {familyOfImage} from './image-family.js'
import {isName} from './names.js'
import {parsePublishedPorts} from './publish.js'
import {parseVolumes} from './volume.js'

describe('familyOfImage', () => {
  for (const [image, family] of [
    ['nginx', 'nginx'],
    ['nginx:1.25', 'nginx'],
    ['registry.example:5000/team/nginx:1@sha256:abc', 'nginx'],
    ['localhost:5000/app', 'app'],
    ['my.app_x-y', 'my-app_x-y'],
    ['app@sha256:0123/4', 'app'],
    ['', 'image'],
    ['a/', 'image'],
    [':1', 'image'],
  ] as const)
    it(`calls ${JSON.stringify(image)} ${family}`, () => expect(familyOfImage(image)).to.equal(family))

  it('always gives a valid name', () =>
    fc.assert(fc.property(fc.string({unit: 'binary', maxLength: 300}), (image) => isName(familyOfImage(image)))))
})

describe('definitionOfImage', () => {
  it('holds only what was asked for', () => {
    expect(definitionOfImage({image: 'alpine:3'})).to.deep.equal({
      family: 'alpine',
      containerDefinitions: [{name: 'alpine', image: 'alpine:3', essential: true}],
    })
    expect(definitionOfImage({image: 'alpine:3', command: [], environment: [], ports: [], volumes: parseVolumes([])})).to.deep.equal(
      definitionOfImage({image: 'alpine:3'}),
    )
  })

  it('holds everything that was asked for', () => {
    const document = definitionOfImage({
      image: 'nginx:1',
      memoryMiB: 64,
      cpuUnits: 0,
      command: ['sh', '-c', 'exit 3'],
      environment: [
        {name: 'A', value: '1'},
        {name: 'A', value: '2'},
      ],
      ports: parsePublishedPorts(['8080:80']),
      volumes: parseVolumes(['/srv:/data:ro']),
    })

    expect(document).to.deep.equal({
      family: 'nginx',
      containerDefinitions: [
        {
          name: 'nginx',
          image: 'nginx:1',
          essential: true,
          cpu: 0,
          memory: 64,
          command: ['sh', '-c', 'exit 3'],
          environment: [{name: 'A', value: '2'}],
          portMappings: [{containerPort: 80, hostPort: 8080, protocol: 'tcp'}],
          mountPoints: [{sourceVolume: 'host-1', containerPath: '/data', readOnly: true}],
        },
      ],
      volumes: [{name: 'host-1', host: {sourcePath: '/srv'}}],
    })
  })

  for (const image of [
    'a',
    'a.b__c--d_e/f:LATEST-1.0',
    'localhost:5000/app',
    'Registry.Example:5000/team/nginx:1.25',
    '[::1]:5000/app',
    `app:1@sha256:${'0'.repeat(64)}`,
    '0'.repeat(64),
    `sha256:${'0'.repeat(64)}`,
  ])
    it(`takes the image ${image.slice(0, 40)}`, () =>
      expect(definitionOfImage({image}).containerDefinitions[0]).to.have.property('image', image))

  for (const image of [
    'ALPINE:3',
    'registry.example/Team/app',
    'a/',
    'a//b',
    'a:',
    'a:b:c',
    'a:-1',
    'a@b',
    'a@sha256:0',
    'a__ _b',
    'a___b',
    'a..b',
    '-a',
    '',
    ' ',
    '-v',
    '--privileged',
    'a b',
    'a\nb',
    'a\n',
    '/a',
    'nginx\u001b[2J',
    'x'.repeat(256),
  ])
    it(`refuses the image ${JSON.stringify(image).slice(0, 30)}`, () => expectInvalid(() => definitionOfImage({image}), 'InvalidImage'))

  for (const memoryMiB of [0, 5, -64, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    it(`refuses ${memoryMiB} MiB`, () => expectInvalid(() => definitionOfImage({image: 'a', memoryMiB}), 'InvalidSize'))

  for (const cpuUnits of [-1, 0.5, Number.NaN])
    it(`refuses ${cpuUnits} CPU units`, () => expectInvalid(() => definitionOfImage({image: 'a', cpuUnits}), 'InvalidCpu'))
})
