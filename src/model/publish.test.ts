import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parsePublishedPorts} from './publish.js'

describe('parsePublishedPorts', () => {
  for (const [text, mapping] of [
    ['8080:80', {containerPort: 80, hostPort: 8080, protocol: 'tcp'}],
    ['53:53/udp', {containerPort: 53, hostPort: 53, protocol: 'udp'}],
    ['80', {containerPort: 80, protocol: 'tcp'}],
    ['0:80', {containerPort: 80, protocol: 'tcp'}],
    ['80/tcp', {containerPort: 80, protocol: 'tcp'}],
    ['65535:1', {containerPort: 1, hostPort: 65_535, protocol: 'tcp'}],
  ] as const)
    it(`reads ${text}`, () => expect(parsePublishedPorts([text])).to.deep.equal([mapping]))

  for (const [text, said] of [
    ['', 'not a port'],
    [':80', 'not a port'],
    ['80:', 'not a port'],
    ['0', 'not a port'],
    ['80:0', 'not a port'],
    ['65536:80', 'not a port'],
    ['80:99999', 'not a port'],
    ['-1:80', 'not a port'],
    ['+80', 'not a port'],
    ['8e1', 'not a port'],
    [' 80', 'not a port'],
    ['80/sctp', 'not a port'],
    ['80/', 'not a port'],
    ['80/tcp/udp', 'not a port'],
    ['http', 'not a port'],
    ['80\u202e', 'not a port'],
    ['8000-8010:80', 'range'],
    ['8000-8010', 'range'],
    ['127.0.0.1:8080:80', 'address'],
    ['[::1]:8080:80', 'address'],
  ] as const)
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parsePublishedPorts([text]), 'InvalidPort', said))

  it('keeps TCP apart from UDP, and refuses the same port twice', () => {
    expect(parsePublishedPorts(['53:53', '53:53/udp'])).to.have.length(2)
    expectInvalid(() => parsePublishedPorts(['80:80', '80:81']), 'InvalidPort', 'host port 80/tcp twice')
    expectInvalid(() => parsePublishedPorts(['80:80', '81:80']), 'InvalidPort', 'container port 80/tcp twice')
  })
})
