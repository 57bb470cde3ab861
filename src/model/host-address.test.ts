import {expect} from 'chai'
import fc from 'fast-check'
import {expectInvalid} from '../../test/support/refusals.js'
import {type HostAddress, hostText, parseHost} from './host-address.js'

const tls = {caFile: '/ca.pem', certFile: '/cert.pem', keyFile: '/key.pem'}

describe('parseHost', () => {
  for (const [text, host] of [
    ['local', {kind: 'local'}],
    ['unix:///var/run/docker.sock', {kind: 'unix', path: '/var/run/docker.sock'}],
    ['ssh://db1', {kind: 'ssh', host: 'db1'}],
    ['ssh://db1/', {kind: 'ssh', host: 'db1'}],
    [
      'ssh://deploy@db1.example:2222/run/docker.sock',
      {kind: 'ssh', user: 'deploy', host: 'db1.example', port: 2222, socketPath: '/run/docker.sock'},
    ],
    ['ssh://me@corp@db1', {kind: 'ssh', user: 'me@corp', host: 'db1'}],
    ['ssh://[fe80::1]:22', {kind: 'ssh', host: '[fe80::1]', port: 22}],
    ['tcp://db1', {kind: 'tcp', host: 'db1', port: 2375}],
    ['tcp://10.0.0.1:9999', {kind: 'tcp', host: '10.0.0.1', port: 9999}],
  ] as const)
    it(`reads ${text}`, () => expect(parseHost(text)).to.deep.equal(host))

  it('gives TLS files to tcp only, whose port is then 2376', () => {
    expect(parseHost('tcp://db1', tls)).to.deep.equal({kind: 'tcp', host: 'db1', port: 2376, tls})
    expectInvalid(() => parseHost('ssh://db1', tls), 'InvalidHost', 'takes no TLS files')
  })

  for (const text of [
    '',
    'db1',
    'http://db1',
    'LOCAL',
    'unix://relative',
    'unix://',
    'ssh://',
    'ssh://-oProxyCommand=x',
    'ssh://-u@db1',
    'ssh://u@-db1',
    'ssh://u@db1:0',
    'ssh://u@db1:65536',
    'ssh://u@db1:x',
    'ssh://u:pw@db1',
    'ssh://a b',
    'ssh://db1;reboot',
    'ssh://db1/a:b',
    'ssh://$(id)@db1',
    'ssh://db1\n-oX',
    'tcp://',
    'tcp://db1:0',
    'tcp://db1/path',
    'unix:///a\u001b[2J',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseHost(text), 'InvalidHost'))
})

describe('hostText', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,20}[A-Za-z0-9]$/)
  const port = fc.integer({min: 1, max: 65_535})
  const path = fc.stringMatching(/^\/[A-Za-z0-9._-][A-Za-z0-9._ /-]{0,30}$/)
  const addresses: fc.Arbitrary<HostAddress> = fc.oneof(
    path.map((at) => ({kind: 'unix' as const, path: at})),
    fc.record(
      {kind: fc.constant('ssh' as const), host: name, user: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,10}$/), port, socketPath: path},
      {requiredKeys: ['kind', 'host']},
    ),
    fc.record({kind: fc.constant('tcp' as const), host: fc.oneof(name, fc.constant('[::1]')), port}),
  )

  it('always reads back as the address it was made of', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(parseHost(hostText(address))).to.deep.equal(address)
      }),
    )
  })
})
