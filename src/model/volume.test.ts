import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parseVolumes} from './volume.js'

describe('parseVolumes', () => {
  it('makes a volume of a host path and of a name, each once', () => {
    expect(parseVolumes(['/srv/data:/data', 'cache:/cache:ro', '/srv/data:/again:rw'])).to.deep.equal({
      volumes: [
        {name: 'host-1', host: {sourcePath: '/srv/data'}},
        {name: 'cache', dockerVolumeConfiguration: {scope: 'shared', autoprovision: true}},
      ],
      mountPoints: [
        {sourceVolume: 'host-1', containerPath: '/data'},
        {sourceVolume: 'cache', containerPath: '/cache', readOnly: true},
        {sourceVolume: 'host-1', containerPath: '/again'},
      ],
    })
  })

  it('gives a host path no name that a volume bears', () => {
    expect(parseVolumes(['/a:/a', 'host-1:/b', '/c:/c']).volumes.map(({name}) => name)).to.deep.equal(['host-2', 'host-1', 'host-3'])
  })

  it('makes nothing of nothing', () => expect(parseVolumes([])).to.deep.equal({volumes: [], mountPoints: []}))

  for (const text of [
    '',
    '/data',
    '/a:b',
    'a:',
    ':/a',
    '/a:/',
    '/a:/b:z',
    '/a:/b:ro:rw',
    'a b:/c',
    './a:/b',
    '~/a:/b',
    '../a:/b',
    '/a\n:/b',
    '/a:/b\u001b',
    'C:\\a:/b',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseVolumes([text]), 'InvalidVolume'))

  it('refuses two volumes at one path', () => expectInvalid(() => parseVolumes(['a:/x', 'b:/x']), 'InvalidVolume', '"/x" twice'))
})
